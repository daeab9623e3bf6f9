internal import Core

/// Holds what a Node handler, and all that it loads, loads in turn against what there is on Lambda.
///
/// Only what certainly is loaded counts; see ``ScriptImportScan``.
struct NodeImportGate {
  let subject: GateSubject
  let package: NodePackage
  private var faults: [(place: (RepositoryPath, Int), fault: GateFault)] = []
  private var told: Set<String> = []
  private var pending: [RepositoryPath] = []
  private var seen: Set<RepositoryPath> = []
  /// Where ES modules use names of CommonJS as they are loaded, and whether something gives all of them these.
  private(set) var places: [(RepositoryPath, Int)] = []
  private(set) var setsCommon = false

  /// The most files that are looked into; whoever loads more has shown that it works.
  private static let mostFiles = 20_000
  private static let longestFile = 8 << 20

  init(_ subject: GateSubject) {
    self.subject = subject
    package = NodePackage(subject)
  }

  /// Why loading `handler`, the path of a file of the package, fails on Lambda.
  mutating func check(_ handler: RepositoryPath) -> [GateFault] {
    take(handler)
    while let file = pending.popLast(), seen.count < Self.mostFiles { look(into: file) }
    tellPlaces()
    return faults.sorted { $0.place < $1.place }.map(\.fault)
  }

  mutating func take(_ file: RepositoryPath) {
    guard ["js", "mjs", "cjs"].contains(file.fileExtension ?? ""), seen.insert(file).inserted else { return }
    pending.append(file)
  }

  private mutating func look(into file: RepositoryPath) {
    guard let bytes = source(of: file) else { return }
    let scan = ScriptImportScan(source: bytes)
    let isModule = isModule(file, scan, bytes)
    if isModule, subject.isOwn(file), !scan.definesCommon { tellCommon(file, scan, bytes) }
    setsCommon = setsCommon || scan.setsCommon
    if isModule, subject.isOwn(file), let place = scan.commonUse {
      places.append((file, SourceLine.number(at: place, in: bytes)))
    }
    for found in scan.certain {
      let specifier = found.specifier
      // `require` is an ordinary name in a module.
      guard found.isStatic || !isModule else { continue }
      let line = { SourceLine.number(at: found.offset, in: bytes) }
      if specifier.hasPrefix("./") || specifier.hasPrefix("../") || specifier == "." || specifier == ".." {
        relative(found, in: file, line)
      } else if let name = NodePackage.packageName(specifier) {
        bare(found, package: name, in: file, line)
      }
    }
  }

  func source(of file: RepositoryPath) -> [UInt8]? {
    guard case .file(let source, let size, _)? = subject.entries[file]?.content, size <= Self.longestFile
    else { return nil }
    return try? Files.read(source, limit: Self.longestFile)
  }

  private mutating func relative(
    _ found: ScriptImportScan.Import, in file: RepositoryPath, _ line: () -> Int
  ) {
    let (specifier, isStatic) = (found.specifier, found.isStatic)
    guard let path = file.parent.resolving(specifier) else {
      return add(
        "'\(specifier.escaped)' leads out of the package", allowed: "nothing is above its top", in: file,
        line(),
        fix: "take the code in with \"uses\", and import it from where it lies in the package")
    }
    switch isStatic ? package.exactFile(path) : package.file(path) {
    case .file(let target): take(target, found, in: file, line)
    case .unknown: break
    case .none, .notExported:
      // The bundles that others ship may have leftovers.
      guard subject.isOwn(file) else { return }
      if isStatic, case .file(let meant) = package.file(path) {
        let ending = meant.relative(to: path.parent).text
        return add(
          "imports '\(specifier.escaped)'", allowed: "an ES module names files in full", in: file, line(),
          fix: "write '\(specifier.dropLast(path.name.count))\(ending)'")
      }
      add(
        "loads '\(specifier.escaped)'", allowed: "the package has no \(path.text)", in: file, line(),
        fix: subject.missingFileFix)
    }
  }

  private mutating func bare(
    _ found: ScriptImportScan.Import, package name: String, in file: RepositoryPath, _ line: () -> Int
  ) {
    let (specifier, isStatic) = (found.specifier, found.isStatic)
    if let folder = package.ownFolder(called: name, of: file) ?? package.folder(of: name, from: file) {
      switch package.entry(of: folder, specifier: specifier, name: name, isStatic: isStatic) {
      case .file(let target): take(target, found, in: file, line)
      case .unknown: break
      case .notExported:
        guard told.insert("\(specifier) \(isStatic)").inserted else { return }
        add(
          isStatic ? "imports '\(specifier.escaped)'" : "loads '\(specifier.escaped)' with require()",
          allowed:
            "\"exports\" of \(folder.appending("package.json")) has nothing for that",
          in: file, line(),
          fix: isStatic
            ? "import what the package exports, or pin a version that exports it"
            : "write 'await import(…)' where the package has an ES module only, or pin a version that exports it"
        )
      case .none:
        guard told.insert(specifier).inserted else { return }
        missing(specifier, of: folder, isWhole: specifier == name, in: file, isStatic: isStatic, line)
      }
      return
    }
    let major =
      subject.definition.runtime.flatMap { Int($0.drop { !$0.isNumber }.prefix { $0.isNumber }) } ?? 22
    if NodeBuiltins.brings(name, major: major) || subject.layersProvide(name) { return }
    guard told.insert(name).inserted else { return }
    let runtime = subject.definition.runtime ?? "the runtime"
    let sdk = major >= 18 ? "the AWS SDK for JavaScript v3" : "aws-sdk (v2)"
    let isOldSDK = name == "aws-sdk"
    add(
      "loads '\(specifier.escaped)', which is not there",
      allowed: "\(runtime) has Node's own modules and \(sdk), the package \(package.summary)", in: file,
      line(),
      fix: isOldSDK
        ? "use the clients of @aws-sdk, or add aws-sdk to the dependencies"
        : "add '\(name)' to \"dependencies\" of package.json and commit the lock, or say which layer has it: \"layers\": [{ \"arn\": …, \"provides\": [\"\(name)\"] }]"
    )
  }

  private mutating func missing(
    _ specifier: String, of folder: RepositoryPath, isWhole: Bool, in file: RepositoryPath, isStatic: Bool,
    _ line: () -> Int
  ) {
    if isWhole {
      return add(
        "loads '\(specifier.escaped)'",
        allowed:
          "\(folder.text) is there, but has neither a package.json that leads to a file of it nor an index.js",
        in: file, line(), fix: "install it anew: the tree is not whole")
    }
    add(
      "loads '\(specifier.escaped)'",
      allowed: isStatic
        ? "\(folder.text) has no file of that name, and an ES module names files in full"
        : "\(folder.text) has no such file",
      in: file, line(), fix: "write the whole name of a file of the package, or install it anew")
  }

  mutating func add(
    _ found: String, allowed: String, in file: RepositoryPath, _ line: Int, fix: String
  ) {
    faults.append(
      ((file, line), GateFault(file: "\(file):\(line)", found: found, allowed: allowed, fix: fix)))
  }
}

extension GateSubject {
  /// The way out where a file of the unit's own is missing.
  fileprivate var missingFileFix: String {
    definition.build.command != nil || definition.build.output != nil
      ? "have the build write it to \"output\", or bundle it"
      : "take it in with \"uses\" or \"package\": { \"include\": […] }, or correct the path"
  }
}
