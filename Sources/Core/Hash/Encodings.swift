/// Hexadecimal text.
package enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two lower-case digits a byte.
  package static func encode(_ bytes: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
      var index = 0
      for byte in bytes {
        buffer[index] = digits[Int(byte >> 4)]
        buffer[index + 1] = digits[Int(byte & 15)]
        index += 2
      }
      return index
    }
  }

  /// The bytes that `text` names; nil when it is not an even number of hexadecimal digits.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.map { digit -> UInt8 in
      switch digit {
      case 48...57: digit - 48
      case 65...70: digit - 55
      case 97...102: digit - 87
      default: 255
      }
    }
    guard digits.count.isMultiple(of: 2), !digits.contains(255) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}

/// Base64 with the standard alphabet and padding (RFC 4648, section 4).
package enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The encoded form of `bytes`.
  package static func encode(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { buffer in
      var out = 0
      var index = 0
      while index < bytes.count {
        let left = bytes.count - index
        let a = bytes[index]
        let b = left > 1 ? bytes[index + 1] : 0
        let c = left > 2 ? bytes[index + 2] : 0
        buffer[out] = alphabet[Int(a >> 2)]
        buffer[out + 1] = alphabet[Int((a & 3) << 4 | b >> 4)]
        buffer[out + 2] = left > 1 ? alphabet[Int((b & 15) << 2 | c >> 6)] : UInt8(ascii: "=")
        buffer[out + 3] = left > 2 ? alphabet[Int(c & 63)] : UInt8(ascii: "=")
        out += 4
        index += 3
      }
      return out
    }
  }

  /// The bytes that `text` encodes; nil when it is not base64. White space is not accepted.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 4) else { return nil }
    var padding = 0
    while padding < 2, digits.last == UInt8(ascii: "=") {
      digits.removeLast()
      padding += 1
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count * 3 / 4)
    var pending: UInt32 = 0
    var bits: UInt32 = 0
    for digit in digits {
      let value: UInt32
      switch digit {
      case 65...90: value = UInt32(digit) - 65
      case 97...122: value = UInt32(digit) - 71
      case 48...57: value = UInt32(digit) + 4
      case 43: value = 62
      case 47: value = 63
      default: return nil
      }
      pending = pending << 6 | value
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: pending >> bits))
      }
    }
    return bytes
  }
}
