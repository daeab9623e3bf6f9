internal import Core

/// ES modules and CommonJS, each of which Lambda's Node loads in its own way.
extension NodeImportGate {
  private var runtime: String { subject.definition.runtime ?? "the runtime" }

  /// Whether the file is loaded as an ES module; tells of one that is written as such and would not be.
  mutating func isModule(_ file: RepositoryPath, _ scan: ScriptImportScan, _ bytes: [UInt8]) -> Bool {
    let kind = package.kind(of: file)
    guard kind != .module, let place = scan.moduleSyntax else { return kind == .module }
    if kind == .open, package.loading.detectsModules { return true }
    add(
      "is written as an ES module, with 'import' or 'export'",
      allowed: kind == .common
        ? "its name or its package.json says that it is CommonJS"
        : "\(runtime) takes a .js file for CommonJS where no package.json above it says \"type\": \"module\"",
      in: file, SourceLine.number(at: place, in: bytes),
      fix: subject.isOwn(file)
        ? "name it .mjs, package a package.json with \"type\": \"module\", or let esbuild make CommonJS of it"
        : "install it anew, or let esbuild bundle the function")
    return true
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

  /// Looks into `target` as well; tells of an ES module that `require()` is to load.
  mutating func take(
    _ target: RepositoryPath, _ specifier: String, in file: RepositoryPath, isStatic: Bool, _ line: () -> Int
  ) {
    take(target)
    guard !isStatic, !package.loading.requiresModules, ["js", "mjs"].contains(target.fileExtension ?? ""),
      package.kind(of: target) == .module
    else { return }
    add(
      "loads '\(specifier.escaped)' with require()",
      allowed: "\(target) is an ES module, which \(runtime) takes by 'import' only", in: file, line(),
      fix: "write 'await import(…)', name the file .mjs and import it, or let esbuild bundle the function")
  }
}
