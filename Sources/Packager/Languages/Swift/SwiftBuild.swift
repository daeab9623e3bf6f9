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

  /// The name of the product.
  private var program: String { build.target ?? build.unit.name }

  /// The compiler writes beside each object what it was made of, modules of other targets among it.
  ///
  /// - Throws: ``PackagerError`` where it has written nothing: then nothing is known.
  func readFiles(in place: BuildPlace) throws(PackagerError) -> ReadFiles {
    let folder = "\(build.project.absolute(in: place.root))/.build/release"
    var paths: Set<String> = []
    var pending = Self.objectFolders("\(folder)/\(program).product/Objects.LinkFileList")
    var seen = Set(pending)
    while let home = pending.popLast(), seen.count < Self.mostFolders {
      for name in (try? Files.names(in: home)) ?? [] where name.hasSuffix(".d") {
        guard let bytes = try? Files.read("\(home)/\(name)", limit: DependencyFile.longest) else { continue }
        let read = DependencyFile(bytes).paths
        paths.formUnion(read)
        let modules = read.compactMap { path in
          path.hasSuffix(".swiftmodule") ? path.split(separator: "/").last?.dropLast(12) : nil
        }
        pending += modules.map { "\(folder)/\($0).build" }.filter { seen.insert($0).inserted }
      }
    }
    guard !paths.isEmpty else {
      throw .build(
        unit: build.unit,
        reason:
          "swift left no list of what it read for '\(program.escaped)', which is held against the inputs; set \"build\" and \"output\" to build it in another way",
        output: [])
    }
    return .known(paths.sorted())
  }

  /// The most folders of objects that are read.
  private static let mostFolders = 4_096

  /// The folders of what a product is linked from: one or more a target, whatever the product is called.
  private static func objectFolders(_ list: String) -> [String] {
    let bytes = (try? Files.read(list, limit: DependencyFile.longest)) ?? []
    let folders = bytes.split(separator: UInt8(ascii: "\n")).compactMap { line -> String? in
      // A path with spaces is written as a shell takes it.
      let quote = UInt8(ascii: "'")
      let path = line.first == quote && line.last == quote ? line.dropFirst().dropLast() : line
      return path.lastIndex(of: UInt8(ascii: "/")).map { String(decoding: path[..<$0], as: UTF8.self) }
    }
    return Set(folders).sorted()
  }

  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree {
    let folder = "\(build.project.absolute(in: place.root))/.build/release"
    guard Files.exists("\(folder)/\(program)") else {
      throw .build(unit: build.unit, reason: "swift made no program '\(program.escaped)'", output: [])
    }
    // Resources lie beside the program, which looks for them there.
    let resources = ((try? Files.names(in: folder)) ?? []).filter { $0.hasSuffix(".resources") }
    var sources = [
      PackageTree.Source(path: "bootstrap", file: "\(folder)/\(program)", kind: .file, rule: nil)
    ]
    for bundle in resources {
      sources += try PackageTree.made(in: "\(folder)/\(bundle)", at: RepositoryPath.root.appending(bundle))
    }
    return try PackageTree(sources, boundary: [place.root])
  }
}
