internal import Core

/// TypeScript, bundled by esbuild: that of the unit, of a folder above it, or the one on `PATH`.
struct Esbuild: Compiler {
  let build: UnitBuild
  /// The files of the unit's handlers that Node does not run as they are, from the repository's root.
  private let entries: [RepositoryPath]
  /// Absolute path, or the name to look for on `PATH`.
  private let program: String

  /// Nil for units without a handler in TypeScript.
  init?(build: UnitBuild, root: String) {
    entries = build.entries.filter { Self.isTypeScript($0) }
    guard !entries.isEmpty else { return nil }
    self.build = build
    program = Self.installed(above: build.unit, root: root) ?? "esbuild"
  }

  private static func isTypeScript(_ file: RepositoryPath) -> Bool {
    ["ts", "mts", "cts", "tsx"].contains(file.fileExtension ?? "")
  }

  private static func installed(above unit: RepositoryPath, root: String) -> String? {
    var folder = unit
    while true {
      let candidate = "\(folder.absolute(in: root))/node_modules/.bin/esbuild"
      if Files.exists(candidate) { return candidate }
      guard !folder.isRoot else { return nil }
      folder = folder.parent
    }
  }

  /// What tells its version.
  var tool: BuildTool { BuildTool(name: "esbuild", command: [program, "--version"]) }

  let isInPlace = false
  let needsDependencies = true

  private var major: Int { build.runtime.flatMap { Int($0.filter(\.isNumber)) } ?? 22 }

  /// Each handler gets a file of its own at the same place, so that the handler's text stays what it is: CommonJS, unless
  /// the sources have what only an ES module has.
  func steps(in place: BuildPlace) -> [BuildStep] {
    // The SDK is the runtime's.
    let external = major >= 18 ? ["--external:@aws-sdk/*", "--external:@smithy/*"] : ["--external:aws-sdk"]
    let sources = entries + (build.sources.own ?? []) + build.sources.reached
    let isModule = ModuleNeed(root: place.root).isThere(in: sources)
    let format =
      isModule
      ? ["--format=esm", "--out-extension:.js=.mjs", "--banner:js=\(Self.common)"] : ["--format=cjs"]
    return [
      BuildStep(
        arguments: [
          program, "--bundle", "--platform=node", "--target=node\(major)",
        ] + format + [
          "--outbase=.", "--outdir=\(place.target)", "--metafile=\(metafile(in: place))",
          "--log-level=warning", "--keep-names",
        ] + external + entries.map { "./" + $0.relative(to: build.unit).text }, folder: place.unit,
        advice:
          "the unit is TypeScript: add esbuild to its devDependencies and run 'npm install', install it on PATH, "
          + "or set \"build\" and \"output\"")
    ]
  }

  /// What CommonJS that is bundled into an ES module finds in CommonJS.
  private static let common =
    #"import { createRequire as lamctlRequire } from "node:module"; "#
    + #"import { dirname as lamctlFolder } from "node:path"; "#
    + #"import { fileURLToPath as lamctlPath } from "node:url"; "#
    + "var require = lamctlRequire(import.meta.url), __filename = lamctlPath(import.meta.url), "
    + "__dirname = lamctlFolder(__filename);"

  private func metafile(in place: BuildPlace) -> String { place.target + ".json" }

  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree {
    try PackageTree(PackageTree.made(in: place.target), boundary: [place.target])
  }

  /// What the code may read when it runs; sources and manifests are in the bundle.
  func keeps(_ file: RepositoryPath) -> Bool {
    let name = file.name
    return !Self.isTypeScript(file) && name != "package.json" && !NodeProject.lockNames.contains(name)
      && !(name.hasPrefix("tsconfig") && name.hasSuffix(".json")) && file.components.first != "node_modules"
      && !["js", "mjs", "cjs", "map"].contains(file.fileExtension ?? "")
  }
}
