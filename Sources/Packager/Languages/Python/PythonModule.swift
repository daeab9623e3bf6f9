/// What a Python file defines and imports, as far as it can be told without running it.
struct PythonModule {
  /// A function at the top level.
  struct Function {
    let name: String
    /// Names of the parameters before `*`, `**` and keyword-only ones, and whether each has a default.
    let parameters: [(name: String, hasDefault: Bool)]
    let isAsync: Bool
  }

  /// One imported module.
  struct Import: Hashable {
    /// Leading dots of a relative import.
    let level: Int
    /// Dotted name after the dots; may be empty.
    let module: String
    /// What `from … import` takes out of it.
    let names: [String]
  }

  private(set) var functions: [Function] = []
  /// Names bound at the top level, also inside its `if` and `try`.
  private(set) var bindings: Set<String> = []
  /// Names bound at the top level to a call, with the called name.
  private(set) var calls: [String: String] = [:]
  /// Whether `from … import *` makes other names possible.
  private(set) var hasStarImport = false
  private(set) var imports: Set<Import> = []

  private static let blocks: Set<String> = [
    "if", "elif", "else", "try", "except", "finally", "with", "for", "while", "match", "case",
  ]

  init(source: [UInt8]) {
    let tokens = PythonTokenizer.tokens(of: source)
    var isTopLevel = true
    var start = 0
    while start < tokens.count {
      var end = start
      while end < tokens.count, tokens[end].token != .newline { end += 1 }
      let line = tokens[start..<end]
      if let first = line.first {
        let words = line.map(\.token)
        if first.column == 0 {
          // Decorators, classes and functions hide what is indented below them.
          isTopLevel = if case .name(let word) = first.token { Self.blocks.contains(word) } else { false }
        }
        statement(words, isTopLevel: first.column == 0 || isTopLevel, isFlush: first.column == 0)
      }
      start = end + 1
    }
  }

  /// One logical line, or what follows the colon or semicolon in it.
  private mutating func statement(_ line: [PythonToken], isTopLevel: Bool, isFlush: Bool) {
    guard case .name(let word)? = line.first else { return }
    switch word {
    case "import": plainImport(line, isTopLevel: isTopLevel)
    case "from": fromImport(line, isTopLevel: isTopLevel)
    case "def" where isTopLevel: function(line, from: 1, isAsync: false, isFlush: isFlush)
    case "async" where isTopLevel && line.count > 1 && line[1] == .name("def"):
      function(line, from: 2, isAsync: true, isFlush: isFlush)
    case "class" where isTopLevel:
      if line.count > 1, case .name(let name) = line[1] { bindings.insert(name) }
    case _ where Self.blocks.contains(word):
      // `try: import x` on one line.
      if let colon = Self.topLevelIndex(of: UInt8(ascii: ":"), in: line), colon + 1 < line.count {
        statement(Array(line[(colon + 1)...]), isTopLevel: isTopLevel, isFlush: false)
      }
    default: if isTopLevel { assignment(line) }
    }
    if let semicolon = Self.topLevelIndex(of: UInt8(ascii: ";"), in: line) {
      statement(Array(line[(semicolon + 1)...]), isTopLevel: isTopLevel, isFlush: isFlush)
    }
  }

  private static func topLevelIndex(of symbol: UInt8, in line: [PythonToken]) -> Int? {
    var depth = 0
    for (index, token) in line.enumerated() {
      guard case .symbol(let byte) = token else { continue }
      if byte == symbol, depth == 0 { return index }
      if "([{".utf8.contains(byte) { depth += 1 }
      if ")]}".utf8.contains(byte) { depth -= 1 }
    }
    return nil
  }

