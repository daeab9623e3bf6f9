internal import Core

/// What Cargo packages are made of: one program of a package, its library, and the packages that it takes from folders.
struct RustGraph: SourceGraph {
  let index: RepositoryIndex
  let language: Rust
  private let packages: CargoPackages
  private let byFolder: [RepositoryPath: CargoPackages.Package]

  init(index: RepositoryIndex, language: Rust) {
    self.index = index
    self.language = language
    packages = CargoPackages.all(in: index)
    byFolder = Dictionary(packages.all.map { ($0.folder, $0) }) { first, _ in first }
  }

  func closure(of subject: ClosureSubject) -> SourceClosure {
    let home = index.stated(for: subject.entries.first?.parent ?? subject.unit) {
      byFolder[$0] == nil ? nil : $0
    }
    guard let home else { return .unit }
    var walk = SourceWalk([home])
    var files: Set<RepositoryPath> = []
    var tops: Set<RepositoryPath> = []
    while let folder = walk.next() {
      guard let package = byFolder[folder] else { continue }
      files.formUnion(own(package, keeping: folder == home ? subject.target : nil))
      package.paths.forEach { walk.add($0) }
      tops.insert(packages.workspace(of: folder) ?? folder)
    }
    for file in files where language.isSource(file) {
      for path in index.reading(file, language)?.files ?? [] {
        if let included = file.parent.resolving(path), index.hasFile(included) { files.insert(included) }
      }
    }
    files.formUnion(index.existing(["Cargo.toml", "rust-toolchain", "rust-toolchain.toml"], in: tops))
    return .of(
      files, unit: subject.unit, hasCommand: subject.hasCommand,
      locks: index.existing(["Cargo.lock"], in: tops))
  }

  /// The files of a package without those of its other programs, of packages below it, and of tests.
  private func own(_ package: CargoPackages.Package, keeping program: String?) -> [RepositoryPath] {
    let others = package.programs.filter { $0.name != program }
    let aside = ["tests", "benches", "examples", "target"].map { package.folder.appending($0) }
    let inner = byFolder.keys.filter { $0 != package.folder && package.folder.contains($0) }
    return index.files(below: package.folder).filter { file in
      if others.contains(where: { isPart(file, of: $0, in: package) }) { return false }
      guard !(aside + inner).contains(where: { $0.contains(file) }) else { return false }
      // Documents beside the manifest are not compiled; what sources include is added by name.
      return file.parent != package.folder || file.name == "Cargo.toml" || language.isSource(file)
    }
  }

  private func isPart(
    _ file: RepositoryPath, of program: CargoPackages.Program, in package: CargoPackages.Package
  ) -> Bool {
    if file == program.file { return true }
    // `src/bin/x/main.rs` has its modules beside it, `src/bin/x.rs` in a folder of its name.
    let folder =
      program.file.name == "main.rs" ? program.file.parent : program.file.parent.appending(program.file.stem)
    return package.folder.appending("src/bin").contains(folder)
      && folder != package.folder.appending("src/bin")
      && folder.contains(file)
  }
}
