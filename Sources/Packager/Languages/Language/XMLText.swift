internal import Core

/// A piece of XML as manifests have it: `pom.xml`, `*.csproj`.
struct XMLElement: Hashable, Sendable {
  /// Without its name space.
  var name: String
  var attributes: [String: String] = [:]
  /// The text directly in it, without white space around.
  var text = ""
  var children: [XMLElement] = []

  /// The first child called `name`.
  subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// All children called `name`.
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// All elements below it called `name`.
  func below(_ name: String) -> [XMLElement] {
    children.flatMap { ($0.name == name ? [$0] : []) + $0.below(name) }
  }
}

/// Reads XML as far as manifests need it: elements, attributes and text. What is deeper than ``deepest`` is passed over.
struct XMLText {
  /// Why XML cannot be read.
  struct Fault: Error {
    let line: Int
    let reason: String
  }

  static let deepest = 64

  private let bytes: [UInt8]
  private var index = 0
  private var open: [XMLElement] = []
  private var root: XMLElement?

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The outermost element of `bytes`.
  static func element(_ bytes: [UInt8]) throws(Fault) -> XMLElement {
    var reader = XMLText(bytes)
    try reader.run()
    guard let root = reader.root, reader.open.isEmpty else {
      throw reader.fault("the element <\(reader.open.last?.name ?? "?")> has no end")
    }
    return root
  }

  /// What is wrong with the XML of `file`, if anything.
  static func fault(in bytes: [UInt8], of file: RepositoryPath) -> PackagerError? {
    do throws(Fault) {
      _ = try element(bytes)
      return nil
    } catch {
      return .config(location: "\(file):\(error.line)", reason: "it is no XML: \(error.reason)")
    }
  }

  private func fault(_ reason: String) -> Fault {
    Fault(line: bytes[..<min(index, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1, reason: reason)
  }

  private mutating func run() throws(Fault) {
    while index < bytes.count {
      if bytes[index] != UInt8(ascii: "<") {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
        if let last = open.indices.last { open[last].text += Self.plain(bytes[start..<index]) }
      } else if starts("<!--") {
        try skip(past: "-->")
      } else if starts("<![CDATA[") {
        try skip(past: "]]>")
      } else if starts("<?") {
        try skip(past: "?>")
      } else if starts("<!") {
        try skip(past: ">")
      } else {
        try tag()
      }
    }
  }

  private func starts(_ text: String) -> Bool { bytes[index...].starts(with: text.utf8) }

  private mutating func skip(past end: String) throws(Fault) {
    let end = Array(end.utf8)
    while index < bytes.count {
      if bytes[index] == end[0], bytes[index...].starts(with: end) {
        index += end.count
        return
      }
      index += 1
    }
    throw fault("it ends before \(String(decoding: end, as: UTF8.self))")
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...58, 65...90, 45, 46, 95, 97...122, 128...: true
    default: false
    }
  }

  private mutating func name() -> String {
    let start = index
    while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
    let text = bytes[start..<index]
    let local = text.lastIndex(of: UInt8(ascii: ":")).map { text[($0 + 1)...] } ?? text
    return String(decoding: local, as: UTF8.self)
  }

  private mutating func space() {
    while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
  }

  private mutating func tag() throws(Fault) {
    index += 1
    let isEnd = index < bytes.count && bytes[index] == UInt8(ascii: "/")
    if isEnd { index += 1 }
    let name = name()
    guard !name.isEmpty else { throw fault("a < begins no element") }
    if isEnd {
      try skip(past: ">")
      guard let last = open.last, last.name == name else {
        throw fault("</\(name)> ends what is not open")
      }
      return close()
    }
    guard open.count < Self.deepest, root == nil else { throw fault("<\(name)> is nested too deep") }
    open.append(XMLElement(name: name))
    try attributes()
  }

  private mutating func attributes() throws(Fault) {
    while true {
      space()
      guard index < bytes.count else { throw fault("it ends inside of an element") }
      if bytes[index] == UInt8(ascii: ">") {
        index += 1
        return
      }
      if bytes[index] == UInt8(ascii: "/") {
        try skip(past: ">")
        return close()
      }
      let key = name()
      guard !key.isEmpty else { throw fault("an attribute has no name") }
      space()
      guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { continue }
      index += 1
      space()
      guard index < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[index]) else {
        throw fault("the attribute \(key) has no value")
      }
      let quote = bytes[index]
      index += 1
      let start = index
      while index < bytes.count, bytes[index] != quote { index += 1 }
      if let last = open.indices.last {
        open[last].attributes[key] = Self.plain(bytes[start..<min(index, bytes.count)])
      }
      index += 1
    }
  }

  private mutating func close() {
    guard let element = open.popLast() else { return }
    if let last = open.indices.last { open[last].children.append(element) } else { root = element }
  }

  private static func plain(_ bytes: ArraySlice<UInt8>) -> String {
    var bytes = bytes.drop { $0 <= 0x20 }
    while let last = bytes.last, last <= 0x20 { bytes = bytes.dropLast() }
    var text = String(decoding: bytes, as: UTF8.self)
    if text.utf8.contains(UInt8(ascii: "&")) {
      for (entity, character) in [
        ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&"),
      ] {
        text = text.replacing(entity, with: character)
      }
    }
    return text
  }
}
