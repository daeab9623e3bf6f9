/// What tells ES modules and CommonJS apart, as far as it runs in any case.
extension ScriptImportScan {
  /// Whether the token at `index` begins an `import` or `export` statement.
  static func makesModule(_ tokens: [ScriptToken], _ index: Int) -> Bool {
    guard index + 1 < tokens.count, index == 0 || tokens[index - 1] != .symbol(UInt8(ascii: ".")) else {
      return false
    }
    let next = tokens[index + 1]
    let opens = next == .symbol(UInt8(ascii: "{")) || next == .symbol(UInt8(ascii: "*"))
    switch tokens[index] {
    case .name("export"):
      guard case .name(let word) = next else { return opens }
      return ["default", "const", "let", "var", "function", "class", "async"].contains(word)
    case .name("import"):
      switch next {
      case .string: return true
      case .name where index + 2 < tokens.count:
        return tokens[index + 2] == .name("from") || tokens[index + 2] == .symbol(UInt8(ascii: ","))
      default: return opens
      }
    default: return false
    }
  }

  /// Names that CommonJS has for where a file lies.
  static let places: Set<ScriptToken> = [.name("__dirname"), .name("__filename")]
  /// Words behind which something may run, or not.
  static let conditions: Set<ScriptToken> = [
    .name("function"), .name("class"), .name("if"), .name("else"), .name("while"), .name("for"),
    .name("switch"), .name("try"), .name("catch"), .name("do"), .name("get"), .name("set"), .name("async"),
  ]

  /// Whether the place at `index` may be a name of the file's own, or one that is asked for first.
  static func definesPlace(_ tokens: [ScriptToken], _ index: Int) -> Bool {
    if index + 1 < tokens.count, tokens[index + 1] == .symbol(UInt8(ascii: "=")) { return true }
    guard index > 0 else { return false }
    switch tokens[index - 1] {
    case .name: return true
    case .symbol(let byte): return "{,.".utf8.contains(byte)
    default: return false
    }
  }

  /// Whether `import.meta`, or an `await` that no function is around, begins at `index`. In a script `await` may be a name
  /// of the user's own, but then no other name stands behind it.
  static func isModuleUse(_ tokens: [ScriptToken], _ index: Int, isInside: Bool) -> Bool {
    guard index + 2 < tokens.count else { return false }
    let before = index > 0 ? tokens[index - 1] : .symbol(UInt8(ascii: ";"))
    switch tokens[index] {
    case .name("import"):
      return before != .symbol(UInt8(ascii: ".")) && tokens[index + 1] == .symbol(UInt8(ascii: "."))
        && tokens[index + 2] == .name("meta")
    case .name("await") where !isInside:
      switch tokens[index + 1] {
      case .name(let word): guard !["in", "of", "instanceof"].contains(word) else { return false }
      case .string, .value: break
      default: return before == .name("for") && tokens[index + 1] == .symbol(UInt8(ascii: "("))
      }
      if before == .symbol(UInt8(ascii: ";")) { return true }
      guard before == .symbol(UInt8(ascii: "=")), index > 2, case .name = tokens[index - 2],
        case .name(let word) = tokens[index - 3]
      else { return false }
      return ["const", "let", "var"].contains(word)
    default: return false
    }
  }

  /// Whether a statement begins at `index` that gives `exports` or `module.exports` a value.
  static func isCommonExport(_ tokens: [ScriptToken], _ index: Int) -> Bool {
    if index > 0 {
      switch tokens[index - 1] {
      case .symbol(UInt8(ascii: ";")), .symbol(UInt8(ascii: "}")), .string: break
      default: return false
      }
    }
    var end = index
    let has = { (offset: Int, token: ScriptToken) in offset < tokens.count && tokens[offset] == token }
    switch tokens[index] {
    case .name("exports"):
      guard has(index + 1, .symbol(UInt8(ascii: "."))), index + 2 < tokens.count,
        case .name = tokens[index + 2]
      else { return false }
      end = index + 3
    case .name("module"):
      guard has(index + 1, .symbol(UInt8(ascii: "."))), has(index + 2, .name("exports")) else { return false }
      end = index + 3
      if has(end, .symbol(UInt8(ascii: "."))) { end += 2 }
    default: return false
    }
    return has(end, .symbol(UInt8(ascii: "="))) && !has(end + 1, .symbol(UInt8(ascii: "=")))
  }

  /// Whether the token at `index` gives a name of CommonJS a meaning of the file's own.
  static func definesCommon(_ tokens: [ScriptToken], _ index: Int) -> Bool {
    guard case .name(let name) = tokens[index] else { return false }
    if name == "createRequire" { return true }
    guard ["require", "module", "exports"].contains(name) else { return false }
    if index > 0, case .name(let word) = tokens[index - 1],
      ["const", "let", "var", "function", "import", "as"].contains(word)
    {
      return true
    }
    let isMember = index > 0 && tokens[index - 1] == .symbol(UInt8(ascii: "."))
    guard index + 2 < tokens.count, !isMember || name == "require" else { return false }
    return tokens[index + 1] == .symbol(UInt8(ascii: "=")) && tokens[index + 2] != .symbol(UInt8(ascii: "="))
  }
}
