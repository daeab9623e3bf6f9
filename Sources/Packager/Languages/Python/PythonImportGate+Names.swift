internal import Core

/// Names that a module takes from others which do not have them.
extension PythonImportGate {
  /// Why `handler`, whose source lets other names in with `from … import *` alone, certainly does not have `symbol`: none of
  /// the modules that it takes all names from has it. Nil where it may be there.
  func lacks(_ symbol: String, in handler: RepositoryPath) -> GateFault? {
    var visited: Set<RepositoryPath> = []
    guard lacks(symbol, in: handler, &visited) else { return nil }
    let others = visited.subtracting([handler]).sorted().map(\.description)
    guard !others.isEmpty else { return nil }
    return GateFault(
      file: nil,
      found:
        "\(handler) has no '\(symbol)', and neither has what it takes all names from: \(others.joined(separator: ", "))",
      allowed: "the handler is '\(subject.handler)'", fix: "correct \"handler\" or the file")
  }

  private func lacks(
    _ symbol: String, in file: RepositoryPath, _ visited: inout Set<RepositoryPath>
  ) -> Bool {
    guard visited.insert(file).inserted else { return true }
    guard visited.count <= Self.mostStars, subject.isOwn(file),
      case .file(let source, let size, _)? = subject.entries[file]?.content, size <= Self.longestFile,
      let bytes = try? Files.read(source, limit: Self.longestFile)
    else { return false }
    if visited.count > 1, PythonNames.hides(symbol, bytes) { return true }
    guard let stars = PythonNames.stars(around: symbol, in: bytes) else { return false }
    return stars.allSatisfy { star in
      guard let module = self.module(of: star, in: file) else { return false }
      return lacks(symbol, in: module, &visited)
    }
  }

  /// The file of the package that all names are taken from; nil where that cannot be told.
  private func module(of star: PythonModule.Import, in file: RepositoryPath) -> RepositoryPath? {
    let names = star.module.split(separator: ".").map(String.init)
    var folder: RepositoryPath
    if star.level > 0 {
      var parts = package.packageParts(of: file)
      guard parts.count >= star.level else { return nil }
      parts.removeLast(star.level - 1)
      folder = package.searchRoot(of: file).appending(parts.joined(separator: "/"))
    } else {
      guard let top = names.first, let root = package.root(of: top) else { return nil }
      folder = root
    }
    for name in names { folder = folder.appending(name) }
    return [folder.appending("__init__.py"), folder.parent.appending("\(folder.name).py")].first(
      where: package.isFile)
  }

  /// The most modules that hand names on to one another.
  private static var mostStars: Int { 64 }

  /// Tells of a name that the runtime's version of a standard module does not have.
  mutating func tellUnknown(
    _ found: PythonImportScan.Import, in file: RepositoryPath, _ line: () -> Int
  ) {
    guard
      PythonStandardLibrary.has(found.module.split(separator: ".").first.map(String.init) ?? "", minor: minor)
    else { return }
    for name in found.names {
      let allowed: String
      let fix: String
      if let arrival = PythonStandardNames.arrival(of: name, in: found.module), arrival > minor {
        allowed = "it is part of Python from 3.\(arrival) on"
        fix = "set \"runtime\": \"python3.\(arrival)\", or import it in a 'try' that catches ImportError"
      } else if let removal = PythonStandardNames.removal(of: name, in: found.module), removal <= minor {
        allowed = "Python 3.\(removal) dropped it from the standard library"
        fix =
          found.module == "collections"
          ? "write 'from collections.abc import \(name)'"
          : "replace it, or set \"runtime\": \"python3.\(removal - 1)\""
      } else {
        continue
      }
      guard told.insert("\(found.module) \(name)").inserted else { continue }
      add(
        GateFault(
          file: "\(file):\(line())", found: "imports '\(name)' from '\(found.module)', which is not there",
          allowed: allowed, fix: fix), at: (file, line()))
    }
  }
}
