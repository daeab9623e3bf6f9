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
    var settings: [RepositoryPath: SettingsText] = [:]
    for file in index.files where file.name == "Cargo.toml" {
      settings[file.parent] = SettingsText(index.manifest(file) ?? [])
    }
    let workspaces = Set(
      settings.filter { _, text in text.sections.contains { $0.name == "workspace" } }.map(\.key))
    self.workspaces = workspaces
    all = settings.compactMap { folder, text in
      guard let name = SettingsText.string(text.value("package", "name")) else { return nil }
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
    of text: SettingsText, in folder: RepositoryPath, workspace: (folder: RepositoryPath, text: SettingsText)?
  ) -> [Dependency] {
    var found: [Dependency] = []
    for section in text.sections {
      let parts = section.name.split(separator: ".")
      guard let kind = parts.firstIndex(where: { $0 == "dependencies" || $0 == "build-dependencies" }),
        parts.first != "workspace"
      else { continue }
      if parts.count > kind + 1 {
        let name = String(parts[kind + 1])
        found.append(
          section["workspace"] == "true"
            ? inherited(name, workspace) : (name, path(section["path"], from: folder)))
        continue
      }
      for (key, value) in section.values {
        let words = key.split(separator: ".")
        let name = words.first.map(String.init) ?? key
        let isInherited = words.last == "workspace" || SettingsText.member("workspace", of: value) == "true"
        if isInherited {
          found.append(inherited(name, workspace))
        } else {
          let renamed = SettingsText.string(SettingsText.member("package", of: value))
          found.append((renamed ?? name, path(SettingsText.member("path", of: value), from: folder)))
        }
      }
    }
    return found
  }

  private static func inherited(
    _ name: String, _ workspace: (folder: RepositoryPath, text: SettingsText)?
  ) -> Dependency {
    guard let workspace else { return (name, nil) }
    let table = workspace.text.value("workspace.dependencies", name)
    let section = workspace.text.value("workspace.dependencies.\(name)", "path")
    return (name, path(section ?? SettingsText.member("path", of: table), from: workspace.folder))
  }

  private static func path(_ text: String?, from folder: RepositoryPath) -> RepositoryPath? {
    SettingsText.string(text).flatMap { folder.resolving($0) }
  }

  private static func programs(
    _ text: SettingsText, name: String, folder: RepositoryPath, index: RepositoryIndex
  ) -> [Program] {
    var found: [Program] = []
    for section in text.all("bin") {
      let program = SettingsText.string(section["name"]) ?? name
      let paths =
        SettingsText.string(section["path"]).map { [$0] }
        ?? ["src/bin/\(program).rs", "src/bin/\(program)/main.rs", "src/main.rs"]
      guard let file = paths.compactMap({ folder.resolving($0) }).first(where: index.hasFile) else {
        continue
      }
      found.append(Program(name: program, file: file, isMain: file == folder.appending("src/main.rs")))
    }
    guard text.value("package", "autobins") != "false" else { return found }
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
