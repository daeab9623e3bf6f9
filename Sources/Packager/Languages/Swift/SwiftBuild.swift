internal import Core

extension SwiftPackage {
  func compileTools(for build: UnitBuild, unit: String) -> [BuildTool] {
    [BuildTool(name: "swift", command: ["swift", "--version"])]
  }

  func compiler(of build: UnitBuild, root: String) -> (any Compiler)? { SwiftBuild(build: build) }
}

/// A program of a Swift package, built as `bootstrap` where the package lies.
struct SwiftBuild: Compiler {
  let build: UnitBuild

  func steps(in place: BuildPlace) -> [BuildStep] {
    [
      BuildStep(
        arguments: ["swift", "build", "-c", "release", "--static-swift-stdlib"]
          + (build.target.map { ["--product", $0] } ?? []), folder: build.project.absolute(in: place.root),
        advice: "install Swift, or set \"build\" and \"output\"")
    ]
  }

  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree {
    let folder = "\(build.project.absolute(in: place.root))/.build/release"
    let name = build.target ?? build.unit.name
    guard Files.exists("\(folder)/\(name)") else {
      throw .build(unit: build.unit, reason: "swift made no program '\(name.escaped)'", output: [])
    }
    // Resources lie beside the program, which looks for them there.
    let resources = ((try? Files.names(in: folder)) ?? []).filter { $0.hasSuffix(".resources") }
    var sources = [PackageTree.Source(path: "bootstrap", file: "\(folder)/\(name)", kind: .file, rule: nil)]
    for bundle in resources {
      sources += try PackageTree.made(in: "\(folder)/\(bundle)", at: RepositoryPath.root.appending(bundle))
    }
    return try PackageTree(sources, boundary: [place.root])
  }
}
