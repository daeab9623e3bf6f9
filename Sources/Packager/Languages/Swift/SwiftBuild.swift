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

  /// The compiler writes for each module what it was made of, modules of other targets among it.
  func readFiles(in place: BuildPlace) -> ReadFiles {
    let folder = "\(build.project.absolute(in: place.root))/.build/release"
    var paths: Set<String> = []
    var pending = [build.target ?? build.unit.name]
    var seen = Set(pending)
    while let target = pending.popLast(), seen.count < Self.mostModules {
      let home = "\(folder)/\(Self.moduleName(target)).build"
      for name in (try? Files.names(in: home)) ?? [] where name.hasSuffix(".d") {
        guard let bytes = try? Files.read("\(home)/\(name)", limit: DependencyFile.longest) else { continue }
        paths.formUnion(DependencyFile(bytes).paths)
      }
      let modules = paths.compactMap { path in
        path.hasSuffix(".swiftmodule") ? path.split(separator: "/").last.map { String($0.dropLast(12)) } : nil
      }
      pending += modules.filter { seen.insert($0).inserted }
    }
    return .known(paths.sorted())
  }

  /// The most modules that are followed.
  private static let mostModules = 4_096

  /// The name of a target as the compiler has it.
  private static func moduleName(_ target: String) -> String {
    String(target.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
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
