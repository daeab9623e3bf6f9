internal import Core

/// What modules of Maven and Gradle are made of: their main sources, and those of the modules that they depend on.
struct JavaGraph: SourceGraph {
  let index: RepositoryIndex
  let language: Java
  private let maven: MavenModules
  private let gradle: GradleProjects

  init(index: RepositoryIndex, language: Java) {
    self.index = index
    self.language = language
    maven = MavenModules(index: index)
    gradle = GradleProjects(index: index)
  }

  func closure(of subject: ClosureSubject) -> SourceClosure {
    let home = index.stated(for: subject.entries.first?.parent ?? subject.unit) { folder in
      language.manifests.contains { index.hasFile(folder.appending($0.name)) } ? folder : nil
    }
    guard home != nil || !subject.entries.isEmpty else { return .unit }
    var walk = SourceWalk([home ?? subject.unit])
    var files: Set<RepositoryPath> = []
    while let folder = walk.next() {
      files.formUnion(sources(of: folder))
      files.formUnion(maven.manifests(of: folder))
      files.formUnion(gradle.manifests(of: folder))
      (maven.dependencies(of: folder) + gradle.dependencies(of: folder)).forEach { walk.add($0) }
    }
    let locks = files.filter { language.lockNames.contains($0.name) }
    return .of(
      files.subtracting(locks), unit: subject.unit, hasCommand: subject.hasCommand, locks: locks.sorted())
  }

  /// The main sources of a module and their resources; without that custom all but tests and modules below.
  private func sources(of folder: RepositoryPath) -> [RepositoryPath] {
    let main = folder.appending("src/main")
    if index.folders.contains(main) { return index.files(below: main) }
    return index.files(below: folder).filter { file in
      guard !language.isAside(file), language.isSource(file) else { return false }
      let module = index.stated(for: file.parent) { folder in
        language.manifests.contains { index.hasFile(folder.appending($0.name)) } ? folder : nil
      }
      return module == nil || module == folder
    }
  }
}

/// The modules of Maven reactors.
struct MavenModules {
  private struct Module {
    let folder: RepositoryPath
    let group: String?
    let artifact: String
    let parent: RepositoryPath?
    let dependencies: [(group: String?, artifact: String)]
  }

  private let modules: [RepositoryPath: Module]
  private let byArtifact: [String: [RepositoryPath]]

  init(index: RepositoryIndex) {
    var modules: [RepositoryPath: Module] = [:]
    for file in index.files where file.name == "pom.xml" {
      guard let bytes = index.manifest(file), let project = try? XMLText.element(bytes) else { continue }
      let folder = file.parent
      let parent = project["parent"]
      let relative = parent?["relativePath"]?.text ?? "../pom.xml"
      let above = parent == nil || relative.isEmpty ? nil : folder.resolving(relative)
      let dependencies = (project["dependencies"]?.all("dependency") ?? [])
        .filter { $0["scope"]?.text != "test" }
        .map { (group: $0["groupId"]?.text, artifact: $0["artifactId"]?.text ?? "") }
      modules[folder] = Module(
        folder: folder, group: project["groupId"]?.text ?? parent?["groupId"]?.text,
        artifact: project["artifactId"]?.text ?? "",
        parent: above.flatMap {
          index.hasFile($0) ? $0 : index.hasFile($0.appending("pom.xml")) ? $0.appending("pom.xml") : nil
        },
        dependencies: dependencies)
    }
    self.modules = modules
    byArtifact = Dictionary(grouping: modules.keys.sorted()) { modules[$0]?.artifact ?? "" }
  }

  /// The modules of the repository that the one in `folder` depends on.
  func dependencies(of folder: RepositoryPath) -> [RepositoryPath] {
    guard let module = modules[folder] else { return [] }
    return module.dependencies.flatMap { dependency in
      (byArtifact[dependency.artifact] ?? []).filter { other in
        guard other != folder, let group = dependency.group, !group.hasPrefix("${"),
          let own = modules[other]?.group
        else { return other != folder }
        return own == group
      }
    }
  }

  /// The manifest of the module, and those that it inherits from.
  func manifests(of folder: RepositoryPath) -> [RepositoryPath] {
    var found: [RepositoryPath] = []
    var next = modules[folder]
    while let module = next {
      let file = module.folder.appending("pom.xml")
      guard !found.contains(file) else { break }
      found.append(file)
      next = module.parent.flatMap { modules[$0.parent] }
    }
    return found
  }
}

/// The projects of Gradle builds, as far as plain text shows them.
struct GradleProjects {
  private let index: RepositoryIndex
  /// The folders with settings.
  private let tops: Set<RepositoryPath>

  init(index: RepositoryIndex) {
    self.index = index
    tops = Set(
      index.files.filter { ["settings.gradle", "settings.gradle.kts"].contains($0.name) }.map(\.parent))
  }

  private static let scripts = ["build.gradle", "build.gradle.kts"]

  private func top(of folder: RepositoryPath) -> RepositoryPath? {
    index.stated(for: folder) { tops.contains($0) ? $0 : nil }
  }

  /// The projects that the script in `folder` names: `project(":a:b")`, `projects.a.b`.
  func dependencies(of folder: RepositoryPath) -> [RepositoryPath] {
    guard let top = top(of: folder) else { return [] }
    let tokens = Self.scripts.compactMap { index.manifest(folder.appending($0)) }.flatMap {
      CodeTokenizer.tokens(of: $0, .gradle)
    }
    var found: [RepositoryPath] = []
    for place in tokens.indices {
      if tokens[place] == .word("project"), place + 2 < tokens.count {
        let near = tokens[(place + 1)..<min(place + 7, tokens.count)]
        let path = near.lazy.compactMap(\.string).first { $0.hasPrefix(":") }
        let inside = path.flatMap { top.resolving($0.dropFirst().replacing(":", with: "/")) }
        if let inside, inside != folder { found.append(inside) }
      }
      if tokens[place] == .word("projects") { found += accessor(tokens, after: place, top: top) }
    }
    return found.filter { index.folders.contains($0) }
  }

  /// `projects.sharedCore.db` is `:shared-core:db`.
  private func accessor(_ tokens: [CodeToken], after start: Int, top: RepositoryPath) -> [RepositoryPath] {
    var place = start + 1
    var folder = top
    while place + 1 < tokens.count, tokens[place].isSymbol("."), let word = tokens[place + 1].word {
      let dashed = word.reduce(into: "") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) }
      guard let next = [word, dashed].map({ folder.appending($0) }).first(where: index.folders.contains)
      else { break }
      folder = next
      place += 2
    }
    return folder == top ? [] : [folder]
  }

  /// The scripts and settings that the project in `folder` is built with.
  func manifests(of folder: RepositoryPath) -> [RepositoryPath] {
    let own = index.existing(Self.scripts + ["gradle.lockfile", "gradle.properties"], in: [folder])
    guard let top = top(of: folder) else { return own }
    let general = index.existing(
      Self.scripts + ["settings.gradle", "settings.gradle.kts", "gradle.properties"], in: [top])
    let below = ["gradle", "buildSrc", "build-logic"].flatMap { index.files(below: top.appending($0)) }
    return own + general + below
  }
}
