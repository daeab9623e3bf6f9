internal import Core

extension Proposal {
  /// What discovery finds, as files that say so.
  ///
  /// - Throws: ``PackagerError`` when the repository cannot be read, or holds no function: then it names what was seen.
  package init(discovering workspace: Workspace) throws(PackagerError) {
    self.init(source: "the repository")
    project = Naming.clean(workspace.rootFolderName)
    functions = try workspace.discover().map {
      ProposedFunction(name: $0.name, unit: $0.unit, settings: JSONObject())
    }
    guard functions.isEmpty else { return }
    let index = try RepositoryIndex(root: workspace.root, git: workspace.git)
    let seen = index.files.filter { Self.telling.contains($0.name) || $0.hasSuffix(".csproj") }
    let words = seen.prefix(5).map(\.description).joined(separator: ", ") + (seen.count > 5 ? ", …" : "")
    throw .discovery(
      reason: "no function was found in \(workspace.root)" + (seen.isEmpty ? "" : "; it has \(words)"),
      fix: seen.contains { ["template.yaml", "template.yml", "serverless.yml"].contains($0.name) }
        ? "read them with lamctl init --from \(seen[0])"
        : "write \"functions\" into lamctl.json, or a function.json")
  }

  /// Files that stand for functions which the sources do not show.
  private static let telling: Set<String> = [
    "template.yaml", "template.yml", "serverless.yml", "cdk.json", "go.mod", "Cargo.toml", "pom.xml",
    "build.gradle", "build.gradle.kts", "Dockerfile", "package.json", "pyproject.toml", "requirements.txt",
    "Gemfile", "Package.swift",
  ]

  /// Gives functions without a folder the unit of the one function of the repository that has the same handler, or of those
  /// the one whose name theirs ends with, as `shop-orders` does with `orders`.
  mutating func place(in workspace: Workspace) {
    guard functions.contains(where: { $0.unit == nil }), let found = try? workspace.discover() else { return }
    let byHandler = Dictionary(grouping: found) { $0.handler ?? "" }
    for index in functions.indices where functions[index].unit == nil {
      guard let handler = functions[index].settings["handler"]?.string, let same = byHandler[handler] else {
        continue
      }
      let names = [functions[index].name, functions[index].settings["functionName"]?.string].compactMap { $0 }
      let named = same.filter { found in
        names.contains { name in
          name == found.name || name.hasSuffix("-\(found.name)") || name.hasSuffix("_\(found.name)")
        }
      }
      if let only = same.count == 1 ? same.first : named.count == 1 ? named.first : nil {
        functions[index].unit = only.unit
      }
    }
  }
}
