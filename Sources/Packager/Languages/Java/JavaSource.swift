/// Reads the package, the imports and the classes of a Java or Kotlin file.
struct JavaSource {
  private let tokens: [CodeToken]
  private let isKotlin: Bool
  /// How many classes are followed into one another.
  private static let deepest = 32
  private var reading = SourceReading()
  /// The classes around, with the depth of their braces.
  private var around: [(depth: Int, name: String)] = []
  private var depth = 0

  static func reading(of source: [UInt8], isKotlin: Bool) -> SourceReading {
    var reader = JavaSource(
      tokens: CodeTokenizer.tokens(of: source, isKotlin ? .kotlin : .java), isKotlin: isKotlin)
    reader.run()
    return reader.reading
  }

  private init(tokens: [CodeToken], isKotlin: Bool) {
    self.tokens = tokens
    self.isKotlin = isKotlin
  }

  private func word(_ index: Int) -> String? { tokens.indices.contains(index) ? tokens[index].word : nil }

  private func isSymbol(_ index: Int, _ character: Character) -> Bool {
    tokens.indices.contains(index) && tokens[index].isSymbol(character)
  }

  private mutating func run() {
    var index = 0
    while index < tokens.count {
      switch tokens[index] {
      case .symbol(UInt8(ascii: "{")): depth += 1
      case .symbol(UInt8(ascii: "}")):
        depth -= 1
        while let last = around.last, last.depth >= depth { around.removeLast() }
      case .word("package") where reading.package == nil && depth == 0:
        reading.package = dotted(from: index + 1)
      case .word("import") where depth == 0:
        let start = word(index + 1) == "static" ? index + 2 : index + 1
        reading.imports.append(SourceImport(module: dotted(from: start)))
      case .word("class"), .word("object"):
        // Not in `Foo.class`, `Foo::class` and the like.
        let isDeclaration = index == 0 || !(isSymbol(index - 1, ".") || isSymbol(index - 1, ":"))
        if isDeclaration, let name = word(index + 1) { declare(name, at: index) }
      default: break
      }
      index += 1
    }
  }

  private func dotted(from start: Int) -> String {
    var text = ""
    var index = start
    while let part = word(index) {
      text += part
      guard isSymbol(index + 1, ".") else { break }
      text += "."
      index += 2
    }
    return text
  }

  private mutating func declare(_ name: String, at index: Int) {
    let isAbstract = (1...6).contains { back in
      guard index - back >= 0, let word = word(index - back) else { return false }
      return ["abstract", "sealed"].contains(word)
        && !(index - back + 1..<index).contains {
          isSymbol($0, "}") || isSymbol($0, ";") || isSymbol($0, "{")
        }
    }
    // What stands beside a class without a body is not in it.
    while let last = around.last, last.depth >= depth { around.removeLast() }
    let outer = around.map(\.name).joined(separator: "$")
    let local = outer.isEmpty ? name : "\(outer)$\(name)"
    let full = reading.package.map { "\($0).\(local)" } ?? local
    reading.types.append(
      SourceType(
        name: full, simpleName: name, parents: isKotlin ? kotlinParents(index + 2) : javaParents(index + 2),
        isAbstract: isAbstract))
    if around.count < Self.deepest { around.append((depth, name)) }
  }

  /// The names behind `extends` and `implements`, up to the body.
  private func javaParents(_ start: Int) -> [String] {
    var parents: [String] = []
    var angles = 0
    var isParent = false
    for index in start..<min(tokens.count, start + 256) {
      switch tokens[index] {
      case .symbol(UInt8(ascii: "{")), .symbol(UInt8(ascii: ";")): return parents
      case .symbol(UInt8(ascii: "<")): angles += 1
      case .symbol(UInt8(ascii: ">")): angles -= 1
      case .word("extends"), .word("implements"): if angles == 0 { isParent = true }
      case .word(let word) where isParent && angles == 0 && !isSymbol(index + 1, "."): parents.append(word)
      default: break
      }
    }
    return parents
  }

  /// The names behind the colon that follows the class's name and its parameters.
  private func kotlinParents(_ start: Int) -> [String] {
    var parents: [String] = []
    var angles = 0
    var brackets = 0
    var isParent = false
    for index in start..<min(tokens.count, start + 256) {
      switch tokens[index] {
      case .symbol(UInt8(ascii: "{")) where brackets == 0: return parents
      case .symbol(UInt8(ascii: "(")): brackets += 1
      case .symbol(UInt8(ascii: ")")): brackets -= 1
      case .symbol(UInt8(ascii: "<")): angles += 1
      case .symbol(UInt8(ascii: ">")): angles -= 1
      case .symbol(UInt8(ascii: ":")) where brackets == 0: isParent = true
      case .word("class"), .word("fun"), .word("object"), .word("val"): if brackets == 0 { return parents }
      case .word(let word) where isParent && brackets == 0 && angles == 0 && !isSymbol(index + 1, "."):
        parents.append(word)
      default: break
      }
    }
    return parents
  }
}
