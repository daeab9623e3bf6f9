internal import Core

/// The Swift packages of a repository by their manifests, as far as plain text shows them.
struct SwiftManifests {
  /// A target of a package.
  struct Target {
    let name: String
    let folder: RepositoryPath
    let isProgram: Bool
    let isTest: Bool
    /// Names of targets and products that it depends on.
    let dependencies: [String]
  }

  /// One `Package.swift`.
  struct Package {
    let folder: RepositoryPath
    let targets: [Target]
    /// Packages in folders of the repository that it depends on.
    let paths: [RepositoryPath]
    /// The names of the programs that it declares as products, by the names of their targets; a target that is in none has
    /// its own.
    let products: [String: String]

    /// What the program of a target is called.
    func product(of target: Target) -> String { products[target.name] ?? target.name }
  }

  let packages: [Package]

  /// Those of the repository, read once.
  static func all(in index: RepositoryIndex) -> SwiftManifests {
    index.remembered("swift packages") { SwiftManifests(index: index) }
  }

  init(index: RepositoryIndex) {
    packages = index.files.filter { $0.name == "Package.swift" }.map { file in
      Self.package(CodeTokenizer.tokens(of: index.manifest(file) ?? [], .swift), in: file.parent, index)
    }
  }

  private static func package(
    _ tokens: [CodeToken], in folder: RepositoryPath, _ index: RepositoryIndex
  ) -> Package {
    var targets: [Target] = []
    var paths: [RepositoryPath] = []
    var products: [String: String] = [:]
    let closings = closings(in: tokens)
    let kinds = ["executableTarget", "target", "testTarget", "plugin", "macro"]
    var place = 0
    while place + 2 < tokens.count {
      defer { place += 1 }
      guard tokens[place].isSymbol("."), let kind = tokens[place + 1].word, tokens[place + 2].isSymbol("(")
      else {
        continue
      }
      let end = closings[place + 2] ?? tokens.count
      let inside = tokens[(place + 3)..<end].prefix(longestTarget)
      if kind == "package", let path = string("path", inside), let target = folder.resolving(path) {
        paths.append(target)
      }
      if kind == "executable", let name = string("name", inside) {
        for target in strings("targets", inside) where products[target] == nil { products[target] = name }
      }
      // `.target(name:)` among the dependencies of a target is no target itself: the scan goes on behind the outer one.
      guard kinds.contains(kind), let name = string("name", inside) else { continue }
      let standard = ["Sources", "Source", "src", "srcs", "Tests"].map {
        folder.appending($0).appending(name)
      }
      let home =
        string("path", inside).flatMap { folder.resolving($0) } ?? standard.first(
          where: index.folders.contains)
        ?? folder.appending("Sources").appending(name)
      targets.append(
        Target(
          name: name, folder: home, isProgram: kind == "executableTarget", isTest: kind == "testTarget",
          dependencies: dependencies(inside)))
      place = end
    }
    return Package(folder: folder, targets: targets, paths: paths, products: products)
  }

  /// The most tokens of a target that are looked at.
  private static let longestTarget = 2048

  /// Of each opening bracket the place of the one that closes it.
  private static func closings(in tokens: [CodeToken]) -> [Int: Int] {
    var closings: [Int: Int] = [:]
    var open: [Int] = []
    for index in tokens.indices {
      if tokens[index].isSymbol("(") || tokens[index].isSymbol("[") { open.append(index) }
      if tokens[index].isSymbol(")") || tokens[index].isSymbol("]"), let start = open.popLast() {
        closings[start] = index
      }
    }
    return closings
  }

  /// The string behind the first `label:`.
  private static func string(_ label: String, _ tokens: ArraySlice<CodeToken>) -> String? {
    for index in tokens.indices where tokens[index] == .word(label) {
      guard index + 2 < tokens.endIndex, tokens[index + 1].isSymbol(":") else { continue }
      return tokens[index + 2].string
    }
    return nil
  }

  /// The strings in the list behind `label:`.
  private static func strings(_ label: String, _ tokens: ArraySlice<CodeToken>) -> [String] {
    guard let start = tokens.firstIndex(of: .word(label)) else { return [] }
    return tokens[start...].prefix { !$0.isSymbol("]") }.compactMap(\.string)
  }

  /// All strings in the list behind `dependencies:` but the names of packages.
  private static func dependencies(_ tokens: ArraySlice<CodeToken>) -> [String] {
    guard let start = tokens.firstIndex(of: .word("dependencies")) else { return [] }
    var names: [String] = []
    var depth = 0
    for index in start..<tokens.endIndex {
      if tokens[index].isSymbol("[") { depth += 1 }
      if tokens[index].isSymbol("]") {
        depth -= 1
        if depth == 0 { break }
      }
      guard depth > 0, case .string(let text) = tokens[index] else { continue }
      let isPackage = index - 2 > start && tokens[index - 2] == .word("package")
      if !isPackage { names.append(text) }
    }
    return names
  }
}
