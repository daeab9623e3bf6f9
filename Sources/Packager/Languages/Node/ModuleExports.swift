/// The names that an ES module exports, where all of them stand in it.
struct ModuleExports {
  let names: Set<String>

  /// Nil where some may come from elsewhere, or where the word `export` stands somewhere that is not understood, be it a
  /// comment: then nothing is known for certain.
  init?(source: [UInt8]) {
    let tokens = ScriptTokenizer.tokens(of: source)
    var names: Set<String> = []
    var count = 0
    var depth = 0
    for index in tokens.indices {
      switch tokens[index] {
      case .symbol(let byte) where "([{".utf8.contains(byte): depth += 1
      case .symbol(let byte) where ")]}".utf8.contains(byte): depth -= 1
      case .name("export"):
        guard depth == 0, let found = Self.exported(tokens[(index + 1)...]) else { return nil }
        names.formUnion(found)
        count += 1
      default: break
      }
    }
    guard count == Self.words(in: source) else { return nil }
    self.names = names
  }

  /// What a statement exports that begins with `tokens` behind its keyword; more than that rather than less.
  private static func exported(_ tokens: ArraySlice<ScriptToken>) -> [String]? {
    guard let first = tokens.first else { return nil }
    let rest = tokens.dropFirst()
    switch first {
    case .name("default"): return ["default"]
    case .symbol(UInt8(ascii: "{")):
      guard let end = rest.firstIndex(of: .symbol(UInt8(ascii: "}"))) else { return nil }
      let elements = rest[..<end].split(separator: .symbol(UInt8(ascii: ",")))
      return elements.compactMap { $0.last.flatMap(name) }
    case .symbol(UInt8(ascii: "*")):
      guard rest.first == .name("as") else { return nil }
      return rest.dropFirst().first.flatMap(name).map { [$0] }
    case .name("function"), .name("class"), .name("async"):
      let named = rest.first { $0 != .name("function") && $0 != .symbol(UInt8(ascii: "*")) }
      return named.flatMap(name).map { [$0] }
    case .name("const"), .name("let"), .name("var"):
      return statement(rest).compactMap(name)
    default: return nil
    }
  }

  /// All of a declaration, patterns and values among it: up to the semicolon behind it, or the next one that is exported.
  private static func statement(_ tokens: ArraySlice<ScriptToken>) -> ArraySlice<ScriptToken> {
    var depth = 0
    return tokens.prefix { token in
      if case .symbol(let byte) = token {
        if "([{".utf8.contains(byte) { depth += 1 }
        if ")]}".utf8.contains(byte) { depth -= 1 }
      }
      return token != .name("export") && (depth > 0 || token != .symbol(UInt8(ascii: ";")))
    }
  }

  private static func name(_ token: ScriptToken) -> String? {
    switch token {
    case .name(let name), .string(let name): name
    default: nil
    }
  }

  /// How often the word `export` stands in the source, whatever it is there.
  private static func words(in source: [UInt8]) -> Int {
    let word = Array("export".utf8)
    var count = 0
    var index = 0
    while index + word.count <= source.count {
      guard source[index] == word[0], source[index..<(index + word.count)].elementsEqual(word) else {
        index += 1
        continue
      }
      let isWhole =
        (index == 0 || !isName(source[index - 1]))
        && (index + word.count == source.count || !isName(source[index + word.count]))
      if isWhole { count += 1 }
      index += word.count
    }
    return count
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case 36, 48...57, 65...90, 95, 97...122, 128...: true
    default: false
    }
  }
}
