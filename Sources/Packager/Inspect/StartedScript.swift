internal import Core

/// A script that Lambda starts itself, by its first line.
enum StartedScript {
  /// The longest first line that Linux reads.
  private static let longestLine = 256

  /// Whether the file at the absolute path `path` begins with `#!` and a line that ends with a carriage return, which
  /// Linux takes for a part of the interpreter's name.
  static func hasCarriageReturn(_ path: String) -> Bool {
    guard let bytes = try? FileStart.bytes(of: path, longestLine), bytes.starts(with: "#!".utf8),
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
    else { return false }
    return bytes[..<end].last == UInt8(ascii: "\r")
  }

  /// The words behind `#!` in the first line of the file at the absolute path `path`; nil where it cannot be read.
  static func interpreter(_ path: String) -> [String]? {
    guard let bytes = try? FileStart.bytes(of: path, longestLine), bytes.starts(with: "#!".utf8) else {
      return nil
    }
    let line = bytes.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    return String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\t" }.map(String.init)
  }
}
