extension JSONParser {
  mutating func string() throws(JSONSyntaxError) -> String {
    cursor.step(1)
    var text: [UInt8] = []
    while let byte = cursor.next {
      switch byte {
      case UInt8(ascii: "\""):
        cursor.step(1)
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        cursor.step(1)
        text += try escape()
      case 0..<0x20:
        throw cursor.fault("a line break or control character must be escaped inside a string")
      default:
        text.append(byte)
        cursor.step(1)
      }
    }
    throw cursor.fault("the string has no closing quote")
  }

  private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
    guard let byte = cursor.next else { throw cursor.fault("the string has no closing quote") }
    cursor.step()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"): return try unicode()
    default: throw cursor.fault("'\\\(Character(UnicodeScalar(byte)))' is no escape")
    }
  }

  private mutating func unicode() throws(JSONSyntaxError) -> [UInt8] {
    let first = try cursor.hexadecimal(4)
    var code = first
    if (0xD800..<0xDC00).contains(first) {
      guard cursor.isAt("\\u") else { throw cursor.fault("half of a surrogate pair") }
      cursor.step(2)
      let second = try cursor.hexadecimal(4)
      guard (0xDC00..<0xE000).contains(second) else { throw cursor.fault("half of a surrogate pair") }
      code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }
    guard let scalar = UnicodeScalar(code) else { throw cursor.fault("half of a surrogate pair") }
    return Array(String(Character(scalar)).utf8)
  }
}
