/// The sections and keys of a TOML file, as far as discovery needs them: manifests are held against their tools' rules
/// by the tools themselves.
struct SettingsText: Sendable {
  /// One `[section]` or `[[section]]` with what follows.
  struct Section: Sendable {
    /// Dotted, without quotes.
    let name: String
    /// Whether it is one of a list.
    let isElement: Bool
    /// Keys as they are written, without quotes, with the text of their values.
    var values: [(key: String, text: String)] = []

    /// The text of the value of `key`.
    subscript(_ key: String) -> String? { values.first { $0.key == key }?.text }
  }

  private(set) var sections: [Section] = [Section(name: "", isElement: false)]

  init(_ bytes: [UInt8]) {
    var key: String?
    var text: [UInt8] = []
    var balance = Balance()
    for raw in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let line = Self.trimmed(Self.withoutComment(raw))
      var value = line
      if key != nil {
        text.append(UInt8(ascii: " "))
      } else if line.first == UInt8(ascii: "[") {
        let inner = line.drop { $0 == UInt8(ascii: "[") }.prefix { $0 != UInt8(ascii: "]") }
        let isElement = line.dropFirst().first == UInt8(ascii: "[")
        sections.append(Section(name: Self.key(inner), isElement: isElement))
        continue
      } else if let equals = line.firstIndex(of: UInt8(ascii: "=")) {
        key = Self.key(line[..<equals])
        value = Self.trimmed(line[(equals + 1)...])
        balance = Balance()
        text = []
      }
      guard let found = key else { continue }
      text += value
      balance.take(value)
      guard balance.isClosed || text.count > Self.longestValue else { continue }
      sections[sections.count - 1].values.append((found, String(decoding: text, as: UTF8.self)))
      key = nil
    }
    if let key { sections[sections.count - 1].values.append((key, String(decoding: text, as: UTF8.self))) }
  }

  /// Where a value ends whatever is open.
  private static let longestValue = 1 << 16

  /// Whether brackets are open.
  private struct Balance {
    private var depth = 0

    var isClosed: Bool { depth <= 0 }

    mutating func take(_ bytes: ArraySlice<UInt8>) {
      // No string goes over the end of its line here.
      var quote: UInt8?
      for byte in bytes {
        if let open = quote {
          if byte == open { quote = nil }
          continue
        }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
        case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
        default: break
        }
      }
    }
  }

  /// The sections called `name`.
  func all(_ name: String) -> [Section] { sections.filter { $0.name == name } }

  /// The text of a value: of `key` in `section`.
  func value(_ section: String, _ key: String) -> String? {
    for found in all(section) { if let text = found[key] { return text } }
    return nil
  }

  /// What stands between the quotes of a string value.
  static func string(_ text: String?) -> String? {
    guard let text, let quote = text.first, quote == "\"" || quote == "'" else { return nil }
    let inner = text.dropFirst().prefix { $0 != quote }
    return String(inner)
  }

  /// The strings in an array, or those of all values in a text.
  static func strings(_ text: String?) -> [String] {
    guard let text else { return [] }
    var found: [String] = []
    var rest = Substring(text)
    while let start = rest.firstIndex(where: { $0 == "\"" || $0 == "'" }) {
      let quote = rest[start]
      let inner = rest[rest.index(after: start)...].prefix { $0 != quote }
      found.append(String(inner))
      rest = rest[inner.endIndex...].dropFirst()
    }
    return found
  }

  /// The text of `key` in an inline table.
  static func member(_ key: String, of table: String?) -> String? {
    guard let table, table.hasPrefix("{") else { return nil }
    for part in table.utf8.dropFirst().split(separator: UInt8(ascii: ",")) {
      let pair = Array(part).split(separator: UInt8(ascii: "="), maxSplits: 1)
      guard pair.count == 2, Self.key(pair[0]) == key else { continue }
      return String(decoding: trimmed(pair[1]), as: UTF8.self).trimmingSuffix { $0 == "}" || $0 == " " }
    }
    return nil
  }

  private static func key(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.filter { !"\"' \t".utf8.contains($0) }, as: UTF8.self)
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes.drop { $0 <= 0x20 }
    while let last = bytes.last, last <= 0x20 { bytes = bytes.dropLast() }
    return bytes
  }

  /// A # begins a comment where no string is open.
  private static func withoutComment(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard line.contains(UInt8(ascii: "#")) else { return line }
    var quote: UInt8?
    for index in line.indices {
      let byte = line[index]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: "#") {
        return line[..<index]
      }
    }
    return line
  }
}

extension String {
  /// Without the characters at its end that `predicate` holds for.
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
    var text = self[...]
    while let last = text.last, predicate(last) { text.removeLast() }
    return String(text)
  }
}
