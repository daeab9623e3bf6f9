internal import Core

extension Proposal {
  /// What discovery finds, as files that say so.
  ///
  /// - Throws: ``PackagerError`` when the repository cannot be read, or holds no function: then it names what was seen.
  package init(discovering workspace: Workspace) throws(PackagerError) {
    self.init(source: "the repository")
    project = Naming.clean(workspace.rootFolderName)
    keepsNames = true
    let found = try workspace.discover()
    try list(found, in: workspace)
    guard found.isEmpty else { return }
    let index = try RepositoryIndex(root: workspace.root, git: workspace.git)
    let seen = index.files.filter { Self.telling.contains($0.name) || $0.hasSuffix(".csproj") }
    let words = seen.prefix(5).map(\.description).joined(separator: ", ") + (seen.count > 5 ? ", …" : "")
    throw .discovery(
      reason: "no function was found in \(workspace.root)" + (seen.isEmpty ? "" : "; it has \(words)"),
      fix: seen.contains { ["template.yaml", "template.yml", "serverless.yml"].contains($0.name) }
        ? "read them with lamctl init --from \(seen[0])"
        : "write \"functions\" into lamctl.json, or a function.json")
  }

  /// Lists functions so that they are found again: by their folders alone where those show the same, else by what is
  /// written down of them there.
  private mutating func list(
    _ found: [DiscoveredFunction], in workspace: Workspace
  ) throws(PackagerError) {
    let rediscovery = try Rediscovery(of: workspace)
    // Whether the functions of a unit have entries; false where those did not help either.
    var written: [RepositoryPath: Bool] = [:]
    let propose = { (written: [RepositoryPath: Bool]) in
      found.map { function in
        ProposedFunction(
          name: function.name, unit: function.unit,
          settings: written[function.unit] ?? false ? Self.entry(function) : JSONObject())
      }
    }
    // What one folder writes down may free the name that another would have to share.
    while true {
      functions = propose(written)
      let changed = rediscovery.changed(found, by: files().files).filter { written[$0] ?? true }
      guard !changed.isEmpty else { break }
      for unit in changed { written[unit] = written[unit] == nil }
    }
    for unit in written.filter({ !$0.value }).map(\.key).sorted() {
      notes.append(
        "\(unit): listed, its functions are other ones than without lamctl.json: compare lamctl list before and after"
      )
    }
  }

  /// What makes an entry of `function.json` this function.
  private static func entry(_ function: DiscoveredFunction) -> JSONObject {
    var settings = JSONObject()
    settings["handler"] = function.handler.map(JSON.string)
    if function.runtime != Languages.named(function.language)?.standardRuntime {
      settings["runtime"] = function.runtime.map(JSON.string)
    }
    return settings
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
