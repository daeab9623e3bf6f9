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

  /// Why the entry `name` of `folder` is left out, in a few words; nil when it is not.
  static func reason(name: String, in folder: RepositoryPath, isFolder: Bool) -> String? {
    if names.contains(name) { return "always left out: \(name)" }
    if name.hasPrefix(".env.") { return "always left out: .env.*" }
    if name.hasSuffix("~") { return "always left out: *~" }
    for ending in [".swp", ".pyc", ".pyo"] where !isFolder && name.hasSuffix(ending) {
      return "always left out: *\(ending)"
    }
    if isFolder, name.hasSuffix(".egg-info") { return "always left out: *.egg-info" }
    if name == ".cache" || name == ".bin", folder.name == "node_modules" {
      return "always left out: node_modules/\(name)"
    }
    return nil
  }
}
