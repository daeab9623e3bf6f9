extension PythonModule {
  /// The byte at which `source` takes in what `wanted` says; nil where that cannot be told.
  static func offset(of wanted: SourceImport, in source: [UInt8]) -> Int? {
    let lines = PythonTokenizer.tokens(of: source).split { $0.token == .newline }
    for line in lines {
      for index in line.indices {
        guard case .name(let word) = line[index].token, word == "import" || word == "from" else { continue }
        // What follows the word is the module, up to its names.
        let rest = line[(index + 1)...]
        if word == "from" {
          if text(rest.prefix { $0.token != .name("import") }) == wanted.module { return line[index].offset }
        } else if rest.split(whereSeparator: { $0.token == .symbol(UInt8(ascii: ",")) })
          .contains(where: { text($0.prefix { $0.token != .name("as") }) == wanted.module })
        {
          return line[index].offset
        }
      }
    }
    return nil
  }

  /// Names and dots as they are written, without what is between them.
  private static func text(_ tokens: ArraySlice<PythonTokenizer.Located>) -> String {
    tokens.map { located in
      switch located.token {
      case .name(let name): name
      case .symbol(UInt8(ascii: ".")): "."
      default: " "
      }
    }.joined()
  }
}
