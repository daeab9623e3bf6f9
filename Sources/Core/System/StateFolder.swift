import Glibc

/// A folder that belongs to lamctl alone: `.lamctl` of a repository, what lies below it, or a folder for the time of
/// one run.
///
/// The repository may come from a stranger, who can have put links where lamctl keeps its state, so that what is
/// written or removed there would be somebody's home. Therefore the folder is reached step by step with `openat` and
/// `O_NOFOLLOW`: from the component `.lamctl` on (in a path without one: the last component) nothing may be a link, and
/// everything in the folder is reached from its open descriptor. Only its owner may look into it (0700; files 0600),
/// and `.lamctl` tells git to leave it alone.
package final class StateFolder: Sendable {
  /// The name of the folder in a repository.
  package static let name = ".lamctl"

  /// Where it is, for programs that need a path, and for messages.
  package let path: String
  let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Opens the folder at the absolute `path`, and makes it, and those above it, where they are missing.
  ///
  /// - Throws: ``SystemError``, also where a component is a link or belongs to another user.
  package static func make(_ path: String) throws(SystemError) -> StateFolder {
    guard let folder = try open(path, isMade: true) else {
      throw SystemError(operation: "open", subject: path, code: ENOENT)
    }
    return folder
  }

  /// Opens the folder at the absolute `path` to read; nil where nothing is.
  ///
  /// - Throws: ``SystemError``, also where a component is a link.
  package static func existing(_ path: String) throws(SystemError) -> StateFolder? {
    try open(path, isMade: false)
  }

  private static func open(_ path: String, isMade: Bool) throws(SystemError) -> StateFolder? {
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    guard path.utf8.first == UInt8(ascii: "/"), !parts.isEmpty else {
      throw SystemError(operation: "open", subject: path, code: EINVAL, note: "its path must be absolute")
    }
    let own = parts.firstIndex { $0.utf8.elementsEqual(name.utf8) } ?? parts.count - 1
    let above = "/" + parts[..<own].joined(separator: "/")
    if isMade { try Files.createFolder(above) }
    let descriptor = Glibc.open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if !isMade, errno == ENOENT || errno == ENOTDIR { return nil }
      throw .current("open", above)
    }
    var folder = StateFolder(path: own == 0 ? "" : above, descriptor: descriptor)
    for part in parts[own...] {
      guard let next = try folder.step(to: part, isMade: isMade) else { return nil }
      folder = next
    }
    return folder
  }

  /// The folder `name` in this one, made where it is missing.
  ///
  /// - Throws: ``SystemError``, also where it is a link.
  package func folder(_ name: String) throws(SystemError) -> StateFolder {
    guard let folder = try step(to: name, isMade: true) else { throw .current("open", path(of: name)) }
    return folder
  }

  /// The folder `name` in this one; nil where nothing is.
  ///
  /// - Throws: ``SystemError``, also where it is a link.
  package func existingFolder(_ name: String) throws(SystemError) -> StateFolder? {
    try step(to: name, isMade: false)
  }

  private func step(to name: String, isMade: Bool) throws(SystemError) -> StateFolder? {
    try Self.check(name)
    let shown = path(of: name)
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    var opened = openat(descriptor, name, flags)
    if opened < 0, errno == ENOENT {
      guard isMade else { return nil }
      guard mkdirat(descriptor, name, 0o700) == 0 || errno == EEXIST else {
        throw .current("create the folder", shown)
      }
      opened = openat(descriptor, name, flags)
    }
    guard opened >= 0 else { throw unfit(name, shown) }
    let folder = StateFolder(path: shown, descriptor: opened)
    if isMade { try folder.claim(isTop: name.utf8.elementsEqual(Self.name.utf8)) }
    return folder
  }

  private func unfit(_ name: String, _ shown: String) -> SystemError {
    let code = errno
    var status = stat()
    guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      return SystemError(operation: "open", subject: shown, code: code)
    }
    let note: String? =
      switch status.st_mode & S_IFMT {
      case S_IFLNK: "it is a link, and lamctl keeps its state in folders of its own only; remove the link"
      case S_IFDIR: nil
      default: "it is no folder; remove it"
      }
    return SystemError(operation: "open", subject: shown, code: code, note: note)
  }

  /// Takes away what others may do with it, and keeps git out of it.
  private func claim(isTop: Bool) throws(SystemError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .current("open", path) }
    let user = geteuid()
    guard status.st_uid == user || user == 0 else {
      throw SystemError(
        operation: "write in", subject: path, code: EPERM,
        note: "it belongs to another user; remove it, or work on a copy of the repository of your own")
    }
    if status.st_mode & 0o077 != 0, fchmod(descriptor, 0o700) != 0 { throw .current("protect", path) }
    guard isTop, !contains(".gitignore") else { return }
    try write(
      Array("# Made by lamctl for this machine; nothing here belongs into the repository.\n*\n".utf8),
      to: ".gitignore")
  }

  /// The absolute path of what is called `name` in it.
  package func path(of name: String) -> String { "\(path)/\(name)" }

  /// Throws unless `name` is one component of a path.
  static func check(_ name: String) throws(SystemError) {
    let bytes = name.utf8
    guard !bytes.isEmpty, !bytes.elementsEqual(".".utf8), !bytes.elementsEqual("..".utf8),
      !bytes.contains(UInt8(ascii: "/")), !bytes.contains(0)
    else {
      throw SystemError(operation: "use", subject: name, code: EINVAL, note: "it is no name of a file")
    }
  }
}
