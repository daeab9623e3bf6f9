internal import Core

/// Everything that one look at the repository shows.
struct Survey: Sendable {
  let index: RepositoryIndex
  /// `function.json` files by their folder.
  let functionFiles: [String: ConfigValue]
  let functions: [DiscoveredFunction]
  let passedOver: [PassedOver]
}

extension Workspace {
  func survey() throws(PackagerError) -> Survey {
    let index = try RepositoryIndex(root: root)
    var files: [String: ConfigValue] = [:]
    for file in index.files where RootPath.name(file) == "function.json" {
      let folder = RootPath.parent(file)
      guard !folder.split(separator: "/").contains(where: { !Narrowing.enters(String($0)) }) else { continue }
      files[folder] = try ConfigFile.load("\(root)/\(file)", name: file, table: .functionFile)
    }
    var shared = Set(config.shared.keys)
    shared.formUnion(try usedFolders(config.value["defaults"], from: "", index: index))
    for member in config.value["environments"]?.members ?? [] {
      shared.formUnion(try usedFolders(member.value["defaults"], from: "", index: index))
    }
    for (folder, file) in files {
      shared.formUnion(try usedFolders(file, from: folder, index: index))
      for member in file["environments"]?.members ?? [] {
        shared.formUnion(try usedFolders(member.value, from: folder, index: index))
      }
    }
    var discovery = Discovery(
      config: config, index: index, functionFiles: files, shared: shared,
      rootName: Naming.clean(RootPath.name(root)))
    try discovery.run()
    return Survey(
      index: index, functionFiles: files, functions: discovery.functions, passedOver: discovery.passedOver)
  }

  private func usedFolders(
    _ value: ConfigValue?, from folder: String, index: RepositoryIndex
  ) throws(PackagerError) -> [String] {
    var used: [String] = []
    for element in value?["uses"]?.elements ?? [] {
      used.append(try Self.usedFolder(element, from: folder, index: index))
    }
    return used
  }

  /// The folder that an element of `uses` in a file of `folder` means: from there, else from the root.
  static func usedFolder(
    _ element: ConfigValue, from folder: String, index: RepositoryIndex
  ) throws(PackagerError) -> String {
    let text = element.string ?? ""
    if let near = RootPath.normalized(RootPath.join(folder, text)), index.folders.contains(near) {
      return near
    }
    if let top = RootPath.normalized(text), index.folders.contains(top) { return top }
    let path = try RootPath.resolve(text, from: folder, in: element)
    let hint =
      Suggestion.nearest(to: path, in: index.folders.sorted()).map { "; did you mean '\($0)'?" } ?? ""
    throw element.error("\"uses\": there is no folder '\(path)' with files\(hint)")
  }
}
