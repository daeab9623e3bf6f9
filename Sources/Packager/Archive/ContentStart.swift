internal import Core
import Glibc

/// The first four bytes of content as one number, the first byte in front; 0 where there are fewer.
enum ContentStart {
  /// That of the file at the absolute path `path`.
  static func word(of path: String) throws(SystemError) -> UInt32 {
    let file = try RegularFile(path)
    var bytes: [UInt8] = [0, 0, 0, 0]
    return read(file.descriptor, &bytes, bytes.count) == bytes.count ? bytes.withUnsafeBytes(word) : 0
  }

  /// That of content which begins with `bytes`.
  static func word(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    bytes.count < 4 ? 0 : bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
