internal import Core
import Glibc

/// The first bytes of files, which tell what they are.
enum FileStart {
  /// At most `count` bytes of the file at the absolute path `path`.
  static func bytes(of path: String, _ count: Int) throws(SystemError) -> [UInt8] {
    let file = try RegularFile(path)
    var bytes = [UInt8](repeating: 0, count: count)
    let got = read(file.descriptor, &bytes, count)
    return Array(bytes.prefix(max(0, got)))
  }
}
