import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

/// What a walk takes is held against what git itself says.
@Suite("Ignored and tracked, as git sees it")
struct GitAgreementTests {
  /// A small generator of pseudo-random numbers that a seed makes repeatable (SplitMix64, Steele et al. 2014).
  private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static let names = [
    "a", "b", "c.py", "d.log", "e f", "[g]", "h*", "\u{E9}", "e\u{301}", ".i", "!j", "#k",
  ]
  private static let patterns = [
    "a", "b/", "*.log", "!*.log", "/a", "a/b", "**/c.py", "a/**", "**/b/**", "?", "[ab]", "[!a-c]",
    "[[:alpha:]]",
    "\\[g\\]", "\\!j", "\\#k", "h\\*", "e f", "e\\ f", "* ", "!a/", "a*", "*a*b*", "/b/*.py", "!/b/c.py",
    "\u{E9}", "é",
    "**", "/*", "!/a", "a/*/c.py", "#comment", "", "*/", "!*/", "*.py", "x\\", "[", "a//b", ".i", "a/**/c.py",
  ]

  private static func git(_ arguments: [String], in folder: String) async throws -> [String] {
    let output = Lock<[String]>([])
    let specification = ChildProcess.Specification(
      arguments: ["git", "-c", "core.quotePath=false", "-c", "core.precomposeUnicode=false"] + arguments,
      environment: .exactly([
        "PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1",
      ]),
      folder: folder)
    let exit = try await ChildProcess.run(specification) { stream, line in
      if stream == .output { output.withLock { $0.append(line) } }
    }
    try #require(exit.isSuccess, "git \(arguments)")
    return output.withLock { $0 }.flatMap { $0.split(separator: "\0").map(String.init) }
  }

  /// Files in folders three deep, ignore files among them, some of what is ignored tracked all the same.
  private static func grow(_ folder: TemporaryFolder, _ random: inout Random) async throws {
    _ = try await git(["init", "-q", "-b", "main"], in: folder.path)
    var folders = [""]
    for depth in 0..<3 {
      for parent in folders where parent.split(separator: "/").count == depth {
        for name in names.shuffled(using: &random).prefix(5) {
          let path = parent + name
          if depth < 2, Bool.random(using: &random) {
            if ["a", "b", "e f", "[g]", ".i"].contains(name) { folders.append(path + "/") }
          } else {
            try folder.write(path, "")
          }
        }
        guard depth < 2, Int.random(in: 0..<3, using: &random) > 0 else { continue }
        let lines = (0..<Int.random(in: 1...4, using: &random)).map { _ in
          patterns.randomElement(using: &random) ?? ""
        }
        try folder.write(parent + ".gitignore", lines.joined(separator: "\n") + "\n")
      }
    }
    let exclude = (0..<2).map { _ in patterns.randomElement(using: &random) ?? "" }
    try folder.write(".git/info/exclude", exclude.joined(separator: "\n") + "\n")
    _ = try await git(["add", "."], in: folder.path)
    let ignored = try await git(
      ["ls-files", "-z", "--others", "--ignored", "--exclude-standard"], in: folder.path)
    for path in ignored where Int.random(in: 0..<4, using: &random) == 0 {
      _ = try await git(["add", "-f", "--", ":(literal)\(path)"], in: folder.path)
    }
    if Bool.random(using: &random) {
      let version = Bool.random(using: &random) ? "4" : "2"
      _ = try await git(["update-index", "--index-version", version], in: folder.path)
    }
  }

