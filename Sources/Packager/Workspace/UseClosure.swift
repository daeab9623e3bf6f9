internal import Core

/// The shared folders that a unit needs: those it names, those that they need, and so on.
struct UseClosure: Sendable {
  let workspace: Workspace
  let survey: Survey
  /// What sources reach.
  var sources: Closures
  /// The files with the handlers of each unit's functions, in the order of their paths.
  let handlerFiles: [RepositoryPath: [RepositoryPath]]
  private var direct: [RepositoryPath: [RepositoryPath]] = [:]

  init(workspace: Workspace, survey: Survey) {
    self.workspace = workspace
    self.survey = survey
    sources = Closures(survey)
    var files: [RepositoryPath: Set<RepositoryPath>] = [:]
    for function in survey.functions {
      if let file = function.handlerFile { files[function.unit, default: []].insert(file) }
    }
    handlerFiles = files.mapValues { $0.sorted() }
  }

  /// The closure of the elements of `uses` for `unit`, in byte order of the folders.
  mutating func uses(_ value: ConfigValue?, unit: RepositoryPath) throws(PackagerError) -> [SharedUse] {
    var pending = try folders(value)
    var found: Set<RepositoryPath> = []
    while let folder = pending.popLast() {
      guard folder != unit, found.insert(folder).inserted else { continue }
      pending += try needs(of: folder)
    }
    var uses: [SharedUse] = []
    for folder in found.sorted() {
      if unit.contains(folder), !unit.isRoot { continue }
      let into = workspace.config.shared[folder]?.into ?? RepositoryPath.root.appending(folder.name)
      uses.append(SharedUse(folder: folder, into: into))
    }
    return uses
  }

  private func folders(_ value: ConfigValue?) throws(PackagerError) -> [RepositoryPath] {
    var folders: [RepositoryPath] = []
    for element in value?.elements ?? [] {
      // A path in lamctl.json is from the root, one in a function.json from its folder.
      folders.append(try Survey.checkedFolder(element, from: element.folder, index: survey.index))
    }
    return folders
  }

  private mutating func needs(of folder: RepositoryPath) throws(PackagerError) -> [RepositoryPath] {
    if let known = direct[folder] { return known }
    let needed =
      try folders(survey.functionFiles[folder]?["uses"])
      + folders(workspace.config.shared[folder]?.uses)
    direct[folder] = needed
    return needed
  }
}

extension Survey {
  static func checkedFolder(
    _ element: ConfigValue, from folder: RepositoryPath, index: RepositoryIndex
  ) throws(PackagerError) -> RepositoryPath {
    let path = try Workspace.usedFolder(element, from: folder, index: index)
    guard !path.isRoot else { throw element.error("\"uses\": the root folder cannot be shared code") }
    return path
  }
}
