import Glibc

/// An open file that is certain to be a file: no pipe that nobody writes to, no device that never ends, no folder.
///
/// Everything that lamctl reads goes through it, because any file may come from a stranger, or be a link to anything on
/// the machine. It is opened with `O_NONBLOCK`, so that a pipe cannot hold the caller up before it is looked at.
package struct RegularFile: ~Copyable {
  /// How a path is taken that ends in a link.
  package enum Links: Sendable {
    /// The file behind it is meant.
    case followed
    /// It is refused.
    case refused
  }

  /// For `read` and its kind.
  package let descriptor: Int32
  /// What the system knew of the file when it was opened.
  package let status: FileStatus
  private let path: String

  /// Opens the file at `path`.
  ///
  /// - Throws: ``SystemError``; its ``SystemError/note`` says what is there instead of a file.
  package init(_ path: String, links: Links = .followed) throws(SystemError) {
    try self.init(path, in: AT_FDCWD, links: links, shown: path)
  }

  /// Opens the file at `path` from the folder of the descriptor `folder`; errors call it `shown`.
  init(_ path: String, in folder: Int32, links: Links, shown: String) throws(SystemError) {
    let links = links == .refused ? O_NOFOLLOW : 0
    let opened = openat(folder, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | links)
    guard opened >= 0 else {
      let isLink = errno == ELOOP && links != 0
      throw SystemError(
        operation: "read", subject: shown, code: errno,
        note: isLink ? "it is a link, and a file is needed here" : nil)
    }
    var found = stat()
    guard fstat(opened, &found) == 0 else {
      let error = SystemError.current("read", shown)
      close(opened)
      throw error
    }
    let status = FileStatus(found)
    guard status.isFile else {
      close(opened)
      throw Self.unfit(status.kind, shown)
    }
    descriptor = opened
    self.status = status
    self.path = shown
  }

  deinit { close(descriptor) }

  /// The whole content.
  ///
  /// - Parameter limit: the most bytes to accept; a longer file is an error with `EFBIG`, found before it is read where
  ///   the system knows the length.
  /// - Throws: ``SystemError``.
  package func content(limit: Int) throws(SystemError) -> [UInt8] {
    guard status.size <= limit else { throw Files.tooLarge(path, limit: limit) }
    return try Files.readAll(from: descriptor, path: path, limit: limit, expected: status.size)
  }

  private static func unfit(_ kind: mode_t, _ path: String) -> SystemError {
    let (code, what) =
      switch kind {
      case S_IFDIR: (EISDIR, "a folder")
      case S_IFIFO: (EINVAL, "a named pipe")
      case S_IFSOCK: (EINVAL, "a socket")
      case S_IFCHR, S_IFBLK: (EINVAL, "a device")
      default: (EINVAL, "no regular file")
      }
    return SystemError(
      operation: "read", subject: path, code: code, note: "it is \(what), and a file is needed here")
  }
}
