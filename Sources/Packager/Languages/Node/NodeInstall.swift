internal import Core

/// `package-lock.json` by npm.
struct NodeInstall: DependencyInstaller {
  let build: UnitBuild

  var settings: [String] { [] }

  func needs(_ path: RepositoryPath) -> Bool {
    path.parent == build.unit
      && ["package.json", "package-lock.json", "npm-shrinkwrap.json", ".npmrc"].contains(path.name)
  }

  func replaces(_ path: RepositoryPath) -> Bool {
    path != "node_modules" && path.components.first == "node_modules"
  }

  /// Installs what the lock says for production, for the function's processor rather than this machine's.
  func commands(target: String) -> [[String]] {
    let processor = build.architecture == "arm64" ? "arm64" : "x64"
    return [
      [
        "npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error", "--os=linux",
        "--cpu=\(processor)", "--libc=glibc",
      ]
    ]
  }

  func result(unit: String, target: String, staging: String) throws(PackagerError) -> PackageTree {
    guard Files.isFolder("\(unit)/node_modules") else { return try PackageTree([], boundary: []) }
    let walk = TreeWalk(root: unit, ignoreFiles: [])
    let sources = try walk.files(below: "node_modules").filter {
      $0.path != "node_modules/.package-lock.json"
    }
    .map { file in
      PackageTree.Source(path: file.path, file: file.path.absolute(in: unit), kind: file.kind, rule: nil)
    }
    return try PackageTree(sources, boundary: [staging])
  }
}
