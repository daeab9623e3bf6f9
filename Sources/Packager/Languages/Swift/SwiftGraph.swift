internal import Core

/// What programs of Swift packages are made of: their target and those that it depends on.
struct SwiftGraph: SourceGraph {
  let index: RepositoryIndex
  let language: SwiftPackage
  private let packages: [RepositoryPath: SwiftManifests.Package]

  init(index: RepositoryIndex, language: SwiftPackage) {
    self.index = index
    self.language = language
    packages = Dictionary(SwiftManifests.all(in: index).packages.map { ($0.folder, $0) }) { first, _ in first
    }
  }

  func closure(of subject: ClosureSubject) -> SourceClosure {
    let home = index.stated(for: subject.entries.first?.parent ?? subject.unit) {
      packages[$0] == nil ? nil : $0
    }
    guard let home, let package = packages[home] else { return .unit }
    var files: Set<RepositoryPath> = []
    var pending = package.targets.filter { target in
      subject.target.map { $0 == package.product(of: target) }
        ?? (subject.entries.isEmpty
          ? target.isProgram : subject.entries.contains(where: target.folder.contains))
    }
    var seen = Set(pending.map(\.name))
    while let target = pending.popLast() {
      files.formUnion(index.files(below: target.folder))
      pending += package.targets.filter {
        target.dependencies.contains($0.name) && seen.insert($0.name).inserted
      }
    }
    // A product of another package may be any of its targets.
    var walk = SourceWalk(package.paths)
    var folders = [home]
    while let folder = walk.next() {
      guard let other = packages[folder] else { continue }
      folders.append(folder)
      for target in other.targets where !target.isTest { files.formUnion(index.files(below: target.folder)) }
      other.paths.forEach { walk.add($0) }
    }
    files.formUnion(index.existing(["Package.swift", ".swift-version"], in: folders))
    return .of(
      files, unit: subject.unit, hasCommand: subject.hasCommand,
      locks: index.existing(["Package.resolved"], in: [home]))
  }
}
