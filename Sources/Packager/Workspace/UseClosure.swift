internal import Core

/// The shared folders that a unit needs: those it names, those that they need, and so on.
struct UseClosure {
  let workspace: Workspace
  let survey: Survey
  private var direct: [String: [String]] = [:]

  init(workspace: Workspace, survey: Survey) {
    self.workspace = workspace
    self.survey = survey
  }

  /// The closure of the elements of `uses` for `unit`, in byte order of the folders.
  mutating func uses(_ value: ConfigValue?, unit: String) throws(PackagerError) -> [SharedUse] {
    var pending = try folders(value, unit: unit)
    var found: Set<String> = []
    while let folder = pending.popLast() {
      guard folder != unit, found.insert(folder).inserted else { continue }
      pending += try needs(of: folder)
    }
    var uses: [SharedUse] = []
    for folder in found.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      if RootPath.contains(unit, folder), !unit.isEmpty { continue }
      let written = workspace.config.shared[folder]?.into
      uses.append(
        SharedUse(folder: folder, into: written.flatMap(RootPath.normalized) ?? RootPath.name(folder)))
    }
    return uses
  }

  private func folders(_ value: ConfigValue?, unit: String) throws(PackagerError) -> [String] {
    var folders: [String] = []
    for element in value?.elements ?? [] {
      // A path in lamctl.json is from the root, one in a function.json from its folder.
      let base = RootPath.name(element.file) == "function.json" ? RootPath.parent(element.file) : ""
      folders.append(try Survey.checkedFolder(element, from: base, index: survey.index))
    }
    return folders
  }

  private mutating func needs(of folder: String) throws(PackagerError) -> [String] {
    if let known = direct[folder] { return known }
    let needed =
      try folders(survey.functionFiles[folder]?["uses"], unit: folder)
      + folders(workspace.config.shared[folder]?.uses, unit: folder)
    direct[folder] = needed
    return needed
  }
}

extension Survey {
  static func checkedFolder(
    _ element: ConfigValue, from folder: String, index: RepositoryIndex
  ) throws(PackagerError) -> String {
    let path = try Workspace.usedFolder(element, from: folder, index: index)
    guard !path.isEmpty else { throw element.error("\"uses\": the root folder cannot be shared code") }
    return path
  }
}
