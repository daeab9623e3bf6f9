internal import Core

/// ES modules and CommonJS, each of which Lambda's Node loads in its own way.
extension NodeImportGate {
  private var runtime: String { subject.definition.runtime ?? "the runtime" }

  /// Whether the file is loaded as an ES module; tells of one that is written as such and would not be.
  mutating func isModule(_ file: RepositoryPath, _ scan: ScriptImportScan, _ bytes: [UInt8]) -> Bool {
    let kind = package.kind(of: file)
    let use = subject.isOwn(file) ? scan.moduleUse : nil
    guard kind != .module, let place = scan.moduleSyntax ?? use else { return kind == .module }
    if kind == .open, package.loading.detectsModules { return true }
    add(
      scan.moduleSyntax != nil
        ? "is written as an ES module, with 'import' or 'export'"
        : "is written as an ES module, with 'import.meta' or an 'await' outside of functions",
      allowed: kind == .common
        ? "its name or its package.json says that it is CommonJS"
        : "\(runtime) takes a .js file for CommonJS where no package.json above it says \"type\": \"module\"",
      in: file, SourceLine.number(at: place, in: bytes),
      fix: subject.isOwn(file)
        ? "name it .mjs, package a package.json with \"type\": \"module\", or let esbuild make CommonJS of it"
        : "install it anew, or let esbuild bundle the function")
    // With one word of it alone it is CommonJS that is wrong.
    return scan.moduleSyntax != nil
  }

  /// Tells of `require()` and `exports` in an ES module, which has neither.
  mutating func tellCommon(_ file: RepositoryPath, _ scan: ScriptImportScan, _ bytes: [UInt8]) {
    let found =
      [
        scan.certain.first { !$0.isStatic }.map { ("calls require()", $0.offset) },
        scan.commonExport.map { ("assigns to 'exports'", $0) },
      ].compactMap { $0 }.min { $0.1 < $1.1 }
    guard let found else { return }
    add(
      found.0, allowed: "it is an ES module by its name or its package.json, which has no such thing",
      in: file,
      SourceLine.number(at: found.1, in: bytes),
      fix: "write 'import' and 'export', or name the file .cjs")
  }

  /// Looks into `target` as well; tells of an ES module that `require()` is to load, and of one that does not have what is
  /// imported from it.
  mutating func take(
    _ target: RepositoryPath, _ found: ScriptImportScan.Import, in file: RepositoryPath, _ line: () -> Int
  ) {
    take(target)
    let specifier = found.specifier
    if found.isStatic, target.hasSuffix(".json") { return tellData(found, in: file, line) }
    if found.isStatic { return tellLacking(found, from: target, in: file, line) }
    guard !package.loading.requiresModules, ["js", "mjs"].contains(target.fileExtension ?? ""),
      package.kind(of: target) == .module
    else { return }
    add(
      "loads '\(specifier.escaped)' with require()",
      allowed: "\(target) is an ES module, which \(runtime) takes by 'import' only", in: file, line(),
      fix: "write 'await import(…)', name the file .mjs and import it, or let esbuild bundle the function")
  }

  /// Tells of JSON that is imported in a way in which Node does not take it.
  private mutating func tellData(
    _ found: ScriptImportScan.Import, in file: RepositoryPath, _ line: () -> Int
  ) {
    // An older one knows either word.
    guard subject.isOwn(file),
      found.attribute == nil || found.attribute == "assert" && package.loading.major >= 22
    else { return }
    add(
      "imports '\(found.specifier.escaped)' \(found.attribute == nil ? "without an attribute" : "with 'assert'")",
      allowed: "\(runtime) takes JSON into an ES module with { type: \"json\" } only", in: file, line(),
      fix:
        "write 'import … from \"\(found.specifier.escaped)\" with { type: \"json\" }', or read the file with node:fs"
    )
  }

  /// Tells of a name of CommonJS that an ES module uses as it is loaded.
  mutating func tellPlaces() {
    guard !setsCommon else { return }
    for (file, line) in places {
      add(
        "uses '__dirname' or '__filename' as it is loaded",
        allowed: "it is an ES module by its name or its package.json, which has no such thing", in: file,
        line,
        fix: "write 'import.meta.dirname' (from Node 20.11 on), or name the file .cjs")
    }
  }

  /// Tells of the first name that the module `target` does not export, as Node does before anything runs.
  private mutating func tellLacking(
    _ found: ScriptImportScan.Import, from target: RepositoryPath, in file: RepositoryPath, _ line: () -> Int
  ) {
    guard !found.names.isEmpty, subject.isOwn(file), package.kind(of: target) == .module,
      let bytes = source(of: target), let exports = ModuleExports(source: bytes),
      let name = found.names.first(where: { !exports.names.contains($0) })
    else { return }
    add(
      "imports '\(name.escaped)' from '\(found.specifier.escaped)'",
      allowed: "\(target) does not provide an export named '\(name.escaped)'", in: file, line(),
      fix: "correct the import, or export it there")
  }

  /// Why `handler`, which hands on what others export, certainly does not have `symbol`: they do not have it. Nil where it
  /// may be there.
  func lacks(_ symbol: String, in handler: RepositoryPath) -> GateFault? {
    var visited: Set<RepositoryPath> = []
    let name = symbol.split(separator: ".").first.map(String.init) ?? symbol
    guard lacks(name, in: handler, &visited) else { return nil }
    let others = visited.subtracting([handler]).sorted().map(\.description)
    guard !others.isEmpty else { return nil }
    return GateFault(
      file: nil,
      found:
        "\(handler) has no '\(name)', and neither has what it hands on: \(others.joined(separator: ", "))",
      allowed: "the handler is '\(subject.handler)'", fix: "correct \"handler\" or the file")
  }

  private func lacks(
    _ name: String, in file: RepositoryPath, _ visited: inout Set<RepositoryPath>
  ) -> Bool {
    guard visited.insert(file).inserted else { return true }
    guard visited.count <= Self.mostHandedOn, subject.isOwn(file),
      ["js", "mjs", "cjs"].contains(file.fileExtension ?? ""), let bytes = source(of: file)
    else { return false }
    let module = ScriptModule(source: bytes)
    guard !module.exports.contains(where: { $0.name == name }), let sources = module.handedOn else {
      return false
    }
    return sources.allSatisfy { specifier in
      guard specifier.hasPrefix("./") || specifier.hasPrefix("../"),
        let path = file.parent.resolving(specifier), case .file(let target) = package.file(path)
      else { return false }
      return lacks(name, in: target, &visited)
    }
  }

  /// The most modules that hand names on to one another.
  private static var mostHandedOn: Int { 64 }
}
