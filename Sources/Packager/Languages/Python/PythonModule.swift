/// What a Python file defines and imports, as far as it can be told without running it.
struct PythonModule {
  /// A function at the top level.
  struct Function {
    let name: String
    /// Names of the parameters before `*`, `**` and keyword-only ones, and whether each has a default.
    let parameters: [(name: String, hasDefault: Bool)]
    let isAsync: Bool
    /// The last names of the decorators over it.
    let decorators: [String]
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
  private var decorators: [String] = []
  /// Names bound at the top level, also inside its `if` and `try`.
  private(set) var bindings: Set<String> = []
  /// Names bound at the top level to a call, with the called name.
  private(set) var calls: [String: String] = [:]
  /// What `from … import *` takes all names from, which makes others possible.
  private(set) var stars: [Import] = []
  var hasStarImport: Bool { !stars.isEmpty }
  private(set) var imports: Set<Import> = []

  /// Words whose blocks belong to where they stand.
  static let blocks: Set<String> = [
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
        if first.column == 0 {
          // Decorators, classes and functions hide what is indented below them.
          isTopLevel = if case .name(let word) = first.token { Self.blocks.contains(word) } else { false }
        }
        logicalLine(
          line.map(\.token)[...], isTopLevel: first.column == 0 || isTopLevel, isFlush: first.column == 0)
      }
      start = end + 1
    }
  }

  /// One logical line: statements between semicolons.
  private mutating func logicalLine(_ line: ArraySlice<PythonToken>, isTopLevel: Bool, isFlush: Bool) {
    var rest = line
    while let semicolon = Self.topLevelIndex(of: UInt8(ascii: ";"), in: rest) {
      statement(rest[..<semicolon], isTopLevel: isTopLevel, isFlush: isFlush)
      rest = rest[(semicolon + 1)...]
    }
    statement(rest, isTopLevel: isTopLevel, isFlush: isFlush)
  }

  private mutating func statement(_ line: ArraySlice<PythonToken>, isTopLevel: Bool, isFlush: Bool) {
    var line = line
    var isFlush = isFlush
    // `try: import x` on one line: what follows the colon is a statement itself.
    while case .name(let word)? = line.first, Self.blocks.contains(word) {
      guard let colon = Self.topLevelIndex(of: UInt8(ascii: ":"), in: line) else { return }
      line = line[(colon + 1)...]
      isFlush = false
    }
    if isFlush, line.first == .symbol(UInt8(ascii: "@")) {
      let callee = line.prefix { $0 != .symbol(UInt8(ascii: "(")) }
      if case .name(let name)? = callee.last { decorators.append(name) }
      return
    }
    defer { decorators = [] }
    guard case .name(let word)? = line.first else { return }
    let second = line.dropFirst().first
    switch word {
    case "import": plainImport(line, isTopLevel: isTopLevel)
    case "from": fromImport(line, isTopLevel: isTopLevel)
    case "def" where isTopLevel:
      function(line, from: line.startIndex + 1, isAsync: false, isFlush: isFlush)
    case "async" where isTopLevel && second == .name("def"):
      function(line, from: line.startIndex + 2, isAsync: true, isFlush: isFlush)
    case "class" where isTopLevel: if case .name(let name)? = second { bindings.insert(name) }
    default: if isTopLevel { assignment(line) }
    }
  }

  private static func topLevelIndex(of symbol: UInt8, in line: ArraySlice<PythonToken>) -> Int? {
    var depth = 0
    for index in line.indices {
      guard case .symbol(let byte) = line[index] else { continue }
      if byte == symbol, depth == 0 { return index }
      if "([{".utf8.contains(byte) { depth += 1 }
      if ")]}".utf8.contains(byte) { depth -= 1 }
    }
    return nil
  }

  private mutating func function(
    _ line: ArraySlice<PythonToken>, from index: Int, isAsync: Bool, isFlush: Bool
  ) {
    guard index < line.endIndex, case .name(let name) = line[index] else { return }
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
    functions.append(Function(name: name, parameters: parameters, isAsync: isAsync, decorators: decorators))
  }

  /// `a = b = c` binds both names, `a.b = c` neither, `a: int = c` the first.
  private mutating func assignment(_ line: ArraySlice<PythonToken>) {
    var rest = line
    while let equals = Self.topLevelIndex(of: UInt8(ascii: "="), in: rest), equals > rest.startIndex {
      let value = rest[(equals + 1)...]
      // A comparison.
      guard value.first != .symbol(UInt8(ascii: "=")) else { return }
      let target = rest[..<equals]
      let names = target[..<(Self.topLevelIndex(of: UInt8(ascii: ":"), in: target) ?? equals)]
      let called = Self.calledName(in: value)
      for index in names.indices {
        guard case .name(let name) = names[index],
          index == names.startIndex || names[index - 1] != .symbol(UInt8(ascii: "."))
        else { continue }
        bindings.insert(name)
        if let called { calls[name] = called }
      }
      rest = value
    }
  }

  /// `f` in `a.f(…)`; nil when the value does not begin with a call.
  private static func calledName(in value: ArraySlice<PythonToken>) -> String? {
    // A callee is a few words: whatever is longer is none.
    let head = value.prefix(longestCallee).prefix { $0 != .symbol(UInt8(ascii: "(")) }
    guard head.endIndex < value.endIndex, value[head.endIndex] == .symbol(UInt8(ascii: "(")),
      case .name(let called)? = head.last
    else { return nil }
    return called
  }

  private static let longestCallee = 64

  private mutating func plainImport(_ line: ArraySlice<PythonToken>, isTopLevel: Bool) {
    for part in line.dropFirst().split(separator: .symbol(UInt8(ascii: ","))) {
      let names = part.compactMap { token -> String? in if case .name(let name) = token { name } else { nil }
      }
      let dotted = names.prefix { $0 != "as" }
      guard let top = dotted.first else { continue }
      imports.insert(Import(level: 0, module: dotted.joined(separator: "."), names: []))
      if isTopLevel { bindings.insert(names.count > dotted.count + 1 ? names[dotted.count + 1] : top) }
    }
  }

  private mutating func fromImport(_ line: ArraySlice<PythonToken>, isTopLevel: Bool) {
    guard let keyword = line.firstIndex(of: .name("import")) else { return }
    let source = line[(line.startIndex + 1)..<max(keyword, line.startIndex + 1)]
    let level = source.prefix { $0 == .symbol(UInt8(ascii: ".")) }.count
    let dotted = source.compactMap { token -> String? in if case .name(let name) = token { name } else { nil }
    }
    var taken: [String] = []
    for part in line[(keyword + 1)...].split(separator: .symbol(UInt8(ascii: ","))) {
      if part.contains(.symbol(UInt8(ascii: "*"))) {
        if isTopLevel {
          stars.append(Import(level: level, module: dotted.joined(separator: "."), names: []))
        }
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
