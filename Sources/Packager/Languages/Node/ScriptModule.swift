/// What a JavaScript or TypeScript file exports and imports, as far as it can be told without running it.
struct ScriptModule {
  /// What an export is.
  enum Shape: Hashable {
    /// A function with the first words of its parameters; `{}` for a destructured one.
    case function(parameters: [Parameter], isAsync: Bool)
    /// Something else: the result of a call, an import, a class.
    case opaque
  }

  /// A parameter of a function.
  struct Parameter: Hashable {
    let name: String
    /// The names in its type annotation.
    var type: [String] = []
  }

  /// Exported names in their order, each once.
  private(set) var exports: [(name: String, shape: Shape)] = []
  /// Whether `export *` or a computed export makes other names possible.
  private(set) var hasOpenExports = false
  /// What it hands on all exports of, where nothing else makes other names possible.
  var handedOn: [String]? { isClosed ? sources : nil }
  private var sources: [String] = []
  private var isClosed = true
  /// What `import`, `export … from`, `require()` and `import()` name as plain strings.
  private(set) var specifiers: Set<String> = []

  let tokens: [ScriptToken]
  /// Of each opening bracket the place of the one that closes it; that of the end for one that nothing closes.
  let closings: [Int: Int]
  private var places: [String: Int] = [:]
  private var locals: [String: Shape] = [:]

  init(source: [UInt8]) {
    tokens = ScriptTokenizer.tokens(of: source)
    closings = Self.closings(in: tokens)
    collectSpecifiers()
    var references: [(name: String, local: String)] = []
    var depth = 0
    var index = 0
    while index < tokens.count {
      switch tokens[index] {
      case .symbol(UInt8(ascii: "{")): depth += 1
      case .symbol(UInt8(ascii: "}")): depth -= 1
      case .name(let word) where depth == 0 && !isMember(index):
        if let next = topLevel(word, at: index, references: &references) {
          index = next
          continue
        }
      default: break
      }
      index += 1
    }
    for (name, local) in references { add(name, locals[local] ?? .opaque) }
    lookForUses()
  }

  /// Names may come from there, or from anywhere where nothing is named.
  private mutating func widen(_ source: String? = nil) {
    hasOpenExports = true
    if let source { sources.append(source) } else { isClosed = false }
  }

  /// What is done with `exports` besides assigning to it at the top level: whoever gets hold of it may add to it.
  private mutating func lookForUses() {
    var depth = 0
    for index in tokens.indices {
      switch tokens[index] {
      case .symbol(UInt8(ascii: "{")): depth += 1
      case .symbol(UInt8(ascii: "}")): depth -= 1
      case .name("exports"):
        let isOfModule = isMember(index) && name(index - 2) == "module"
        if isOfModule || !isMember(index) { use(of: index, isInside: depth > 0) }
      default: break
      }
    }
  }

  /// Whether an assignment, and no comparison, stands at `index`.
  private func isAssigned(_ index: Int) -> Bool { isSymbol(index, "=") && !isSymbol(index + 1, "=") }

  private mutating func use(of index: Int, isInside: Bool) {
    if isSymbol(index + 1, "."), name(index + 2) != nil {
      if isInside, isAssigned(index + 3) { widen() }
    } else if !isInside, isAssigned(index + 1) {
      return
    } else if !isInside, isSymbol(index + 1, "["), case .string? = token(index + 2), isSymbol(index + 3, "]")
    {
      return
    } else if name(index - 2) == "defineProperty", isSymbol(index - 1, "("), isSymbol(index + 1, ","),
      case .string(let exported)? = token(index + 2), !isInside
    {
      // As compilers write what is exported from elsewhere.
      if exported != "__esModule" { add(exported, .opaque) }
    } else if name(index - 7) == "__exportStar", name(index - 5) == "require", isSymbol(index - 1, ","),
      case .string(let source)? = token(index - 3), !isInside
    {
      widen(source)
    } else {
      widen()
    }
  }

  /// Whether the name at `index` follows a dot.
  private func isMember(_ index: Int) -> Bool { index > 0 && tokens[index - 1] == .symbol(UInt8(ascii: ".")) }

  func token(_ index: Int) -> ScriptToken? { tokens.indices.contains(index) ? tokens[index] : nil }

  func name(_ index: Int) -> String? {
    if case .name(let name)? = token(index) { name } else { nil }
  }

  func isSymbol(_ index: Int, _ symbol: Character) -> Bool {
    symbol.asciiValue.map { token(index) == .symbol($0) } ?? false
  }

  private mutating func add(_ name: String, _ shape: Shape) {
    if let index = places[name] {
      // `exports.handler = void 0` comes before the true one.
      if exports[index].shape == .opaque { exports[index].shape = shape }
    } else {
      places[name] = exports.count
      exports.append((name, shape))
    }
  }

  private mutating func collectSpecifiers() {
    for index in tokens.indices {
      guard case .string(let text) = tokens[index] else { continue }
      let before = index > 0 ? tokens[index - 1] : nil
      let isCall =
        before == .symbol(UInt8(ascii: "(")) && (name(index - 2) == "require" || name(index - 2) == "import")
      if before == .name("from") || before == .name("import") || isCall { specifiers.insert(text) }
    }
  }

