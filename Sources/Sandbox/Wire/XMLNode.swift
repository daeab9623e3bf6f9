/// An element of a small XML document, as clients send them to S3.
///
/// Namespaces and attributes mean nothing here; document types, processing instructions and CDATA are refused.
struct XMLNode: Hashable, Sendable {
  /// The most bytes of a document.
  static let longest = 1 << 20
  /// The most elements within each other.
  static let deepest = 16

  var name: String
  var children: [XMLNode] = []
  /// What stands directly between its tags, with entities resolved.
  var text = ""

  /// All children of this name.
  func all(_ name: String) -> [XMLNode] { children.filter { $0.name == name } }
  /// The text of the first child of this name, without blanks around it.
  func value(_ name: String) -> String? { children.first { $0.name == name }?.text.trimmed }

  /// Nil for what is no such document.
  init?(parsing bytes: [UInt8]) {
    guard bytes.count <= Self.longest, String(validating: bytes, as: UTF8.self) != nil else { return nil }
    var reader = XMLReader(bytes)
    guard let root = reader.document() else { return nil }
    self = root
  }

  init(name: String) { self.name = name }
}

/// Reads a document in one pass.
private struct XMLReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() -> XMLNode? {
    skipBlanks()
    if isAt("<?xml") {
      guard skip(behind: "?>") else { return nil }
    }
    guard skipMisc(), isAt("<"), let root = element(depth: 1), skipMisc() else { return nil }
    return index == bytes.count ? root : nil
  }

  /// Blanks and comments; false for a comment without an end.
  private mutating func skipMisc() -> Bool {
    while true {
      skipBlanks()
      guard isAt("<!--") else { return true }
      guard skip(behind: "-->") else { return false }
    }
  }

  private mutating func element(depth: Int) -> XMLNode? {
    guard depth <= XMLNode.deepest, take("<"), let name = name() else { return nil }
    var node = XMLNode(name: name)
    guard let isEmpty = restOfTag() else { return nil }
    if isEmpty { return node }
    var text: [UInt8] = []
    while index < bytes.count {
      if isAt("</") {
        index += 2
        guard self.name() == name else { return nil }
        skipBlanks()
        guard take(">") else { return nil }
        node.text = String(decoding: text, as: UTF8.self)
        return node
      }
      if isAt("<!--") {
        guard skip(behind: "-->") else { return nil }
      } else if isAt("<") {
        guard let child = element(depth: depth + 1) else { return nil }
        node.children.append(child)
      } else if isAt("&") {
        guard let scalar = entity() else { return nil }
        text += Array(String(Character(scalar)).utf8)
      } else {
        text.append(bytes[index])
        index += 1
      }
    }
    return nil
  }

  /// The attributes and the end of an opening tag: whether it has no content; nil where it has no end.
  private mutating func restOfTag() -> Bool? {
    var quote: UInt8?
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        return bytes[index - 2] == UInt8(ascii: "/")
      } else if byte == UInt8(ascii: "<") {
        return nil
      }
    }
    return nil
  }

  /// A name without the prefix of its namespace.
  private mutating func name() -> String? {
    let start = index
    while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
    let name = String(decoding: bytes[start..<index], as: UTF8.self)
    return name.split(separator: ":").last.map(String.init)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: ":"),
      128...255:
      true
    default: false
    }
  }

  private mutating func entity() -> UnicodeScalar? {
    index += 1
    let start = index
    while index < bytes.count, index - start < 10, bytes[index] != UInt8(ascii: ";") { index += 1 }
    let name = String(decoding: bytes[start..<index], as: UTF8.self)
    guard take(";") else { return nil }
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.hasPrefix("#") else { return nil }
      let digits = name.dropFirst()
      let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return number.flatMap(UnicodeScalar.init)
    }
  }

  private func isAt(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard index + count <= bytes.count else { return false }
    for offset in 0..<count where bytes[index + offset] != word.utf8Start[offset] { return false }
    return true
  }

  private mutating func take(_ word: StaticString) -> Bool {
    guard isAt(word) else { return false }
    index += word.utf8CodeUnitCount
    return true
  }

  private mutating func skip(behind word: StaticString) -> Bool {
    while index < bytes.count {
      if take(word) { return true }
      index += 1
    }
    return false
  }

  private mutating func skipBlanks() {
    while index < bytes.count, [9, 10, 13, 32].contains(bytes[index]) { index += 1 }
  }
}
