internal import Core

/// What the manifests of Python projects ask for.
enum PythonManifest {
  /// The normalised names of what the manifests of `folders` require.
  static func names(in folders: Set<RepositoryPath>, _ index: RepositoryIndex) -> Set<String> {
    var names: Set<String> = []
    for folder in folders {
      names.formUnion(index.manifest(folder.appending("requirements.txt")).map(Requirements.names) ?? [])
      for file in ["pyproject.toml", "Pipfile"] {
        guard let bytes = index.manifest(folder.appending(file)) else { continue }
        let text = TOMLText.object(bytes)
        for requirement in text.at("project", "dependencies")?.texts ?? [] {
          names.insert(
            Requirements.normalized(requirement.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }))
        }
        for table in [text.at("tool", "poetry", "dependencies"), text["packages"]] {
          for (key, _) in table?.tableMembers ?? [] { names.insert(Requirements.normalized(key)) }
        }
      }
    }
    return names
  }

  /// The name of the project in `folder`, where its manifest says it.
  ///
  /// - Parameter root: absolute path of the repository.
  static func projectName(in folder: RepositoryPath, root: String) -> String? {
    let file = folder.appending("pyproject.toml").absolute(in: root)
    guard let bytes = try? Files.read(file, limit: 1 << 20) else { return nil }
    let text = TOMLText.object(bytes)
    return (text.at("project", "name") ?? text.at("tool", "poetry", "name"))?.string
  }

  /// Folders that a `Pipfile` names as packages, as they are written.
  static func paths(pipfile bytes: [UInt8]) -> [String] {
    (TOMLText.object(bytes)["packages"]?.tableMembers ?? []).compactMap { $0.1["path"]?.string }
  }

  /// Folders that `pyproject.toml` and `requirements.txt` in `folder` name as packages, as they are written; and names of
  /// members of the workspace around.
  static func local(_ bytes: [UInt8]) -> (paths: [String], members: [String]) {
    let text = TOMLText.object(bytes)
    var paths: [String] = []
    var members: [String] = []
    for (key, value) in text.at("tool", "uv", "sources")?.tableMembers ?? [] {
      // A package may come from different places on different machines.
      for source in value.array ?? [value] {
        if let path = source["path"]?.string { paths.append(path) }
        if source["workspace"] == .bool(true) { members.append(Requirements.normalized(key)) }
      }
    }
    let poetry = text.at("tool", "poetry")
    for table in [poetry?["dependencies"], poetry?.at("group", "main", "dependencies")] {
      for (_, value) in table?.tableMembers ?? [] {
        for source in value.array ?? [value] { if let path = source["path"]?.string { paths.append(path) } }
      }
    }
    // `packages = [{ include = "x", from = "../common/src" }]`
    for table in poetry?["packages"]?.array ?? [] {
      if let from = table["from"]?.string, from.hasPrefix("..") { paths.append(from) }
    }
    // `x @ file:../x`
    for requirement in text.at("project", "dependencies")?.texts ?? [] {
      guard let at = requirement.firstRange(of: "@ file:") else { continue }
      let path = requirement[at.upperBound...].prefix { $0 != " " && $0 != ";" }
      if path.hasPrefix(".") { paths.append(String(path)) }
    }
    return (paths, members)
  }

  /// The folders that lines of requirements name: `../common/x`, `-e ../x`, `x @ file:../x`.
  static func paths(requirements bytes: [UInt8]) -> [String] {
    Requirements.lines(bytes).compactMap { line in
      var text = line[...]
      for flag in ["-e ", "--editable ", "--editable="] where text.hasPrefix(flag) {
        text = text.dropFirst(flag.count)
      }
      if let at = text.firstRange(of: "file:") { text = text[at.upperBound...] }
      let path = text.prefix { $0 != " " && $0 != ";" && $0 != "[" }
      return path.hasPrefix("./") || path.hasPrefix("../") || path == "." || path == ".." ? String(path) : nil
    }
  }
}

extension Python {
  /// Path dependencies of uv, poetry, Pipenv and pip, and members of a uv workspace.
  func localPackages(in folder: RepositoryPath, root: String) -> [RepositoryPath] {
    let read = { (path: RepositoryPath) in (try? Files.read(path.absolute(in: root), limit: 1 << 20)) ?? [] }
    let (paths, members) = PythonManifest.local(read(folder.appending("pyproject.toml")))
    let listed = PythonManifest.paths(requirements: read(folder.appending("requirements.txt")))
    let piped = PythonManifest.paths(pipfile: read(folder.appending("Pipfile")))
    var found = (paths + listed + piped).compactMap { folder.resolving($0) }.filter {
      Files.isFolder($0.absolute(in: root))
    }
    if !members.isEmpty { found += workspaceMembers(members, around: folder, root: root) }
    return found.filter { $0 != folder }
  }

  private func workspaceMembers(
    _ names: [String], around folder: RepositoryPath, root: String
  ) -> [RepositoryPath] {
    var top = folder
    while true {
      if let bytes = try? Files.read(top.appending("pyproject.toml").absolute(in: root), limit: 1 << 20) {
        let globs = TOMLText.object(bytes).at("tool", "uv", "workspace", "members")?.texts ?? []
        if !globs.isEmpty {
          return globs.flatMap { folders($0, below: top, root: root) }.filter { member in
            let bytes =
              (try? Files.read(member.appending("pyproject.toml").absolute(in: root), limit: 1 << 20)) ?? []
            let name = TOMLText.object(bytes).at("project", "name")?.string ?? member.name
            return names.contains(Requirements.normalized(name))
          }
        }
      }
      guard !top.isRoot else { return [] }
      top = top.parent
    }
  }

  /// The folders that a member's pattern means: a path, or one with a star as its last part.
  private func folders(_ pattern: String, below top: RepositoryPath, root: String) -> [RepositoryPath] {
    guard pattern.hasSuffix("/*") else { return top.resolving(pattern).map { [$0] } ?? [] }
    guard let parent = top.resolving(pattern.dropLast(2)) else { return [] }
    let names = ((try? Files.names(in: parent.absolute(in: root))) ?? []).sorted()
    return names.map { parent.appending($0) }.filter {
      Files.exists($0.appending("pyproject.toml").absolute(in: root))
    }
  }
}
