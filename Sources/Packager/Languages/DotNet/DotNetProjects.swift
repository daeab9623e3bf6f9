internal import Core

/// The .NET projects of a repository.
struct DotNetProjects {
  /// One `*.csproj`.
  struct Project: Equatable {
    let file: RepositoryPath
    /// The name of what it is compiled to.
    let assembly: String
    /// Projects that it refers to, by their files.
    let references: [RepositoryPath]
    /// Packages that it refers to.
    let packages: [String]

    var folder: RepositoryPath { file.parent }

    var isTest: Bool {
      packages.contains { ["Microsoft.NET.Test.Sdk", "xunit", "NUnit", "MSTest.TestFramework"].contains($0) }
    }
  }

  let byFile: [RepositoryPath: Project]
  private let byFolder: [RepositoryPath: Project]
  private let index: RepositoryIndex

  init(index: RepositoryIndex) {
    self.index = index
    var byFile: [RepositoryPath: Project] = [:]
    var byFolder: [RepositoryPath: Project] = [:]
    for file in index.files where file.hasSuffix(".csproj") || file.hasSuffix(".fsproj") {
      guard let bytes = index.manifest(file), let root = try? XMLText.element(bytes) else { continue }
      let references = root.below("ProjectReference").compactMap { element in
        element.attributes["Include"].flatMap { file.parent.resolving($0.replacing("\\", with: "/")) }
      }
      let project = Project(
        file: file, assembly: root.below("AssemblyName").first?.text ?? file.stem, references: references,
        packages: root.below("PackageReference").compactMap { $0.attributes["Include"] })
      byFile[file] = project
      if byFolder[file.parent] == nil { byFolder[file.parent] = project }
    }
    self.byFile = byFile
    self.byFolder = byFolder
  }

  /// Those of the repository, read once.
  static func all(in index: RepositoryIndex) -> DotNetProjects {
    index.remembered("dotnet projects") { DotNetProjects(index: index) }
  }

  /// The project that a source belongs to.
  func project(of file: RepositoryPath) -> Project? { index.stated(for: file.parent) { byFolder[$0] } }

  /// The projects that one refers to, and those that they refer to, itself first.
  func closure(of project: Project) -> [Project] {
    var found: [Project] = []
    var seen: Set<RepositoryPath> = []
    var pending = [project]
    while let next = pending.popLast() {
      guard seen.insert(next.file).inserted else { continue }
      found.append(next)
      pending += next.references.compactMap { byFile[$0] }
    }
    return found
  }

  /// Whether the project, or one that it refers to, uses Amazon's libraries for Lambda.
  func usesLambda(_ project: Project) -> Bool {
    closure(of: project).contains { project in
      project.packages.contains { $0.hasPrefix("Amazon.Lambda.") && $0 != "Amazon.Lambda.TestUtilities" }
    }
  }
}
