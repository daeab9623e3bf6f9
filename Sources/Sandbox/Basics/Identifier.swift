internal import Core

/// A random UUID (RFC 9562, version 4) in lower case: RevisionIds and request ids.
enum Identifier {
  static func uuid() -> String {
    var high = UInt64.random(in: 0 ... .max)
    var low = UInt64.random(in: 0 ... .max)
    high = high & ~0xF000 | 0x4000
    low = low & ~(0b11 << 62) | 0b10 << 62
    var bytes: [UInt8] = []
    withUnsafeBytes(of: high.bigEndian) { bytes += $0 }
    withUnsafeBytes(of: low.bigEndian) { bytes += $0 }
    let hex = Array(Hex.encode(bytes).utf8)
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
      .map { String(decoding: hex[$0], as: UTF8.self) }.joined(separator: "-")
  }
}
