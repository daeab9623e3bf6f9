internal import Core

/// Whether sources that are bundled have what only an ES module has: `await` outside of functions, `import.meta`.
struct ModuleNeed {
  /// Absolute path of the folder that stands for the repository's root.
  let root: String
  private static let longestFile: Int = 8 << 20
  private static let mostFiles = 20_000
  private static let endings = ["ts", "tsx", "mts", "js", "jsx", "mjs"]

  /// - Parameter sources: from the root; what they name by their places is looked at as well.
  func isThere(in sources: [RepositoryPath]) -> Bool {
    var walk = SourceWalk(sources)
    while let file = walk.next(), walk.found.count < Self.mostFiles {
      guard Self.endings.contains(file.fileExtension ?? ""), !file.hasSuffix(".d.ts"),
        let bytes = try? Files.read(file.absolute(in: root), limit: Self.longestFile)
      else { continue }
      if Self.isModule(ScriptTokenizer.tokens(of: bytes)) { return true }
      for specifier in ScriptModule(source: bytes).specifiers
      where specifier.hasPrefix("./") || specifier.hasPrefix("../") {
        if let found = file.parent.resolving(specifier).flatMap(file(at:)) { walk.add(found) }
      }
    }
    return false
  }

  /// What TypeScript means by a path: the file, one with an ending, `.js` for `.ts`, the index of a folder.
  private func file(at path: RepositoryPath) -> RepositoryPath? {
    guard !path.isRoot else { return nil }
    let stems = [path.name] + (path.hasSuffix("js") ? [path.stem] : [])
    let names = Self.endings.flatMap { ending in stems.map { "\($0).\(ending)" } }
    let candidates =
      [path] + names.map { path.parent.appending($0) } + Self.endings.map { path.appending("index.\($0)") }
    return candidates.first {
      let absolute = $0.absolute(in: root)
      return Files.exists(absolute) && !Files.isFolder(absolute)
    }
  }

  /// Whether the tokens have one of the two. An arrow in front of it may make a function without braces of it: then the
  /// answer may be one too many.
  static func isModule(_ tokens: [ScriptToken]) -> Bool {
    // Of each brace that is open, whether a function may be behind it.
    var braces: [Bool] = []
    var functions = 0
    var openings: [Int] = []
    var lastGroup = 0
    for (index, token) in tokens.enumerated() {
      switch token {
      case .symbol(UInt8(ascii: "(")): openings.append(index)
      case .symbol(UInt8(ascii: ")")): lastGroup = openings.popLast() ?? 0
      case .symbol(UInt8(ascii: "{")):
        let isFunction = !opensBlock(tokens, index, group: lastGroup)
        braces.append(isFunction)
        if isFunction { functions += 1 }
      case .symbol(UInt8(ascii: "}")): if braces.popLast() == true { functions -= 1 }
      case .name("await"):
        if functions == 0, !isBodyOfArrow(tokens, index), isWord(tokens, index) { return true }
      case .name("import"):
        if index + 2 < tokens.count, tokens[index + 1] == .symbol(UInt8(ascii: ".")),
          tokens[index + 2] == .name("meta")
        {
          return true
        }
      default: break
      }
    }
    return false
  }

  /// Whether the brace at `index` opens a block of a statement that is no function; `group` is where the brackets open that
  /// were closed last.
  private static func opensBlock(_ tokens: [ScriptToken], _ index: Int, group: Int) -> Bool {
    guard index > 0 else { return true }
    switch tokens[index - 1] {
    case .name(let word): return ["else", "try", "finally", "do"].contains(word)
    case .symbol(UInt8(ascii: ";")), .symbol(UInt8(ascii: "}")): return true
    case .symbol(UInt8(ascii: ")")):
      guard group > 0, case .name(let word) = tokens[group - 1] else { return false }
      let isMember = group > 1 && tokens[group - 2] == .symbol(UInt8(ascii: "."))
      return !isMember && ["if", "for", "while", "switch", "catch", "await"].contains(word)
    default: return false
    }
  }

  /// Whether `=> await x` stands there.
  private static func isBodyOfArrow(_ tokens: [ScriptToken], _ index: Int) -> Bool {
    index > 0 && tokens[index - 1] == .arrow
  }

  /// Whether it is the operator, and not a member or a key of that name.
  private static func isWord(_ tokens: [ScriptToken], _ index: Int) -> Bool {
    if index > 0, tokens[index - 1] == .symbol(UInt8(ascii: ".")) { return false }
    guard index + 1 < tokens.count else { return false }
    switch tokens[index + 1] {
    case .name, .value, .string: return true
    case .symbol(let byte): return "([{".utf8.contains(byte)
    case .arrow: return false
    }
  }
}
