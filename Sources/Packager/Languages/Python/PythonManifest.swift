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
        let text = SettingsText(bytes)
        for requirement in SettingsText.strings(text.value("project", "dependencies")) {
          names.insert(
            Requirements.normalized(requirement.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }))
        }
        for section in ["tool.poetry.dependencies", "packages"] {
          for (key, _) in text.all(section).flatMap(\.values) { names.insert(Requirements.normalized(key)) }
        }
      }
    }
    return names
  }

  /// Folders that `pyproject.toml` and `requirements.txt` in `folder` name as packages, as they are written; and names of
  /// members of the workspace around.
  static func local(_ bytes: [UInt8]) -> (paths: [String], members: [String]) {
    let text = SettingsText(bytes)
    var paths: [String] = []
    var members: [String] = []
    for (key, value) in text.all("tool.uv.sources").flatMap(\.values) {
      if let path = SettingsText.string(SettingsText.member("path", of: value)) { paths.append(path) }
      if SettingsText.member("workspace", of: value) == "true" {
        members.append(Requirements.normalized(key))
      }
    }
    for (_, value) in text.all("tool.poetry.dependencies").flatMap(\.values) {
      if let path = SettingsText.string(SettingsText.member("path", of: value)) { paths.append(path) }
    }
    for section in text.sections where section.name.hasPrefix("tool.poetry.dependencies.") {
      if let path = SettingsText.string(section["path"]) { paths.append(path) }
    }
    // `packages = [{ include = "x", from = "../common/src" }]`
    if let packages = text.value("tool.poetry", "packages") {
      for table in packages.split(separator: "{").dropFirst() {
        if let from = SettingsText.string(SettingsText.member("from", of: "{\(table)")), from.hasPrefix("..")
        {
          paths.append(from)
        }
      }
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
  /// Path dependencies of uv, poetry and pip, and members of a uv workspace.
  func localPackages(in folder: RepositoryPath, root: String) -> [RepositoryPath] {
    let read = { (path: RepositoryPath) in (try? Files.read(path.absolute(in: root), limit: 1 << 20)) ?? [] }
    let (paths, members) = PythonManifest.local(read(folder.appending("pyproject.toml")))
    let listed = PythonManifest.paths(requirements: read(folder.appending("requirements.txt")))
    var found = (paths + listed).compactMap { folder.resolving($0) }.filter {
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
        let globs = SettingsText.strings(SettingsText(bytes).value("tool.uv.workspace", "members"))
        if !globs.isEmpty {
          return globs.flatMap { folders($0, below: top, root: root) }.filter { member in
            let bytes =
              (try? Files.read(member.appending("pyproject.toml").absolute(in: root), limit: 1 << 20)) ?? []
            let name = SettingsText.string(SettingsText(bytes).value("project", "name")) ?? member.name
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
