internal import Core

/// The subset of CBOR (RFC 8949) that the Smithy RPC protocol uses.
enum CBOR {
  /// Bytes that are not the CBOR that was expected.
  struct Malformed: Error {}

  /// `value` as CBOR; moments are tag 1 with a double.
  static func encode(_ value: WireValue) -> [UInt8] {
    var bytes: [UInt8] = []
    append(value, to: &bytes)
    return bytes
  }

  private static func append(_ value: WireValue, to bytes: inout [UInt8]) {
    switch value {
    case .text(let text):
      head(3, UInt64(text.utf8.count), to: &bytes)
      bytes += text.utf8
    case .int(let value):
      if value >= 0 { head(0, UInt64(value), to: &bytes) } else { head(1, UInt64(-1 - value), to: &bytes) }
    case .double(let value): append(value, to: &bytes)
    case .bool(let value): bytes.append(value ? 0xF5 : 0xF4)
    case .moment(let moment):
      bytes.append(0xC1)
      append(moment.seconds, to: &bytes)
    case .list(let values):
      head(4, UInt64(values.count), to: &bytes)
      for value in values { append(value, to: &bytes) }
    case .map(let members):
      head(5, UInt64(members.count), to: &bytes)
      for (name, value) in members {
        append(.text(name), to: &bytes)
        append(value, to: &bytes)
      }
    }
  }

  private static func append(_ value: Double, to bytes: inout [UInt8]) {
    bytes.append(0xFB)
    withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes += $0 }
  }

  private static func head(_ type: UInt8, _ value: UInt64, to bytes: inout [UInt8]) {
    let major = type << 5
    switch value {
    case 0..<24: bytes.append(major | UInt8(value))
    case 24..<256: bytes += [major | 24, UInt8(value)]
    case 256..<65_536:
      bytes.append(major | 25)
      withUnsafeBytes(of: UInt16(value).bigEndian) { bytes += $0 }
    case 65_536..<4_294_967_296:
      bytes.append(major | 26)
      withUnsafeBytes(of: UInt32(value).bigEndian) { bytes += $0 }
    default:
      bytes.append(major | 27)
      withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
    }
  }

  /// The value in `bytes`, as the JSON protocols would have it: a tagged moment is its number, bytes are base64.
  static func decode(_ bytes: [UInt8]) throws(Malformed) -> JSON {
    guard !bytes.isEmpty else { return .object(JSONObject()) }
    var reader = Reader(bytes: bytes)
    return try reader.value()
  }

  private struct Reader {
    let bytes: [UInt8]
    var index = 0
    var depth = 0

    mutating func value() throws(Malformed) -> JSON {
      depth += 1
      defer { depth -= 1 }
      guard depth < 64 else { throw Malformed() }
      let first = try byte()
      let (type, info) = (first >> 5, first & 31)
      switch type {
      case 0: return .number(String(try argument(info)))
      case 1: return .number("-" + String(try argument(info) + 1))
      case 2: return .string(Base64.encode(try content(info, type: type)))
      case 3: return .string(String(decoding: try content(info, type: type), as: UTF8.self))
      case 4: return .array(try elements(info))
      case 5: return .object(try members(info))
      case 6:
        _ = try argument(info)
        return try value()
      default: return try simple(info)
      }
    }

    private mutating func byte() throws(Malformed) -> UInt8 {
      guard index < bytes.count else { throw Malformed() }
      defer { index += 1 }
      return bytes[index]
    }

    private mutating func argument(_ info: UInt8) throws(Malformed) -> UInt64 {
      guard info >= 24 else { return UInt64(info) }
      guard info <= 27 else { throw Malformed() }
      var value: UInt64 = 0
      for _ in 0..<(1 << (info - 24)) { value = value << 8 | UInt64(try byte()) }
      guard value < 1 << 62 else { throw Malformed() }
      return value
    }

    /// A string; one of indefinite length is the pieces up to the break.
    private mutating func content(_ info: UInt8, type: UInt8) throws(Malformed) -> [UInt8] {
      if info == 31 {
        var whole: [UInt8] = []
        while try !isBreak() {
          let first = try byte()
          guard first >> 5 == type, first & 31 != 31 else { throw Malformed() }
          whole += try content(first & 31, type: type)
        }
        return whole
      }
      let count = try argument(info)
      guard count <= UInt64(bytes.count - index) else { throw Malformed() }
      defer { index += Int(count) }
      return Array(bytes[index..<index + Int(count)])
    }

    private mutating func isBreak() throws(Malformed) -> Bool {
      guard index < bytes.count else { throw Malformed() }
      guard bytes[index] == 0xFF else { return false }
      index += 1
      return true
    }

    private mutating func elements(_ info: UInt8) throws(Malformed) -> [JSON] {
      var values: [JSON] = []
      if info == 31 {
        while try !isBreak() { values.append(try value()) }
        return values
      }
      let count = try argument(info)
      guard count <= UInt64(bytes.count) else { throw Malformed() }
      for _ in 0..<count { values.append(try value()) }
      return values
    }

    private mutating func members(_ info: UInt8) throws(Malformed) -> JSONObject {
      var object = JSONObject()
      var left = info == 31 ? UInt64.max : try argument(info)
      while left > 0 {
        if info == 31, try isBreak() { break }
        guard case .string(let key) = try value() else { throw Malformed() }
        let member = try value()
        if member != .null { object[key] = member }
        left -= 1
      }
      return object
    }

    private mutating func simple(_ info: UInt8) throws(Malformed) -> JSON {
      switch info {
      case 20: return .bool(false)
      case 21: return .bool(true)
      case 22, 23: return .null
      case 26:
        var bits: UInt32 = 0
        for _ in 0..<4 { bits = bits << 8 | UInt32(try byte()) }
        return .double(Double(Float(bitPattern: bits)))
      case 27:
        var bits: UInt64 = 0
        for _ in 0..<8 { bits = bits << 8 | UInt64(try byte()) }
        return .double(Double(bitPattern: bits))
      default: throw Malformed()
      }
    }
  }
}
