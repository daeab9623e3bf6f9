internal import Core
import Glibc

extension UnitBuilder {
  /// Throws where a compiler that works in the repository has read a file of it that is no input of the unit: a change to
  /// it would be no change of the function.
  func requireDeclared(_ read: ReadFiles) async throws(PackagerError) {
    let paths: [String]
    switch read {
    case .unknown: return
    case .told(let step): paths = try await runner.lines(of: step)
    case .written(let file):
      guard let bytes = try? Files.read(file, limit: DependencyFile.longest) else { return }
      paths = DependencyFile(bytes).paths
    case .known(let known): paths = known
    }
    let declared = Set(
      (inputs.own + inputs.shared.flatMap(\.files) + inputs.others + inputs.reached + inputs.locks).map(
        \.path))
    let top = workspace.root + "/"
    let foreign = Set(
      paths.compactMap { path -> RepositoryPath? in
        guard path.hasPrefix(top), let found = RepositoryPath(String(path.dropFirst(top.count))),
          !declared.contains(found), !isMade(found), Files.exists(path), !Files.isFolder(path),
          !isLinked(path, declared)
        else { return nil }
        return found
      }
    ).sorted()
    guard let first = foreign.first else { return }
    let shown = foreign.prefix(5).map(\.text.escaped).joined(separator: ", ")
    let more = foreign.count > 5 ? " and \(foreign.count - 5) more" : ""
    throw .undeclared(
      unit: build.unit,
      reason: "the compiler read \(shown)\(more), which no digest of the function covers",
      fix:
        "name it in \"inputs\" of \(build.unit.appending("function.json")) (\"inputs\": [\"\(first.text.escaped)\"]), or take it out of .gitignore"
    )
  }

  /// Whether a folder on the way to the file is a link, and the file is declared where it lies.
  private func isLinked(_ path: String, _ declared: Set<RepositoryPath>) -> Bool {
    guard let resolved = realpath(path, nil), let top = realpath(workspace.root, nil) else { return false }
    defer {
      free(resolved)
      free(top)
    }
    let (file, root) = (String(cString: resolved), String(cString: top) + "/")
    return file.hasPrefix(root)
      && RepositoryPath(String(file.dropFirst(root.count))).map(declared.contains) ?? false
  }

  /// What compilers write for themselves, and what package managers put beside the sources by a lock.
  private func isMade(_ path: RepositoryPath) -> Bool {
    let inner = path.relative(to: build.project.contains(path) ? build.project : .root).components
    return ["target", "vendor", ".build", StateFolder.name].contains(inner.first ?? "")
  }
}
