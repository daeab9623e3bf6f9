/// The modules that a JavaScript file loads whenever it is loaded itself.
struct ScriptImportScan {
  /// One of them.
  struct Import {
    /// The text between the quotes.
    let specifier: String
    /// Whether it is an `import` or `export … from` rather than a `require()`.
    let isStatic: Bool
    /// What an `import` or `export … from` takes out of it by name, `default` among it.
    var names: [String] = []
    /// The word before its attributes, such as `with { type: "json" }`; nil without any.
    var attribute: String?
    /// The byte behind it.
    let offset: Int
  }

  /// Those that are loaded in any case: what stands in a function, a block, a condition or behind `import()` may not be.
  private(set) var certain: [Import] = []
  /// The byte behind the first word of what only an ES module may have.
  private(set) var moduleSyntax: Int?
  /// The byte behind the first `import.meta`, or `await` that no function is around.
  private(set) var moduleUse: Int?
  /// The byte behind the first use of `__dirname` or `__filename`, which an ES module does not have, that certainly runs.
  private(set) var commonUse: Int?
  /// Whether the file gives one of these a meaning for all.
  private(set) var setsCommon = false
  /// The byte behind the first word of an assignment to `exports`, which an ES module does not have.
  private(set) var commonExport: Int?
  /// Whether the file gives `require`, `module` or `exports` a meaning of its own.
  private(set) var definesCommon = false

  init(source: [UInt8]) {
    let (tokens, ends) = ScriptTokenizer.located(in: source)
    var braces = 0
    var brackets = 0
    // Whether something in the statement so far decides whether the rest of it runs.
    var isConditional = false
    var definesPlace = false
    for (index, token) in tokens.enumerated() {
      switch token {
      case .name:
        definesCommon = definesCommon || Self.definesCommon(tokens, index)
        if Self.places.contains(token) {
          if tokens[index...].dropFirst().first == .symbol(UInt8(ascii: "=")),
            index > 0, tokens[index - 1] == .symbol(UInt8(ascii: "."))
          {
            setsCommon = true
          }
          definesPlace = definesPlace || Self.definesPlace(tokens, index)
          if commonUse == nil, braces == 0, !isConditional { commonUse = ends[index] }
        }
        if Self.conditions.contains(token) { isConditional = true }
        if moduleUse == nil, Self.isModuleUse(tokens, index, isInside: braces > 0 || brackets > 0) {
          moduleUse = ends[index]
        }
        guard braces == 0, brackets == 0 else { break }
        if moduleSyntax == nil, Self.makesModule(tokens, index) { moduleSyntax = ends[index] }
        if commonExport == nil, Self.isCommonExport(tokens, index) { commonExport = ends[index] }
      case .symbol(UInt8(ascii: "{")): braces += 1
      case .symbol(UInt8(ascii: "}")): braces -= 1
      case .symbol(UInt8(ascii: "(")), .symbol(UInt8(ascii: "[")): brackets += 1
      case .symbol(UInt8(ascii: ")")), .symbol(UInt8(ascii: "]")): brackets -= 1
      case .symbol(UInt8(ascii: ";")): if braces == 0, brackets == 0 { isConditional = false }
      case .arrow: isConditional = true
      case .symbol(UInt8(ascii: "&")), .symbol(UInt8(ascii: "|")), .symbol(UInt8(ascii: "?")):
        isConditional = true
      case .string(let text) where braces == 0:
        if Self.isStatic(tokens, index, brackets) {
          certain.append(
            Import(
              specifier: text, isStatic: true, names: Self.names(tokens, before: index),
              attribute: Self.attribute(tokens, index), offset: ends[index]))
          isConditional = false
        } else if Self.isCertainRequire(tokens, index, brackets) {
          certain.append(Import(specifier: text, isStatic: false, offset: ends[index]))
        }
      default: break
      }
    }
    if definesPlace { commonUse = nil }
  }

  /// `with` in `import a from "x" with { … }`.
  private static func attribute(_ tokens: [ScriptToken], _ index: Int) -> String? {
    guard index + 2 < tokens.count, tokens[index + 2] == .symbol(UInt8(ascii: "{")),
      case .name(let word) = tokens[index + 1], word == "with" || word == "assert"
    else { return nil }
    return word
  }

  /// `import "x"`, `import a from "x"`, `export * from "x"`; types leave no import behind.
  private static func isStatic(_ tokens: [ScriptToken], _ index: Int, _ brackets: Int) -> Bool {
    guard index > 0, brackets == 0 else { return false }
    switch tokens[index - 1] {
    case .name("import"): return index < 2 || tokens[index - 2] != .symbol(UInt8(ascii: "."))
    case .name("from"): return index > 1 && tokens[index - 2] != .symbol(UInt8(ascii: "."))
    default: return false
    }
  }

  /// What stands between `import` or `export` and the `from` before the string at `index`.
  private static func names(_ tokens: [ScriptToken], before index: Int) -> [String] {
    guard index > 2, tokens[index - 1] == .name("from") else { return [] }
    var names: [String] = []
    var place = index - 2
    if tokens[place] == .symbol(UInt8(ascii: "}")) {
      guard let open = tokens[..<place].lastIndex(of: .symbol(UInt8(ascii: "{"))) else { return [] }
      for element in tokens[(open + 1)..<place].split(separator: .symbol(UInt8(ascii: ","))) {
        switch element.first {
        case .name(let name), .string(let name): names.append(name)
        default: return []
        }
      }
      place = open - 1
      if place > 0, tokens[place] == .symbol(UInt8(ascii: ",")) { place -= 1 }
    }
    // `* as a` takes no name of the module's.
    if place > 2, tokens[place - 1] == .name("as"), tokens[place - 2] == .symbol(UInt8(ascii: "*")) {
      place -= 3
      if tokens[place] == .symbol(UInt8(ascii: ",")) { place -= 1 }
    }
    // `import a from`, `import a, { b } from`
    if place > 0, case .name(let local) = tokens[place], local != "import",
      tokens[place - 1] == .name("import")
    {
      names.append("default")
    }
    return names
  }

  /// `require("x")` as a statement, as a value that is assigned, or as the one argument of such a call, as compilers
  /// write it: `var x = __importDefault(require("x"))`.
  private static func isCertainRequire(_ tokens: [ScriptToken], _ index: Int, _ brackets: Int) -> Bool {
    guard index > 1, tokens[index - 1] == .symbol(UInt8(ascii: "(")), tokens[index - 2] == .name("require"),
      tokens.count > index + 1, tokens[index + 1] == .symbol(UInt8(ascii: ")"))
    else { return false }
    if brackets == 1 { return beginsValue(tokens, index - 2) }
    guard brackets == 2, index > 3, tokens[index - 3] == .symbol(UInt8(ascii: "(")),
      case .name(let callee) = tokens[index - 4], callee != "if", callee != "while", callee != "for"
    else { return false }
    return beginsValue(tokens, index - 4)
  }

  /// Whether what begins at `index` is a statement or all of an assignment so far.
  private static func beginsValue(_ tokens: [ScriptToken], _ index: Int) -> Bool {
    guard index > 0 else { return true }
    switch tokens[index - 1] {
    case .symbol(UInt8(ascii: ";")), .symbol(UInt8(ascii: "}")), .string: return true
    case .symbol(UInt8(ascii: "=")):
      // Not the second half of a comparison.
      guard index > 1 else { return false }
      switch tokens[index - 2] {
      case .name, .symbol(UInt8(ascii: "}")), .symbol(UInt8(ascii: "]")): return true
      default: return false
      }
    default: return false
    }
  }
}