  private mutating func function(_ line: [PythonToken], from index: Int, isAsync: Bool, isFlush: Bool) {
    guard index < line.count, case .name(let name) = line[index] else { return }
    bindings.insert(name)
    guard isFlush, let open = line[index...].firstIndex(of: .symbol(UInt8(ascii: "("))) else { return }
    var parameters: [(name: String, hasDefault: Bool)] = []
    var depth = 1
    var expectsName = true
    scan: for token in line[(open + 1)...] {
      switch token {
      case .symbol(UInt8(ascii: "(")), .symbol(UInt8(ascii: "[")), .symbol(UInt8(ascii: "{")): depth += 1
      case .symbol(UInt8(ascii: ")")), .symbol(UInt8(ascii: "]")), .symbol(UInt8(ascii: "}")):
        depth -= 1
        if depth == 0 { break scan }
      case .symbol(UInt8(ascii: ",")) where depth == 1: expectsName = true
      // `/` ends the positional-only ones; `*` begins what cannot be passed by position.
      case .symbol(UInt8(ascii: "*")) where depth == 1 && expectsName: break scan
      case .symbol(UInt8(ascii: "=")) where depth == 1:
        if let last = parameters.indices.last { parameters[last].hasDefault = true }
      case .name(let parameter) where depth == 1 && expectsName:
        parameters.append((parameter, false))
        expectsName = false
      default: break
      }
    }
    functions.append(Function(name: name, parameters: parameters, isAsync: isAsync))
  }

  private mutating func assignment(_ line: [PythonToken]) {
    guard let equals = Self.topLevelIndex(of: UInt8(ascii: "="), in: line), equals > 0,
      line.count == equals + 1 || line[equals + 1] != .symbol(UInt8(ascii: "="))
    else { return }
    let targets = line[..<(Self.topLevelIndex(of: UInt8(ascii: ":"), in: Array(line[..<equals])) ?? equals)]
    for (index, token) in targets.enumerated() {
      guard case .name(let name) = token, index == 0 || targets[index - 1] != .symbol(UInt8(ascii: "."))
      else {
        continue
      }
      bindings.insert(name)
      var value = line[(equals + 1)...].prefix { $0 != .symbol(UInt8(ascii: "(")) }
      if value.count < line.count - equals - 1, case .name(let called)? = value.popLast() {
        calls[name] = called
      }
    }
    // a = b = c binds both.
    if let next = Self.topLevelIndex(of: UInt8(ascii: "="), in: Array(line[(equals + 1)...])), next > 0 {
      assignment(Array(line[(equals + 1)...]))
    }
  }

  private mutating func plainImport(_ line: [PythonToken], isTopLevel: Bool) {
    for part in line.dropFirst().split(separator: .symbol(UInt8(ascii: ","))) {
      let names = part.compactMap { token -> String? in if case .name(let name) = token { name } else { nil }
      }
      let dotted = names.prefix { $0 != "as" }
      guard let top = dotted.first else { continue }
      imports.insert(Import(level: 0, module: dotted.joined(separator: "."), names: []))
      if isTopLevel { bindings.insert(names.count > dotted.count + 1 ? names[dotted.count + 1] : top) }
    }
  }

  private mutating func fromImport(_ line: [PythonToken], isTopLevel: Bool) {
    guard let keyword = line.firstIndex(of: .name("import")) else { return }
    let source = line[1..<keyword]
    let level = source.prefix { $0 == .symbol(UInt8(ascii: ".")) }.count
    let dotted = source.compactMap { token -> String? in if case .name(let name) = token { name } else { nil }
    }
    var taken: [String] = []
    for part in line[(keyword + 1)...].split(separator: .symbol(UInt8(ascii: ","))) {
      if part.contains(.symbol(UInt8(ascii: "*"))) {
        if isTopLevel { hasStarImport = true }
        continue
      }
      let names = part.compactMap { token -> String? in if case .name(let name) = token { name } else { nil }
      }
      guard let first = names.first else { continue }
      taken.append(first)
      if isTopLevel { bindings.insert(names.count > 2 && names[1] == "as" ? names[2] : first) }
    }
    imports.insert(Import(level: level, module: dotted.joined(separator: "."), names: taken))
  }
}
