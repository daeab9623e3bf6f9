internal import Core

/// The Cargo packages of a repository.
struct CargoPackages {
  /// A program of a package.
  struct Program {
    let name: String
    let file: RepositoryPath
    /// Whether it is the package's only or main one, `src/main.rs`.
    let isMain: Bool
  }

  /// One `Cargo.toml` with a package.
  struct Package {
    let name: String
    let folder: RepositoryPath
    let programs: [Program]
    /// Folders of the repository that it depends on, for its code and its build script.
    let paths: [RepositoryPath]
    let dependsOnLambda: Bool
  }

  /// Crates that make a program a Lambda function; `lambda_extension` does not.
  static let runtimes: Set<String> = ["lambda_runtime", "lambda_http", "lambda_web"]

  let all: [Package]
  private let workspaces: Set<RepositoryPath>
  private let index: RepositoryIndex

  init(index: RepositoryIndex) {
    self.index = index
    var settings: [RepositoryPath: JSON] = [:]
    for file in index.files where file.name == "Cargo.toml" {
      settings[file.parent] = TOMLText.object(index.manifest(file) ?? [])
    }
    let workspaces = Set(settings.filter { $1["workspace"] != nil }.map(\.key))
    self.workspaces = workspaces
    all = settings.compactMap { folder, text in
      guard let name = text.at("package", "name")?.string else { return nil }
      let shared = index.stated(for: folder) { workspaces.contains($0) ? $0 : nil }
      let dependencies = Self.dependencies(
        of: text, in: folder, workspace: shared.flatMap { top in settings[top].map { (top, $0) } })
      return Package(
        name: name, folder: folder, programs: Self.programs(text, name: name, folder: folder, index: index),
        paths: dependencies.compactMap(\.folder),
        dependsOnLambda: dependencies.contains { Self.runtimes.contains($0.name.replacing("-", with: "_")) })
    }
  }

  /// Those of the repository, read once.
  static func all(in index: RepositoryIndex) -> CargoPackages {
    index.remembered("cargo packages") { CargoPackages(index: index) }
  }

  /// The workspace around the package in `folder`.
  func workspace(of folder: RepositoryPath) -> RepositoryPath? {
    index.stated(for: folder) { workspaces.contains($0) ? $0 : nil }
  }

  private typealias Dependency = (name: String, folder: RepositoryPath?)

  private static func dependencies(
    of text: JSON, in folder: RepositoryPath, workspace: (folder: RepositoryPath, text: JSON)?
  ) -> [Dependency] {
    // Those for some platforms only are dependencies as well.
    let tables = [text] + (text["target"]?.tableMembers.map { $0.value } ?? [])
    let kinds = tables.flatMap { [$0["dependencies"], $0["build-dependencies"]] }
    return kinds.flatMap { $0?.tableMembers ?? [] }.map { name, value in
      if value["workspace"] == .bool(true) { return inherited(name, workspace) }
      return dependency(name, value, from: folder)
    }
  }

  /// What one line says: the package that is meant, and its folder where it is of the repository.
  private static func dependency(_ name: String, _ value: JSON?, from folder: RepositoryPath) -> Dependency {
    (value?["package"]?.string ?? name, value?["path"]?.string.flatMap { folder.resolving($0) })
  }

  private static func inherited(
    _ name: String, _ workspace: (folder: RepositoryPath, text: JSON)?
  ) -> Dependency {
    guard let workspace else { return (name, nil) }
    return dependency(
      name, workspace.text.at("workspace", "dependencies", name), from: workspace.folder)
  }

  private static func programs(
    _ text: JSON, name: String, folder: RepositoryPath, index: RepositoryIndex
  ) -> [Program] {
    var found: [Program] = []
    for section in text["bin"]?.array ?? [] {
      let program = section["name"]?.string ?? name
      let paths =
        section["path"]?.string.map { [$0] }
        ?? ["src/bin/\(program).rs", "src/bin/\(program)/main.rs", "src/main.rs"]
      guard let file = paths.compactMap({ folder.resolving($0) }).first(where: index.hasFile) else {
        continue
      }
      found.append(Program(name: program, file: file, isMain: file == folder.appending("src/main.rs")))
    }
    guard text.at("package", "autobins") != .bool(false) else { return found }
    let main = folder.appending("src/main.rs")
    if index.hasFile(main), !found.contains(where: { $0.file == main }) {
      found.append(Program(name: name, file: main, isMain: true))
    }
    for file in index.files(below: folder.appending("src/bin")) {
      let inside = file.relative(to: folder.appending("src/bin"))
      let isProgram =
        inside.components.count == 1 && inside.hasSuffix(".rs")
        || inside.components.count == 2 && inside.name == "main.rs"
      guard isProgram, !found.contains(where: { $0.file == file }) else { continue }
      let program = inside.components.count == 1 ? inside.stem : inside.parent.text
      found.append(Program(name: program, file: file, isMain: false))
    }
    return found
  }
}
