internal import Core

/// What discovery finds once files of a proposal are there: a folder that is listed is read by other rules than a
/// repository without a list, and gives its only function its own name.
struct Rediscovery {
  private let workspace: Workspace
  private let survey: Survey

  /// - Throws: ``PackagerError`` when the repository cannot be read.
  init(of workspace: Workspace) throws(PackagerError) {
    self.workspace = workspace
    survey = try workspace.survey()
  }

  /// The units whose functions would be other ones than `found`.
  func changed(_ found: [DiscoveredFunction], by files: [Proposal.File]) -> Set<RepositoryPath> {
    let before = Dictionary(grouping: found, by: \.unit).mapValues { Set($0.map(Identity.init)) }
    let after = Dictionary(grouping: functions(with: files), by: \.unit).mapValues {
      Set($0.map(Identity.init))
    }
    return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
  }

  /// What makes a function the same one for whoever builds and deploys it.
  private struct Identity: Hashable {
    let name: String
    let runtime: String?
    let handler: String?
    let file: RepositoryPath?
    let root: RepositoryPath

    init(_ function: DiscoveredFunction) {
      name = function.name
      runtime = function.runtime
      handler = function.handler
      file = function.handlerFile
      root = function.root
    }
  }

  private func functions(with files: [Proposal.File]) -> [DiscoveredFunction] {
    var config = workspace.config
    var functionFiles = survey.functionFiles
    let rootName = Naming.clean(workspace.rootFolderName)
    for file in files {
      let isRoot = file.path.isNamed("lamctl.json")
      let value = ConfigFile.parse(
        Array(file.text.utf8), name: file.path.text, table: isRoot ? .root : .functionFile
      ).value
      if isRoot {
        var faults: [PackagerError] = []
        config = WorkspaceConfig(value, file: file.path.text, rootName: rootName, faults: &faults)
      } else {
        functionFiles[file.path.parent] = value
      }
    }
    var discovery = Discovery(
      config: config, index: survey.index, functionFiles: functionFiles, shared: survey.shared,
      rootName: rootName, git: workspace.git)
    discovery.run()
    return discovery.functions
  }
}
