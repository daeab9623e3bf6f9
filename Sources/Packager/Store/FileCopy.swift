internal import Core
import Glibc

/// Copies files.
enum FileCopy {
  /// Copies the file at `source` to the new file at `path`, both absolute.
  ///
  /// - Parameter limit: the most bytes there may be.
  static func copy(
    _ source: String, links: RegularFile.Links, to path: String, limit: Int
  ) throws(SystemError) {
    let input = try RegularFile(source, links: links)
    let output = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw SystemError(operation: "write", subject: path, code: errno) }
    defer { close(output) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var left = limit
    while true {
      let count = read(input.descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemError(operation: "read", subject: source, code: errno) }
      guard count > 0 else { return }
      left -= count
      guard left >= 0 else { throw SystemError(operation: "read", subject: source, code: EFBIG) }
      try Files.write(Array(buffer[..<count]), to: output, path: path)
    }
  }
}
