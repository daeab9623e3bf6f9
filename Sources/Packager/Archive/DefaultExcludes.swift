internal import Core

/// What never is an input or part of a package: version control, other tools' outputs, lamctl's own files, caches.
///
/// What may be code (`*.so`, `env/`, `dist/`, `lib/`, `bin/`) is not in the list.
enum DefaultExcludes {
  private static let names: Set<String> = [
    ".git", ".hg", ".svn", ".DS_Store", "Thumbs.db", ".aws-sam", ".serverless", "cdk.out", ".terraform",
    ".lamctl",
    "lamctl.json", "function.json", ".lambdaignore", ".gitignore", ".env", "__pycache__", ".venv",
    ".pytest_cache",
    ".mypy_cache", ".ruff_cache", ".tox", ".nox",
  ]

  /// Those of ``names`` that nobody may even ask for: what version control and lamctl keep is of this machine and this run.
  private static let machines: Set<String> = [".git", ".hg", ".svn", ".lamctl"]

  /// The name on the way to `path` for which it never is an input; nil where it may be one.
  static func bar(_ path: RepositoryPath) -> String? { path.components.first(where: machines.contains) }

  private static let endings = [".swp", ".pyc", ".pyo"]

  /// Whether the file or folder at `path` is left out.
  static func leaveOut(_ path: RepositoryPath, isFolder: Bool) -> Bool {
    // Asked for every file: most names have nothing that those of the rules have.
    let isPlain = path.withName { name in
      guard let first = name.first, let last = name.last, last != UInt8(ascii: "~") else { return false }
      let hasEnding = name.count > 3 && name[name.count - 4] == UInt8(ascii: ".") && !isFolder
      return !hasEnding && !(isFolder && last == UInt8(ascii: "o")) && !firstBytes.contains(first)
    }
    return !isPlain && reason(name: path.name, in: path.parent, isFolder: isFolder) != nil
  }

  private static let firstBytes = Set(names.compactMap(\.utf8.first))

  /// Why the entry `name` of `folder` is left out, in a few words; nil when it is not.
  static func reason(name: String, in folder: RepositoryPath, isFolder: Bool) -> String? {
    // Asked for every file: by bytes, and what most names have none of first.
    let bytes = name.utf8
    if names.contains(name) { return "always left out: \(name)" }
    if bytes.last == UInt8(ascii: "~") { return "always left out: *~" }
    if !isFolder, bytes.count >= 4,
      let ending = endings.first(where: { bytes.suffix(4).elementsEqual($0.utf8) })
    {
      return "always left out: *\(ending)"
    }
    if isFolder, name.hasSuffix(".egg-info") { return "always left out: *.egg-info" }
    guard bytes.first == UInt8(ascii: ".") else { return nil }
    if name.hasPrefix(".env.") { return "always left out: .env.*" }
    if name == ".cache" || name == ".bin", folder.name == "node_modules" {
      return "always left out: node_modules/\(name)"
    }
    return nil
  }
}
