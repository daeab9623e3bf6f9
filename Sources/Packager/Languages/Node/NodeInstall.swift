internal import Core

/// The dependencies of a Node unit by the package manager whose lock pins them.
struct NodeInstall: DependencyInstaller {
  let build: UnitBuild
  let project: NodeProject
  /// What besides the unit's files the package manager reads, from the repository's root.
  let files: [RepositoryPath]
  /// The manifests of other members of the workspace.
  let mirrored: [RepositoryPath]
  /// The packages that lie in the unit, from the repository's root.
  private let localFolders: [RepositoryPath]

  init(build: UnitBuild, project: NodeProject, root: String) {
    self.build = build
    self.project = project
    let members = project.memberManifests(root: root)
    files = project.settings(root: root) + members
    mirrored = members.filter { $0.parent != build.unit && $0.parent != project.folder }
    localFolders = Node().localPackages(in: build.unit, root: root).filter { build.unit.contains($0) }
  }

  var settings: [String] { [project.manager.rawValue, project.folder.text] }

  /// Manifests, and packages that lie in the unit.
  func needs(_ path: RepositoryPath) -> Bool {
    if path.parent == build.unit {
      return ["package.json", ".npmrc", ".yarnrc", ".yarnrc.yml"].contains(path.name)
        || NodeProject.lockNames.contains(path.name)
    }
    return localFolders.contains { $0.contains(path) }
  }

  func replaces(_ path: RepositoryPath) -> Bool {
    path != "node_modules" && path.components.first == "node_modules"
  }

  /// Installs what the lock says for production, for the function's processor rather than this machine's where the
  /// package manager can.
  func steps(in place: BuildPlace) -> [BuildStep] {
    let folder = project.folder.absolute(in: place.root)
    let member = build.unit.relative(to: project.folder).text
    let processor = build.architecture == "arm64" ? "arm64" : "x64"
    let advice = "install \(project.manager.program), whose \(project.lock) pins the dependencies"
    switch project.manager {
    case .npm:
      let filter = project.isWorkspace && !member.isEmpty ? ["--workspace=\(member)"] : []
      return [
        BuildStep(
          arguments: [
            "npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error", "--os=linux",
            "--cpu=\(processor)", "--libc=glibc",
          ] + filter, folder: folder, advice: advice)
      ]
    case .yarn:
      return [
        BuildStep(
          arguments: ["yarn", "install", "--frozen-lockfile", "--production", "--non-interactive"],
          folder: folder, advice: advice)
      ]
    case .berry:
      return [
        BuildStep(
          arguments: ["yarn", "workspaces", "focus", "--production"], folder: place.unit,
          variables: [
            "YARN_NODE_LINKER": "node-modules", "YARN_ENABLE_IMMUTABLE_INSTALLS": "true",
            "YARN_ENABLE_TELEMETRY": "0",
          ], advice: advice)
      ]
    case .pnpm:
      let filter = project.isWorkspace && !member.isEmpty ? ["--filter", "{./\(member)}..."] : []
      return [
        BuildStep(
          arguments: ["pnpm", "install", "--frozen-lockfile", "--prod", "--config.node-linker=hoisted"]
            + filter,
          folder: folder, advice: advice)
      ]
    case .bun:
      let filter = project.isWorkspace && !member.isEmpty ? ["--filter", "./\(member)"] : []
      return [
        BuildStep(
          arguments: ["bun", "install", "--frozen-lockfile", "--production"] + filter, folder: folder,
          advice: advice)
      ]
    }
  }

  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree {
    let check = NpmTree(build: build, project: project, place: place)
    if project.manager == .npm, !project.isWorkspace {
      try check.requireAll()
      let modules = "\(place.unit)/node_modules"
      guard Files.isFolder(modules) else { return try PackageTree([], boundary: []) }
      let walk = TreeWalk(root: place.unit, ignoreFiles: [])
      let sources = try walk.files(below: "node_modules").filter {
        $0.path != "node_modules/.package-lock.json"
      }
      .map { file in
        PackageTree.Source(
          path: file.path, file: file.path.absolute(in: place.unit), kind: file.kind, rule: nil)
      }
      return try PackageTree(sources, boundary: [place.root])
    }
    var tree = NodeTree(root: place.root)
    try tree.collect(for: place.unit, unit: build.unit, manager: project.manager.program)
    if project.manager == .npm { try check.requireVersions(of: tree.folders) }
    return try PackageTree(try tree.sources(), boundary: [place.root])
  }
}
