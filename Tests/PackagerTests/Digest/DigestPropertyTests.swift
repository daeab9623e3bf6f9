import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

/// What a digest is about, and what it is not: each row is a rule.
@Suite("What counts as an input")
struct DigestPropertyTests {
  private static let lock = #"""
    {"lockfileVersion": 3, "packages": {"": {},
      "fn/a": {"dependencies": {"x": "1"}}, "fn/b": {"dependencies": {"y": "1"}},
      "node_modules/x": {"version": "1.0.0", "integrity": "sha512-x"},
      "node_modules/y": {"version": "1.0.0", "integrity": "sha512-y"}}}
    """#
  private static func function(
    script: String = "x", runtime: String = "nodejs22.x", architecture: String = "x86_64"
  ) -> String {
    #"{"uses": ["../../libs/common"], "env": ["STAGE"], "build": ["npm", "run", "\#(script)"], "output": "dist", "#
      + #""runtime": "\#(runtime)", "handler": "index.handler", "architectures": ["\#(architecture)"]}"#
  }

  private static let files = [
    "lamctl.json":
      #"{"functions": ["fn/*"], "shared": {"libs/base": {}, "libs/common": {"uses": ["libs/base"]}}}"#,
    "package.json": #"{"workspaces": ["fn/*"]}"#, "package-lock.json": lock,
    "fn/a/index.js": nodeHandler, "fn/a/package.json": #"{"dependencies": {"x": "1"}}"#,
    "fn/a/function.json": function(),
    "fn/b/index.js": nodeHandler, "fn/b/package.json": #"{"dependencies": {"y": "1"}}"#,
    "libs/common/c.js": "", "libs/base/b.js": "", "outside/data.txt": "1", "outside/tree/in/t.txt": "1",
  ]

  /// The short digest of function `a` after `change`.
  private func source(
    environment: [String: String] = [:], npm: String = "10.0.0",
    _ change: (Repository) throws -> Void = { _ in }
  ) async throws -> String {
    let repository = try Repository(Self.files)
    try link("../../outside/data.txt", "fn/a/data.txt", in: repository)
    try link("../../outside/tree", "fn/a/tree", in: repository)
    try change(repository)
    let definitions = try await repository.functions(environment: environment)
    defer { withExtendedLifetime(repository) {} }
    let tools = ToolVersions(known: [["npm", "--version"]: npm, ["node", "--version"]: "22.1.0"])
    let digests = try await Digester(repository.open(environment), tools: tools, workers: 2).digest(
      definitions)
    return FunctionDigests.short(try #require(digests["a"]).src)
  }

  private func link(_ target: String, _ path: String, in repository: Repository) throws {
    unlink("\(repository.path)/\(path)")
    try #require(symlink(target, "\(repository.path)/\(path)") == 0)
  }

  struct Change: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var environment: [String: String] = [:]
    var npm = "10.0.0"
    var make: @Sendable (Repository) throws -> Void = { _ in }

    init(
      _ name: String, environment: [String: String] = [:], npm: String = "10.0.0",
      make: @escaping @Sendable (Repository) throws -> Void = { _ in }
    ) {
      testDescription = name
      self.environment = environment
      self.npm = npm
      self.make = make
    }
  }

  private static func write(_ path: String, _ text: String) -> @Sendable (Repository) throws -> Void {
    { try $0.folder.write(path, text) }
  }

  static let counting = [
    Change("content", make: write("fn/a/index.js", nodeHandler + "\n")),
    Change("mode") { chmod($0.path + "/fn/a/index.js", 0o755) },
    Change("name") { rename($0.path + "/fn/a/index.js", $0.path + "/fn/a/app.js") },
    Change("another file", make: write("fn/a/new.js", "")),
    Change("the target of a link") { repository in
      unlink(repository.path + "/fn/a/data.txt")
      symlink("../../outside/tree/in/t.txt", repository.path + "/fn/a/data.txt")
    },
    Change("what a link leads to", make: write("outside/data.txt", "2")),
    Change("the mode of what a link leads to") { chmod($0.path + "/outside/data.txt", 0o755) },
    Change("a file in a folder that a link leads to", make: write("outside/tree/in/t.txt", "2")),
    Change("a new file in a folder that a link leads to", make: write("outside/tree/in/u.txt", "")),
    Change("a shared file", make: write("libs/common/c.js", "x")),
    Change("a shared file two hops away", make: write("libs/base/b.js", "x")),
    Change(
      "its part of the lock", make: write("package-lock.json", lock.replacing("sha512-x", with: "sha512-z"))),
    Change("the version of a tool", npm: "11.0.0"),
    Change("a declared variable", environment: ["STAGE": "prod"]),
    Change("the build's arguments", make: write("fn/a/function.json", function(script: "y"))),
    Change("the runtime", make: write("fn/a/function.json", function(runtime: "nodejs20.x"))),
    Change("the architecture", make: write("fn/a/function.json", function(architecture: "arm64"))),
  ]

  static let indifferent = [
    Change("times") { repository in
      for path in ["fn/a/index.js", "libs/base/b.js"] {
        utimensat(AT_FDCWD, "\(repository.path)/\(path)", nil, 0)
      }
    },
    Change("permissions of others") { chmod($0.path + "/fn/a/index.js", 0o600) },
    Change("an empty folder") { mkdir($0.path + "/fn/a/empty", 0o755) },
    Change(
      "another part of the lock",
      make: write("package-lock.json", lock.replacing("sha512-y", with: "sha512-z"))),
    Change("the order of the lock", make: write("package-lock.json", turned)),
    Change("another function", make: write("fn/b/index.js", nodeHandler + "\n")),
    Change("a file beside", make: write("outside/other.txt", "2")),
    Change("a variable that is not declared", environment: ["OTHER": "1"]),
    Change("a commit", make: write(".git/HEAD", "ref: refs/heads/other\n")),
    Change("a shallow clone", make: write(".git/shallow", String(repeating: "a", count: 40) + "\n")),
    Change("the order in which files were made") { repository in
      for path in ["fn/a/index.js", "libs/common/c.js"] {
        unlink("\(repository.path)/\(path)")
        try repository.folder.write(path, files[path] ?? "")
      }
    },
    Change("what is never packaged", make: write("fn/a/.env", "X=1\n")),
  ]

  /// The lock with its last two entries the other way around.
  private static var turned: String {
    let x = #""node_modules/x": {"version": "1.0.0", "integrity": "sha512-x"}"#
    let y = #""node_modules/y": {"version": "1.0.0", "integrity": "sha512-y"}"#
    return lock.replacing(x, with: "@").replacing(y, with: x).replacing("@", with: y)
  }

  @Test("is everything that decides about the package", arguments: counting)
  func counts(change: Change) async throws {
    let before = try await source()
    #expect(try await source(environment: change.environment, npm: change.npm, change.make) != before)
  }

  @Test("is nothing else", arguments: indifferent)
  func ignores(change: Change) async throws {
    let before = try await source()
    #expect(try await source(environment: change.environment, npm: change.npm, change.make) == before)
  }

  @Test("an empty folder is in the package but not in its digest: git does not keep it")
  func emptyFolder() throws {
    let repository = try Repository(["p/a.txt": "1"])
    let before = try PackageTree(folder: repository.path + "/p").digest()
    try Files.createFolder(repository.path + "/p/empty")
    let tree = try PackageTree(folder: repository.path + "/p")
    #expect(tree.entries.count == 2)
    #expect(try tree.digest() == before)
  }

  @Test("a link stays one only where what it leads to stands at that place of the package")
  func links() throws {
    let repository = try Repository([
      "libs/settings.json": "shared", "fn/a/settings.json": "own", "libs/common/near.txt": "near",
    ])
    try link("../settings.json", "libs/common/settings.json", in: repository)
    try link("near.txt", "libs/common/link.txt", in: repository)
    let at = { (path: RepositoryPath, file: String, kind: WalkedFile.Kind) in
      PackageTree.Source(path: path, file: "\(repository.path)/\(file)", kind: kind)
    }
    let tree = try PackageTree(
      [
        at("settings.json", "fn/a/settings.json", .file),
        at("common/near.txt", "libs/common/near.txt", .file),
        at("common/settings.json", "libs/common/settings.json", .link),
        at("common/link.txt", "libs/common/link.txt", .link),
      ], boundary: [repository.path])
    let content = Dictionary(uniqueKeysWithValues: tree.entries.map { ($0.path.text, $0.content) })
    guard case .file(let source, _, _)? = content["common/settings.json"] else {
      Issue.record("a link to another file of the package")
      return
    }
    #expect(source.hasSuffix("/libs/settings.json"))
    #expect(content["common/link.txt"] == .link(target: "near.txt"))
  }
}
