import Glibc

/// A lock on a file that ends with this value, or with the process, however that ends.
package final class HeldLock: Sendable {
  private let folder: StateFolder
  private let name: String
  private let descriptor: Int32

  fileprivate init(folder: StateFolder, name: String, descriptor: Int32) {
    self.folder = folder
    self.name = name
    self.descriptor = descriptor
  }

  deinit {
    // While it is held: whoever has opened the file meanwhile sees that it is gone, and makes another.
    try? folder.remove(name)
    close(descriptor)
  }
}

extension StateFolder {
  /// Opens the file `name` for a lock that this process holds until it lets go of it; nil while another holds it.
  ///
  /// - Throws: ``SystemError``.
  package func lock(_ name: String) throws(SystemError) -> Int32? {
    try Self.check(name)
    let file = openat(descriptor, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .current("open", path(of: name)) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let error = SystemError.current("lock", path(of: name))
      close(file)
      if error.code == EWOULDBLOCK { return nil }
      throw error
    }
    return file
  }

  /// Whether another process holds the lock `name`.
  package func isLocked(_ name: String) -> Bool {
    let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Takes the lock `name`, whose file is gone when it is let go of; nil while anybody else holds it, be it another
  /// thread of this process.
  ///
  /// - Throws: ``SystemError``.
  package func take(_ name: String) throws(SystemError) -> HeldLock? {
    while let file = try lock(name) {
      var opened = stat()
      var named = stat()
      // The one that held it before has removed the file that was opened here.
      if fstat(file, &opened) == 0, fstatat(descriptor, name, &named, AT_SYMLINK_NOFOLLOW) == 0,
        opened.st_ino == named.st_ino
      {
        return HeldLock(folder: self, name: name, descriptor: file)
      }
      close(file)
    }
    return nil
  }

  /// Takes the folder itself until this value, or the process, ends; false while anybody else has it, be it another
  /// value for the same folder in this process, and where it is no longer what its path names.
  ///
  /// Whoever wants to remove a folder that may be in use takes it first. One that is just being made can be lost to such
  /// a visitor, but is never removed once it is taken.
  package func take() -> Bool {
    var opened = stat()
    var named = stat()
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0 && fstat(descriptor, &opened) == 0
      && lstat(path, &named) == 0 && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }

  /// The new folder `name`, marked as in use for as long as this value, or the process, lives.
  ///
  /// - Throws: ``SystemError``, also where it is there already (EEXIST), and where somebody who tidies up came between
  ///   its making and its taking (EBUSY or ENOENT): another name then is as good.
  package func makeUsed(_ name: String) throws(SystemError) -> StateFolder {
    guard !contains(name) else {
      throw SystemError(operation: "create the folder", subject: path(of: name), code: EEXIST)
    }
    let made = try folder(name)
    // Whoever tidies up may have been between the two.
    guard made.take() else {
      throw SystemError(operation: "use the folder", subject: path(of: name), code: EBUSY)
    }
    return made
  }

  /// The new folder `prefix` with six random letters in the system's folder for temporary files, taken.
  ///
  /// - Throws: ``SystemError``.
  package static func makeTemporary(prefix: String) throws(SystemError) -> StateFolder {
    var path = ""
    for _ in 0..<makings {
      path = try Files.makeTemporaryFolder(prefix: prefix)
      if let folder = try existing(path), folder.take() { return folder }
    }
    throw SystemError(operation: "use the folder", subject: path, code: EBUSY)
  }

  /// How often a folder is made before one is taken: it is lost only to a visitor that comes between its making and its
  /// taking, so that a second one hardly ever is needed.
  private static let makings = 16

  /// Removes whatever has a name of one of `forms` and is in use by no process: what a killed one has left behind.
  ///
  /// - Returns: how much that was.
  /// - Throws: ``SystemError``.
  @discardableResult
  package func removeUnused(_ forms: [NameForm]) throws(SystemError) -> Int {
    var count = 0
    for name in try names() where forms.contains(where: { $0.matches(name) }) {
      let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard file >= 0 else { continue }
      defer { close(file) }
      var opened = stat()
      var named = stat()
      // Once it is locked only this process may take the name away; whoever was first has put another there.
      guard flock(file, LOCK_EX | LOCK_NB) == 0, fstat(file, &opened) == 0,
        fstatat(descriptor, name, &named, AT_SYMLINK_NOFOLLOW) == 0, opened.st_ino == named.st_ino
      else { continue }
      try remove(name)
      count += 1
    }
    return count
  }
}
