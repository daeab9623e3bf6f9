internal import Core
import Glibc

/// The first bytes of files, which tell what they are.
enum FileStart {
  /// At most `count` bytes of the file at the absolute path `path`.
  static func bytes(of path: String, _ count: Int) throws(SystemError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(operation: "read", subject: path, code: errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = read(descriptor, &bytes, count)
    return Array(bytes.prefix(max(0, got)))
  }
}
