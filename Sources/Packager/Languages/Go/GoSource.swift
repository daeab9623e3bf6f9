/// Reads what a Go file imports, embeds and starts.
enum GoSource {
  private static let lambda = "github.com/aws/aws-lambda-go/lambda"

  static func reading(of source: [UInt8]) -> SourceReading {
    var reading = SourceReading(files: embedded(source))
    let tokens = CodeTokenizer.tokens(of: source, .go)
    guard tokens.count > 1, tokens[0] == .word("package") else { return reading }
    reading.package = tokens[1].word
    var alias: String?
    var index = 2
    while index < tokens.count {
      if tokens[index].isSymbol(";") {
        index += 1
        continue
      }
      guard tokens[index] == .word("import") else { break }
      index += 1
      let isGroup = index < tokens.count && tokens[index].isSymbol("(")
      if isGroup { index += 1 }
      var name: String?
      while index < tokens.count {
        let token = tokens[index]
        index += 1
        if isGroup, token.isSymbol(")") { break }
        if case .word(let word) = token { name = word }
        if token.isSymbol(".") { name = "." }
        guard case .string(let path) = token else { continue }
        reading.imports.append(SourceImport(module: path))
        if path == lambda { alias = name ?? "lambda" }
        name = nil
        if !isGroup { break }
      }
    }
    if let alias, starts(tokens[index...], alias: alias) {
      reading.handlers = [HandlerSymbol("bootstrap", handler: "bootstrap")]
    }
    return reading
  }

  /// Whether `lambda.Start…` is called.
  private static func starts(_ tokens: ArraySlice<CodeToken>, alias: String) -> Bool {
    tokens.indices.contains { index in
      guard let word = tokens[index].word, word.hasPrefix("Start") else { return false }
      if alias == "." { return true }
      return index > tokens.startIndex + 1 && tokens[index - 1].isSymbol(".")
        && tokens[index - 2] == .word(alias)
    }
  }

  /// The patterns of `//go:embed` lines.
  private static func embedded(_ source: [UInt8]) -> [String] {
    let mark = Array("//go:embed ".utf8)
    var patterns: [String] = []
    for line in source.split(separator: UInt8(ascii: "\n")) where line.starts(with: mark) {
      for word in line.dropFirst(mark.count).split(whereSeparator: { $0 <= 0x20 }) {
        let text = String(decoding: word, as: UTF8.self).filter { $0 != "\"" && $0 != "`" }
        patterns.append(text.hasPrefix("all:") ? String(text.dropFirst(4)) : text)
      }
    }
    return patterns
  }
}