  /// Handles a statement that begins with `word`; the index to go on at, or nil to go on with the next token.
  private mutating func topLevel(
    _ word: String, at index: Int, references: inout [(name: String, local: String)]
  ) -> Int? {
    switch word {
    case "export": return exported(at: index + 1, references: &references)
    case "module" where isSymbol(index + 1, ".") && name(index + 2) == "exports":
      return assigned(at: index + 3, references: &references)
    case "exports": return assigned(at: index + 1, references: &references)
    case "async", "function":
      let start = word == "async" ? index + 1 : index
      guard name(start) == "function" else { return nil }
      let nameIndex = isSymbol(start + 1, "*") ? start + 2 : start + 1
      if let local = name(nameIndex) { locals[local] = shape(at: index).shape }
    case "const", "let", "var":
      if let local = name(index + 1) { locals[local] = value(after: index + 2) }
    default: break
    }
    return nil
  }

  /// `.x = …`, `["x"] = …` or `= {…}` after `exports`.
  private mutating func assigned(at index: Int, references: inout [(name: String, local: String)]) -> Int? {
    if isSymbol(index, "."), let exported = name(index + 1), isSymbol(index + 2, "="),
      !isSymbol(index + 3, "=")
    {
      record(exported, valueAt: index + 3, references: &references)
      return index + 3
    }
    if isSymbol(index, "["), case .string(let exported)? = token(index + 1), isSymbol(index + 2, "]"),
      isSymbol(index + 3, "=")
    {
      record(exported, valueAt: index + 4, references: &references)
      return index + 4
    }
    guard isSymbol(index, "="), !isSymbol(index + 1, "=") else { return nil }
    guard isSymbol(index + 1, "{") else {
      // `module.exports = require('./x')` has the names of that, `= new App()` unknown ones.
      widen(required(at: index + 1))
      return nil
    }
    return objectLiteral(at: index + 1, references: &references)
  }

  /// What `require("x")` at `index` names, where the statement ends behind it.
  private func required(at index: Int) -> String? {
    guard name(index) == "require", isSymbol(index + 1, "("), case .string(let source)? = token(index + 2),
      isSymbol(index + 3, ")")
    else { return nil }
    switch token(index + 4) {
    case nil, .symbol(UInt8(ascii: ";")), .symbol(UInt8(ascii: "}")): return source
    case .name(let word): return ["instanceof", "in"].contains(word) ? nil : source
    default: return nil
    }
  }

  private mutating func record(
    _ exported: String, valueAt index: Int, references: inout [(name: String, local: String)]
  ) {
    if let local = name(index),
      !["async", "function", "class", "await", "new", "void", "require"].contains(local),
      token(index + 1) != .arrow, !isSymbol(index + 1, "("), !isSymbol(index + 1, ".")
    {
      references.append((exported, local))
    } else {
      add(exported, shape(at: index).shape)
    }
  }

  /// The members of `{ a, b: c, async d() {}, ...rest }`; returns the index after it.
  private mutating func objectLiteral(at open: Int, references: inout [(name: String, local: String)]) -> Int
  {
    let end = closing(of: open)
    var index = open + 1
    while index < end {
      if isSymbol(index, ".") {
        widen()
      } else {
        var start = index
        if name(start) == "async" || name(start) == "get", name(start + 1) != nil { start += 1 }
        if isSymbol(start, "*") { start += 1 }
        let key: String? = if case .string(let text)? = token(start) { text } else { name(start) }
        if let key {
          if isSymbol(start + 1, ":") {
            record(key, valueAt: start + 2, references: &references)
          } else if isSymbol(start + 1, "(") {
            add(
              key,
              .function(
                parameters: parameters(at: start + 1), isAsync: start > index && name(index) == "async"))
          } else {
            references.append((key, key))
          }
        }
      }
      index = nextElement(after: index, end: end)
    }
    return end + 1
  }

  /// What follows the keyword `export`.
  private mutating func exported(at index: Int, references: inout [(name: String, local: String)]) -> Int? {
    switch token(index) {
    case .symbol(UInt8(ascii: "*")):
      if name(index + 1) == "as", let exported = name(index + 2) {
        add(exported, .opaque)
      } else if name(index + 1) == "from", case .string(let source)? = token(index + 2) {
        widen(source)
      } else {
        widen()
      }
      return index + 1
    case .symbol(UInt8(ascii: "{")): return exportList(at: index, references: &references)
    case .name("default"):
      add("default", shape(at: index + 1).shape)
      return index + 1
    case .name("async"), .name("function"):
      let function = name(index) == "async" ? index + 1 : index
      let nameIndex = isSymbol(function + 1, "*") ? function + 2 : function + 1
      if let exported = name(nameIndex) { add(exported, shape(at: index).shape) }
      return index + 1
    case .name("class"):
      if let exported = name(index + 1) { add(exported, .opaque) }
      return index + 1
    case .name("const"), .name("let"), .name("var"):
      if isSymbol(index + 1, "{") {
        var member = index + 2
        let end = closing(of: index + 1)
        while member < end {
          let renamed = isSymbol(member + 1, ":") ? name(member + 2) : name(member)
          if let renamed { add(renamed, .opaque) }
          member = nextElement(after: member, end: end)
        }
        return end + 1
      }
      guard let exported = name(index + 1), exported != "enum" else { return index + 1 }
      let found = value(after: index + 2)
      locals[exported] = found
      add(exported, found)
      return index + 2
    default: return nil
    }
  }

  /// `{ a, b as c, type T }` and what may follow.
  private mutating func exportList(at open: Int, references: inout [(name: String, local: String)]) -> Int {
    let end = closing(of: open)
    let isFromElsewhere = name(end + 1) == "from"
    var index = open + 1
    while index < end {
      if let local = name(index), !(local == "type" && name(index + 1) != nil && name(index + 1) != "as") {
        let exported = name(index + 1) == "as" ? name(index + 2) ?? local : local
        if isFromElsewhere { add(exported, .opaque) } else { references.append((exported, local)) }
      }
      index = nextElement(after: index, end: end)
    }
    return end + 1
  }
}
