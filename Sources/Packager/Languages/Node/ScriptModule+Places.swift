extension ScriptModule {
  /// The byte behind the first import of `specifier` in `source`; nil where that cannot be told.
  static func offset(of specifier: String, in source: [UInt8]) -> Int? {
    let (tokens, ends) = ScriptTokenizer.located(in: source)
    let index = tokens.indices.first { index in
      guard tokens[index] == .string(specifier), index > 0 else { return false }
      switch tokens[index - 1] {
      case .name("from"), .name("import"): return true
      case .symbol(UInt8(ascii: "(")):
        return index > 1 && [.name("require"), .name("import")].contains(tokens[index - 2])
      default: return false
      }
    }
    // A line may end right behind it.
    return index.map { ends[$0] - 1 }
  }
}