  @Test("a walk takes what git tracks and what it would add, and nothing else", arguments: 0..<24)
  func agreement(seed: Int) async throws {
    let folder = try TemporaryFolder()
    var random = Random(state: UInt64(seed))
    try await Self.grow(folder, &random)
    let wanted = try await Self.git(
      ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], in: folder.path)
    var walk = TreeWalk(
      root: folder.path, git: GitView(root: folder.path), ignoreFiles: [], excludesDefaults: false)
    walk.enters = { $0.name != ".git" }
    let found = try walk.files(below: .root).filter { $0.kind != .emptyFolder }
    let rules = try folder.read(".git/info/exclude")
    #expect(Set(found.map(\.path)) == Set(wanted.compactMap { RepositoryPath($0) }), "\(rules)")
  }

  @Test("a walk that begins below the top of the work tree honours what stands above it", arguments: 0..<8)
  func below(seed: Int) async throws {
    let folder = try TemporaryFolder()
    var random = Random(state: UInt64(1_000 + seed))
    try await Self.grow(folder, &random)
    if !Files.isFolder(folder.path + "/a") { try Files.remove(folder.path + "/a") }
    try folder.write("a/inside/inner.txt", "")
    let root = folder.path + "/a"
    let wanted = try await Self.git(
      ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], in: root)
    let walk = TreeWalk(root: root, git: GitView(root: root), ignoreFiles: [], excludesDefaults: false)
    let found = try walk.files(below: .root).filter { $0.kind != .emptyFolder }
    // Git does not look below a folder that it ignores; nor would a unit lie there.
    let isIgnored = try await Self.git(
      ["ls-files", "-z", "--others", "--exclude-standard", "--", "."], in: root
    ).isEmpty
    let tracked = try await Self.git(["ls-files", "-z", "--cached"], in: root)
    if isIgnored {
      return #expect(Set(found.map(\.path)).isSuperset(of: tracked.compactMap { RepositoryPath($0) }))
    }
    #expect(Set(found.map(\.path)) == Set(wanted.compactMap { RepositoryPath($0) }))
  }

  @Test("what git tracks although it ignores it is packaged; what .lambdaignore leaves out is not")
  func tracked() async throws {
    let folder = try TemporaryFolder()
    for file in ["u/handler.py", "u/conf.py", "u/data/t.csv", "u/data/local.csv", "u/other.csv"] {
      try folder.write(file, "")
    }
    try folder.write(".gitignore", "conf.py\ndata/\n*.csv\n")
    _ = try await Self.git(["init", "-q"], in: folder.path)
    _ = try await Self.git(
      ["add", "-f", "u/handler.py", "u/conf.py", "u/data/t.csv", "u/other.csv"], in: folder.path)
    let walk = { TreeWalk(root: folder.path, git: GitView(root: folder.path)) }
    #expect(
      try walk().files(below: "u").map(\.path) == [
        "u/conf.py", "u/data/t.csv", "u/handler.py", "u/other.csv",
      ])
    #expect(try walk().explanation(for: "u/conf.py") == nil)
    #expect(try walk().explanation(for: "u/data/local.csv") == ".gitignore:3: *.csv")
    try folder.write("u/.lambdaignore", "other.csv\n")
    #expect(try walk().files(below: "u").map(\.path) == ["u/conf.py", "u/data/t.csv", "u/handler.py"])
  }

  @Test("rules above the project count, and those of info/exclude")
  func above() async throws {
    let folder = try TemporaryFolder()
    _ = try await Self.git(["init", "-q"], in: folder.path)
    try folder.write(".gitignore", "secrets.json\n")
    try folder.write(".git/info/exclude", "/backend/fns/a/notes\n")
    for name in ["handler.py", "secrets.json", "notes"] { try folder.write("backend/fns/a/\(name)", "") }
    let root = folder.path + "/backend"
    let walk = TreeWalk(root: root, git: GitView(root: root))
    #expect(try walk.files(below: "fns/a").map(\.path) == ["fns/a/handler.py"])
    #expect(try walk.explanation(for: "fns/a/secrets.json") == "../.gitignore:1: secrets.json")
  }

  @Test(
    "a broken index is told of, with what to do; it ends nothing", arguments: [0, 4, 11, 40, 60, 80, 120])
  func broken(length: Int) async throws {
    let folder = try TemporaryFolder()
    _ = try await Self.git(["init", "-q"], in: folder.path)
    try folder.write("a", "")
    _ = try await Self.git(["add", "."], in: folder.path)
    let whole = try Files.read(folder.path + "/.git/index")
    let random = (0..<whole.count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
    for bytes in [Array(whole.prefix(length)), Array(whole.prefix(12)) + random, Array("DIRC".utf8) + random]
    {
      try Files.writeAtomically(bytes, to: folder.path + "/.git/index")
      let text = message {
        _ = try TreeWalk(root: folder.path, git: GitView(root: folder.path)).files(below: .root)
      }
      #expect(text == "no error" || text.contains("cannot tell which files git tracks"), "\(text)")
    }
  }
}
