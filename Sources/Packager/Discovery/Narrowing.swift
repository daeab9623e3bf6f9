internal import Core

/// Which folders and files the rules that need no configuration look into.
enum Narrowing {
  /// Folders whose content never is a function.
  private static let never: Set<String> = tests.union([
    "node_modules", "dist",
    "build", "out", "target", "coverage", "site-packages", "vendor", "bower_components", "cdk.out",
  ])
  /// Those of them that people write into themselves.
  private static let tests: Set<String> = [
    "test", "tests", "__tests__", "__mocks__", "spec", "specs", "e2e", "cypress", "fixtures",
  ]
  /// Folders whose content is something else, unless a conventional folder of functions follows below.
  private static let usually: Set<String> = [
    "doc", "docs", "web", "webapp", "www", "ui", "frontend", "front-end", "website", "client", "storybook",
    "public",
    "infra", "infrastructure", "terraform", "cdk", "iac", "pulumi", "cloudformation", "migrations",
    "shared", "libs", "lib", "common", "utils", "scripts",
  ]
  /// Folders of copies to learn from or to begin with, where the repository has functions elsewhere.
  private static let copies: Set<String> = [
    "workshop", "workshops", "solution", "solutions", "exercise", "exercises", "lab", "labs", "tutorial",
    "tutorials", "sample", "samples", "example", "examples", "demo", "demos", "playground", "snippets",
    "archive",
    "archived", "backup", "deprecated", "templates", "cookiecutter",
  ]
  /// Folders that by custom hold functions.
  static let conventionalParents: Set<String> = ["functions", "lambdas", "lambda"]

  /// Whether all folders on the way to `folder`, and itself, are looked into.
  static func entersAll(of folder: RepositoryPath) -> Bool { folder.components.allSatisfy(enters(name:)) }

  /// The first folder of tests on the way to `folder`; nil where there is none, or where something is above it that nobody
  /// writes into.
  static func testFolder(above folder: RepositoryPath) -> String? {
    let first = folder.components.first { !enters(name: $0) }
    return first.flatMap { tests.contains($0.lowercased()) ? $0 : nil }
  }

  private static func enters(name: String) -> Bool {
    let name = name.lowercased()
    return !never.contains(name) && !name.hasPrefix(".")
  }

  /// Whether a file in this folder may be a handler.
  static func mayHoldHandlers(_ folder: RepositoryPath) -> Bool {
    let parts = folder.components.map { $0.lowercased() }
    let relevant =
      parts.lastIndex(where: conventionalParents.contains).map { parts[($0 + 1)...] } ?? parts[...]
    return !relevant.contains(where: usually.contains)
  }

  /// Whether functions, or what they share, may lie in the folder: no tests, no outputs, no copies to begin with, nothing
  /// that a browser runs.
  static func mayMatter(_ folder: RepositoryPath) -> Bool {
    entersAll(of: folder)
      && !folder.components.contains { part in
        let name = part.lowercased()
        return copies.contains(name) || foreign.contains(name) || name.contains("{{")
      }
  }

  /// Folders of what is no function and shares nothing with one.
  private static let foreign: Set<String> = [
    "doc", "docs", "web", "webapp", "www", "ui", "frontend", "front-end", "website", "client", "storybook",
    "public",
  ]

  /// Candidates without those in folders of copies, unless there are no others.
  static func withoutCopies(
    _ candidates: [HandlerCandidate]
  ) -> (kept: [HandlerCandidate], passedOver: [PassedOver]) {
    var kept: [HandlerCandidate] = []
    var passedOver: [PassedOver] = []
    for candidate in candidates {
      guard let copy = copyFolder(candidate.unit ?? candidate.folder) else {
        kept.append(candidate)
        continue
      }
      passedOver.append(
        PassedOver(path: candidate.file, reason: "lies in a folder '\(copy)', beside functions that do not"))
    }
    return kept.isEmpty ? (candidates, []) : (kept, passedOver)
  }

  /// The folder above a function's own that holds copies.
  private static func copyFolder(_ folder: RepositoryPath) -> String? {
    let parts = Naming.parts(folder)
    return parts.dropLast().first { copies.contains($0.lowercased()) }
  }
}
