/// Which folders and files the rules that need no configuration look into.
enum Narrowing {
  /// Folders whose content never is a function.
  private static let never: Set<String> = [
    "node_modules", "test", "tests", "__tests__", "__mocks__", "spec", "specs", "e2e", "cypress", "fixtures",
    "dist",
    "build", "out", "target", "coverage", "site-packages", "vendor", "bower_components",
  ]
  /// Folders whose content is something else, unless a conventional folder of functions follows below.
  private static let usually: Set<String> = [
    "doc", "docs", "web", "webapp", "www", "ui", "frontend", "front-end", "website", "client", "storybook",
    "public",
    "infra", "infrastructure", "terraform", "cdk", "iac", "pulumi", "cloudformation", "migrations",
    "shared", "libs", "lib", "common", "utils", "scripts",
  ]
  /// Folders that by custom hold functions.
  static let conventionalParents: Set<String> = ["functions", "lambdas", "lambda"]

  static func enters(_ folder: String) -> Bool {
    let name = RootPath.name(folder).lowercased()
    return !never.contains(name) && !name.hasPrefix(".")
  }

  /// Whether a file in this folder may be a handler.
  static func mayHoldHandlers(_ folder: String) -> Bool {
    let parts = folder.lowercased().split(separator: "/").map(String.init)
    let relevant =
      parts.lastIndex(where: conventionalParents.contains).map { parts[($0 + 1)...] } ?? parts[...]
    return !relevant.contains(where: usually.contains)
  }
}
