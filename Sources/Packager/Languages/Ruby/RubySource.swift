internal import Core

/// Reads what a Ruby file requires and which methods take an event and a context, line by line.
struct RubySource {
  private var reading = SourceReading()
  /// The classes and modules around, with their columns.
  private var around: [(column: Int, name: String)] = []

  static func reading(of source: [UInt8]) -> SourceReading {
    var reader = RubySource()
    var isComment = false
    for line in source.split(separator: UInt8(ascii: "\n")) {
      if line.starts(with: "=begin".utf8) { isComment = true }
      if line.starts(with: "=end".utf8) { isComment = false }
      if line.starts(with: "__END__".utf8) { break }
      if !isComment { reader.line(line) }
    }
    return reader.reading
  }

  private mutating func line(_ line: ArraySlice<UInt8>) {
    let rest = line.drop { $0 == 0x20 || $0 == 0x09 }
    let column = rest.startIndex - line.startIndex
    guard let first = rest.first, first != UInt8(ascii: "#") else { return }
    // Only lines that begin with one of a few words say anything.
    guard "rlcmed".utf8.contains(first) else { return }
    let text = String(decoding: rest, as: UTF8.self)
    let words = text.split(maxSplits: 1) { $0 == " " || $0 == "(" || $0 == "\t" }
    guard let word = words.first else { return }
    let argument = words.count > 1 ? words[1] : ""
    switch word.prefix(while: { $0.isLetter || $0 == "_" }) {
    case "require_relative", "require", "load": take(String(word.prefix { $0.isLetter || $0 == "_" }), text)
    case "class", "module":
      let name = argument.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
      if !name.isEmpty, !text.contains("; end"), around.count < 32 { around.append((column, String(name))) }
    case "end": while let last = around.last, last.column >= column { around.removeLast() }
    case "def": define(text)
    default: break
    }
  }

  private mutating func take(_ kind: String, _ text: String) {
    guard let quote = text.first(where: { $0 == "'" || $0 == "\"" }) else { return }
    let parts = text.split(separator: quote, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count > 2 else { return }
    reading.imports.append(SourceImport(module: String(parts[1]), names: [kind]))
  }

  private mutating func define(_ text: String) {
    guard let open = text.firstIndex(of: "(") else { return }
    let parameters = text[open...].prefix { $0 != ")" }
    guard parameters.contains("event:"), parameters.contains("context:") else { return }
    let name = text[..<open].dropFirst(4).filter { $0 != " " }
    if around.isEmpty {
      guard !name.contains(".") else { return }
      reading.handlers.append(HandlerSymbol(name))
    } else if name.hasPrefix("self.") {
      reading.handlers.append(
        HandlerSymbol("\(around.map(\.name).joined(separator: "::")).\(name.dropFirst(5))"))
    }
  }
}
