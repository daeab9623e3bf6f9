internal import Core

/// What .NET projects are made of: their files, those of the projects that they refer to, and the settings above.
struct DotNetGraph: SourceGraph {
  let index: RepositoryIndex
  let language: DotNet
  private let projects: DotNetProjects

  init(index: RepositoryIndex, language: DotNet) {
    self.index = index
    self.language = language
    projects = DotNetProjects.all(in: index)
  }

  private static let settings = [
    "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json",
    "nuget.config",
    "NuGet.config", "NuGet.Config", ".editorconfig",
  ]

  func closure(of subject: ClosureSubject) -> SourceClosure {
    let place = subject.entries.first ?? subject.unit.appending("project")
    guard let project = projects.project(of: place) else { return .unit }
    var files: Set<RepositoryPath> = []
    let folders = Set(projects.byFile.values.map(\.folder))
    for part in projects.closure(of: project) {
      files.insert(part.file)
      let inner = folders.filter { $0 != part.folder && part.folder.contains($0) }
      files.formUnion(
        index.files(below: part.folder).filter { file in
          !["bin", "obj"].contains(file.relative(to: part.folder).components[0])
            && !inner.contains { $0.contains(file) } && file.fileExtension != "md"
        })
      files.formUnion(linked(part))
      files.formUnion(index.existing(Self.settings, in: index.upwards(from: part.folder)))
    }
    let locks = files.filter { language.lockNames.contains($0.name) }
    return .of(
      files.subtracting(locks), unit: subject.unit, hasCommand: subject.hasCommand, locks: locks.sorted())
  }

  /// Files of other folders that a project takes in: `<Compile Include="..\Shared\X.cs" />`.
  private func linked(_ project: DotNetProjects.Project) -> [RepositoryPath] {
    guard let bytes = index.manifest(project.file), let root = try? XMLText.element(bytes) else { return [] }
    let kinds = ["Compile", "Content", "None", "EmbeddedResource", "AdditionalFiles", "Import"]
    return kinds.flatMap { root.below($0) }.flatMap { element -> [RepositoryPath] in
      guard let text = element.attributes["Include"] ?? element.attributes["Project"],
        let path = project.folder.resolving(text.replacing("\\", with: "/"))
      else { return [] }
      if index.hasFile(path) { return [path] }
      guard text.contains("*"), let glob = Glob(Array(path.text.utf8)[...]) else { return [] }
      return index.files.filter { glob.matches($0.text) }
    }
  }
}
