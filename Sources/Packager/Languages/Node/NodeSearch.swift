internal import Core

/// Follows the imports of one unit's handlers.
struct NodeSearch {
  let graph: NodeGraph
  let subject: ClosureSubject
  private(set) var closure = SourceClosure.unit
  private var walk: SourceWalk
  /// Packages of the repository that are taken in whole.
  private var whole: Set<RepositoryPath> = []
  private var manifests: Set<RepositoryPath> = []
  private var told: Set<RepositoryPath> = []

  init(graph: NodeGraph, subject: ClosureSubject) {
    self.graph = graph
    self.subject = subject
    walk = SourceWalk(subject.entries)
  }

  private var index: RepositoryIndex { graph.index }

  /// Whether all that is reached gets into the package: a bundler follows imports, a plain copy does not.
  private var isBundled: Bool { subject.hasCommand || Node.bundles(subject.entries) }

  mutating func run() {
    while let file = walk.next() {
      // What is not JavaScript is taken in as it is.
      guard let ending = file.fileExtension,
        graph.language.extensions.contains(ending) || ["tsx", "jsx"].contains(ending)
      else { continue }
      for found in index.reading(file, graph.language)?.imports ?? [] { follow(found.module, in: file) }
    }
    let inside = walk.found.filter(subject.unit.contains)
    let outside = walk.found.subtracting(inside)
    var reached = outside.union(manifests)
    for folder in whole { reached.formUnion(index.files(below: folder).filter { !isTest($0) }) }
    if isBundled {
      let settings = graph.settings(of: walk.found)
      reached.formUnion(settings.filter { !subject.unit.contains($0) })
      if !subject.hasCommand {
        let own = inside.union(settings.filter(subject.unit.contains)).union(manifestFiles)
        closure.own = own.sorted()
      }
    } else if subject.isNarrow {
      closure.own = inside.union(index.data(beside: inside, in: subject.unit, graph.language)).union(
        manifestFiles
      ).sorted()
    }
    closure.reached = reached.filter { file in
      index.hasFile(file) && !(subject.unit.contains(file) && !subject.isNarrow)
        && !subject.uses.contains { $0.folder.contains(file) }
    }.subtracting(closure.own ?? []).sorted()
  }

  private func isTest(_ file: RepositoryPath) -> Bool {
    graph.language.isAside(file)
      || file.components.contains { ["test", "tests", "__tests__", "__mocks__"].contains($0) }
  }

  /// The unit's manifest and what npm reads beside it.
  private var manifestFiles: [RepositoryPath] {
    index.existing(["package.json", ".npmrc"] + graph.language.lockNames, in: [subject.unit])
  }

  private mutating func follow(_ specifier: String, in file: RepositoryPath) {
    switch graph.target(of: specifier, in: file) {
    case .elsewhere: return
    case .file(let target): take(target, specifier, in: file)
    case .member(let folder, let entry):
      // A unit's own name, and what it holds itself.
      if subject.unit.contains(folder), !subject.isNarrow {
        if let entry { walk.add(entry) }
        return
      }
      manifests.insert(folder.appending("package.json"))
      guard isBundled, let entry else {
        if !isBundled { requireDeclared(folder, specifier, in: file) }
        whole.insert(folder)
        return
      }
      walk.add(entry)
    }
  }

  private mutating func take(_ target: RepositoryPath, _ specifier: String, in file: RepositoryPath) {
    let isThere = index.hasFile(target)
    if subject.unit.contains(target) || isBundled || inWhole(file) {
      if isThere { walk.add(target) }
      return
    }
    if isThere || index.folders.contains(target) { undeclared(target, specifier, in: file) }
    if isThere { walk.add(target) }
  }

  private func inWhole(_ file: RepositoryPath) -> Bool { whole.contains { $0.contains(file) } }

  private mutating func undeclared(_ target: RepositoryPath, _ specifier: String, in file: RepositoryPath) {
    guard subject.unit.contains(file) else { return }
    let folder = index.folders.contains(target) ? target : target.parent
    guard told.insert(folder).inserted else { return }
    let shown = "'\(specifier.escaped)'"
    if let use = subject.uses.first(where: { $0.folder.contains(target) }) {
      closure.undeclared.append(
        .undeclared(
          unit: subject.unit,
          reason:
            "\(place(of: specifier, in: file)) has \(shown), but in the package \(use.folder) lies at ./\(use.into)",
          fix: "import it from there, or set \"build\" to bundle the unit"))
      return
    }
    let fix =
      "set \"build\" (such as [\"npx\", \"esbuild\", \"\(file.relative(to: subject.unit))\", \"--bundle\", "
      + "\"--platform=node\", \"--outdir=dist\"]) and \"output\": \"dist\" in \(subject.unit.appending("function.json")): "
      + "a bundle holds what it imports; or \(subject.usesFix(folder)) and import it as './\(folder.name)'"
    closure.undeclared.append(
      subject.undeclared(shown, in: place(of: specifier, in: file), from: folder, fix: fix))
  }

  private func place(of specifier: String, in file: RepositoryPath) -> String {
    index.shown(file) { ScriptModule.offset(of: specifier, in: $0) }
  }

  /// Tells of a package of the repository that the unit's manifest does not ask for: it would not be installed.
  private mutating func requireDeclared(
    _ folder: RepositoryPath, _ specifier: String, in file: RepositoryPath
  ) {
    guard subject.unit.contains(file), !subject.uses.contains(where: { $0.folder == folder }) else { return }
    let name = graph.packages.first { $0.value.folder == folder }?.key ?? folder.name
    let manifest = subject.project.appending("package.json")
    let declared = index.manifest(manifest).flatMap { try? NodeManifest.object($0) }.map { object in
      ["dependencies", "optionalDependencies"].contains { object[$0]?[name] != nil }
    }
    guard declared != true, told.insert(folder).inserted else { return }
    closure.undeclared.append(
      subject.undeclared(
        "'\(specifier.escaped)'", in: place(of: specifier, in: file), from: folder,
        fix: "add \"\(name)\" to the \"dependencies\" of \(manifest)"))
  }
}

extension Node {
  /// Whether a unit with these handlers is bundled where it has no build command of its own: Lambda runs no TypeScript.
  static func bundles(_ entries: [RepositoryPath]) -> Bool {
    entries.contains { $0.fileExtension.map(["ts", "mts", "cts", "tsx"].contains) ?? false }
  }
}
