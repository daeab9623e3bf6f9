/// The imports of a Python module, and which of them run whenever it is imported.
struct PythonImportScan {
  /// One imported module.
  struct Import {
    /// Leading dots of a relative import.
    let level: Int
    /// Dotted name after the dots; may be empty.
    let module: String
    /// What `from … import` takes out of it.
    let names: [String]
    /// The byte of the statement.
    let offset: Int
  }

  /// Those that run with the module and whose failure nothing catches: not in a function, a condition, a loop, or a
  /// `try` that goes on without them.
  private(set) var certain: [Import] = []
  /// Whether the module changes where imports are looked for.
  private(set) var changesSearchPath = false

  private typealias Tokens = ArraySlice<PythonTokenizer.Located>

  private struct Block {
    let column: Int
    let isCertain: Bool
  }

  private var blocks: [Block] = []

  init(source: [UInt8]) {
    self.init(PythonTokenizer.tokens(of: source))
  }

  /// - Parameter tokens: those of the source.
  init(_ tokens: [PythonTokenizer.Located]) {
    let lines = tokens.split { $0.token == .newline }
    let guarded = Self.guardedTries(lines)
    for (index, line) in lines.enumerated() {
      guard let first = line.first else { continue }
      while let block = blocks.last, block.column >= first.column { blocks.removeLast() }
      if Self.touchesSearchPath(line) { changesSearchPath = true }
      logicalLine(line, column: first.column, isGuarded: guarded.contains(index))
    }
  }

  /// The lines that are a `try` of which an `except` catches a failed import and goes on.
  private static func guardedTries(_ lines: [Tokens]) -> Set<Int> {
    var guarded: Set<Int> = []
    // Backwards the clauses of a `try` come before it, and what is between stands further right.
    var catches: [Int: Bool] = [:]
    for index in lines.indices.reversed() {
      guard let first = lines[index].first, case .name(let word) = first.token else { continue }
      if word == "except" {
        let next = lines.indices.contains(index + 1) ? lines[index + 1] : []
        if catchesImportError(lines[index]), !raises(lines[index], next) { catches[first.column] = true }
      } else if word == "try" {
        if catches.removeValue(forKey: first.column) == true { guarded.insert(index) }
      }
    }
    return guarded
  }

  private static let importErrors: Set<String> = [
    "ImportError", "ModuleNotFoundError", "Exception", "BaseException",
  ]

  private static func catchesImportError(_ line: Tokens) -> Bool {
    let words = line.prefix { $0.token != .symbol(UInt8(ascii: ":")) }.dropFirst()
    let names = words.compactMap { located -> String? in
      if case .name(let name) = located.token { name } else { nil }
    }
    return names.isEmpty || names.contains(where: importErrors.contains)
  }

  /// Whether the first thing that the clause does is to fail as well.
  private static func raises(_ clause: Tokens, _ next: Tokens) -> Bool {
    guard let colon = topLevelColon(in: clause) else { return false }
    let body = colon + 1 < clause.endIndex ? clause[(colon + 1)...] : next
    return body.first?.token == .name("raise")
  }

  private static func topLevelColon(in line: Tokens) -> Int? {
    var depth = 0
    for index in line.indices {
      guard case .symbol(let byte) = line[index].token else { continue }
      if byte == UInt8(ascii: ":"), depth == 0 { return index }
      if "([{".utf8.contains(byte) { depth += 1 }
      if ")]}".utf8.contains(byte) { depth -= 1 }
    }
    return nil
  }

  private static let searchPathChanges: Set<String> = ["insert", "append", "extend"]

  private static func touchesSearchPath(_ line: Tokens) -> Bool {
    for index in line.indices.dropLast(2) where line[index].token == .symbol(UInt8(ascii: ".")) {
      guard index > line.startIndex, case .name(let after) = line[index + 1].token else { continue }
      let before = line[index - 1].token
      if before == .name("site"), after == "addsitedir" { return true }
      if before == .name("sys"), after == "path" {
        switch line[index + 2].token {
        case .symbol(UInt8(ascii: "=")), .symbol(UInt8(ascii: "+")), .symbol(UInt8(ascii: "[")): return true
        case .symbol(UInt8(ascii: ".")):
          if index + 3 < line.endIndex, case .name(let call) = line[index + 3].token,
            searchPathChanges.contains(call)
          {
            return true
          }
        default: break
        }
      }
    }
    return false
  }

  private mutating func logicalLine(_ line: Tokens, column: Int, isGuarded: Bool) {
    var rest = line
    var isCertain = blocks.last?.isCertain ?? true
    while case .name(let word)? = rest.first?.token, let colon = Self.colonOfBlock(word, in: rest) {
      isCertain = isCertain && Self.runs(word, rest[..<colon], isGuarded: isGuarded)
      rest = rest[(colon + 1)...]
      guard !rest.isEmpty else { return blocks.append(Block(column: column, isCertain: isCertain)) }
    }
    guard isCertain else { return }
    for statement in rest.split(whereSeparator: { $0.token == .symbol(UInt8(ascii: ";")) }) {
      self.statement(statement)
    }
  }

  private static let blockWords: Set<String> = [
    "if", "elif", "else", "try", "except", "finally", "with", "for", "while", "match", "case", "def", "class",
    "async",
  ]

  private static func colonOfBlock(_ word: String, in line: Tokens) -> Int? {
    blockWords.contains(word) ? topLevelColon(in: line) : nil
  }

  /// Whether the block that begins with `word` runs whenever the one around it does, and lets failures through.
  private static func runs(_ word: String, _ head: Tokens, isGuarded: Bool) -> Bool {
    switch word {
    case "try": return !isGuarded
    case "finally", "class": return true
    case "with": return !head.contains { $0.token == .name("suppress") }
    default: return false
    }
  }

  private mutating func statement(_ line: Tokens) {
    guard let first = line.first else { return }
    switch first.token {
    case .name("import"):
      for part in line.dropFirst().split(whereSeparator: Self.isComma) {
        let dotted = Self.names(part).prefix { $0 != "as" }
        guard !dotted.isEmpty else { continue }
        certain.append(
          Import(level: 0, module: dotted.joined(separator: "."), names: [], offset: first.offset))
      }
    case .name("from"):
      guard let keyword = line.firstIndex(where: { $0.token == .name("import") }) else { return }
      let source = line[(line.startIndex + 1)..<max(keyword, line.startIndex + 1)]
      let level = source.prefix { $0.token == .symbol(UInt8(ascii: ".")) }.count
      let taken = line[(keyword + 1)...].split(whereSeparator: Self.isComma)
        .compactMap { Self.names($0).first }
      certain.append(
        Import(
          level: level, module: Self.names(source).joined(separator: "."), names: taken, offset: first.offset)
      )
    default: break
    }
  }

  private static func isComma(_ located: PythonTokenizer.Located) -> Bool {
    located.token == .symbol(UInt8(ascii: ","))
  }

  private static func names(_ tokens: Tokens) -> [String] {
    tokens.compactMap { located in if case .name(let name) = located.token { name } else { nil } }
  }
}
