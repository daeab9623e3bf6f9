internal import Core

extension Rust {
  func compileTools(for build: UnitBuild, unit: String) -> [BuildTool] {
    [
      BuildTool(name: "cargo-lambda", command: ["cargo-lambda", "lambda", "--version"]),
      BuildTool(name: "cargo", command: ["cargo", "--version"]),
    ]
  }

  func compiler(of build: UnitBuild, root: String) -> (any Compiler)? { RustBuild(build: build) }
}

/// A program of a Cargo package, built as `bootstrap` where its workspace lies: by cargo-lambda, which brings what another
/// processor needs, or by cargo alone.
struct RustBuild: Compiler {
  let build: UnitBuild

  private var triple: String {
    build.architecture == "arm64" ? "aarch64-unknown-linux-gnu" : "x86_64-unknown-linux-gnu"
  }

  func steps(in place: BuildPlace) throws(PackagerError) -> [BuildStep] {
    try refuseNative(in: place.root)
    let folder = build.project.absolute(in: place.root)
    let program = build.target.map { ["--bin", $0] } ?? []
    let output = ["--target-dir", "\(folder)/target"]
    let advice = "install Rust, or set \"build\" and \"output\""
    if place.has("cargo-lambda") {
      let processor = build.architecture == "arm64" ? "--arm64" : "--x86-64"
      return [
        BuildStep(
          arguments: ["cargo", "lambda", "build", "--release", "--locked", processor] + program + output,
          folder: folder, advice: advice)
      ]
    }
    return [
      BuildStep(
        arguments: ["cargo", "build", "--release", "--locked", "--target", triple] + program + output,
        folder: folder, advice: advice)
    ]
  }

  /// Throws where the settings of cargo ask for this machine's own processor, which Lambda's need not be.
  private func refuseNative(in root: String) throws(PackagerError) {
    var folder = build.unit
    while true {
      for name in ["config.toml", "config"] {
        let file = folder.appending(".cargo/\(name)")
        guard let bytes = try? Files.read(file.absolute(in: root), limit: 1 << 20) else { continue }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let number = lines.firstIndex { line in
          let text = String(decoding: line, as: UTF8.self)
          return text.drop { $0 == " " }.first != "#" && text.contains("target-cpu=native")
        }
        guard let number else { continue }
        throw .inputs(
          unit: build.unit,
          reason:
            "\(file):\(number + 1) sets target-cpu=native, and Lambda's processors need not have what this one has",
          fix: "take it out, or name a processor such as target-cpu=x86-64-v3 or neoverse-n1")
      }
      guard !folder.isRoot else { return }
      folder = folder.parent
    }
  }

  /// Cargo writes beside each program what it was made of.
  func readFiles(in place: BuildPlace) -> ReadFiles {
    let name = build.target ?? build.unit.name
    return .written(
      to: "\(build.project.absolute(in: place.root))/target/\(triple)/release/\(name).d")
  }

  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree {
    let target = "\(build.project.absolute(in: place.root))/target"
    let name = build.target ?? build.unit.name
    let file =
      place.has("cargo-lambda") ? "\(target)/lambda/\(name)/bootstrap" : "\(target)/\(triple)/release/\(name)"
    guard Files.exists(file) else {
      throw .build(
        unit: build.unit,
        reason: "cargo made no program '\(name.escaped)'; name it in \"functions\" of function.json",
        output: [])
    }
    return try PackageTree(
      [PackageTree.Source(path: "bootstrap", file: file, kind: .file, rule: nil)], boundary: [target])
  }
}
