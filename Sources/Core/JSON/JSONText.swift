/// How JSON is laid out as text.
package enum JSONLayout: Sendable {
  /// One line without spaces.
  case compact
  /// Two spaces a level, one member a line.
  case pretty
}

extension JSON {
  /// This value as JSON text; `sortedKeys` orders members by their names' bytes instead of as written.
  package func text(_ layout: JSONLayout = .compact, sortedKeys: Bool = false) -> String {
    var writer = JSONWriter(pretty: layout == .pretty, sortedKeys: sortedKeys)
    writer.write(self)
    return writer.text
  }
}

private struct JSONWriter {
  let pretty: Bool
  let sortedKeys: Bool
  var text = ""
  private var depth = 0

  init(pretty: Bool, sortedKeys: Bool) {
    self.pretty = pretty
    self.sortedKeys = sortedKeys
  }

  mutating func write(_ value: JSON) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let value): write(quoted: value)
    case .array(let elements):
      list("[", "]", elements) { writer, element in writer.write(element) }
    case .object(let object):
      let members =
        sortedKeys
        ? object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } : object.members
      list("{", "}", members) { writer, member in
        writer.write(quoted: member.key)
        writer.text += writer.pretty ? ": " : ":"
        writer.write(member.value)
      }
    }
  }

  private mutating func list<Element>(
    _ open: String, _ close: String, _ elements: [Element], _ each: (inout JSONWriter, Element) -> Void
  ) {
    text += open
    depth += 1
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      newline()
      each(&self, element)
    }
    depth -= 1
    if !elements.isEmpty { newline() }
    text += close
  }

  private mutating func newline() {
    guard pretty else { return }
    text += "\n" + String(repeating: "  ", count: depth)
  }

  private mutating func write(quoted value: String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where PlainText.isHidden(scalar): write(escaped: scalar)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// What no terminal and no editor may act on when it shows the document.
  private mutating func write(escaped scalar: UnicodeScalar) {
    for unit in String(Character(scalar)).utf16 {
      text += "\\u" + Hex.encode([UInt8(unit >> 8), UInt8(unit & 0xff)])
    }
  }
}
