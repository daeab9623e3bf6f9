internal import Core

extension LockReader {
  /// What stands for each lock file of a unit that can be cut to what the unit reaches; the others count by their bytes.
  ///
  /// - Throws: ``PackagerError`` when a lock file is broken or cannot be read.
  mutating func words(
    of inputs: UnitInputs, for build: UnitBuild
  ) throws(PackagerError) -> [RepositoryPath: String] {
    // Bundlers and compilers are there for development only, and yet decide about what comes out.
    let isBuilt = build.command != nil || inputs.own.contains { Self.isTypeScript($0.path) }
    var words: [RepositoryPath: String] = [:]
    for file in inputs.locks {
      guard case .cut(let word)? = try slice(file.path, for: build.unit, withDevelopment: isBuilt) else {
        continue
      }
      words[file.path] = word
    }
    return words
  }

  private static func isTypeScript(_ path: RepositoryPath) -> Bool {
    [".ts", ".mts", ".cts", ".tsx"].contains(where: path.hasSuffix) && !path.hasSuffix(".d.ts")
  }
}
