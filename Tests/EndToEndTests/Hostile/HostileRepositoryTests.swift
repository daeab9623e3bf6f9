import Core
import Glibc
import TestSupport
import Testing

/// A repository that a stranger has prepared: nothing outside of it may change, and nothing may hang or crash.
@Suite("A hostile repository, with the built binary", .serialized)
struct HostileRepositoryTests {
  private static let commands = [
    ["list"], ["plan"], ["status"], ["doctor"], ["versions"], ["judge"], ["prune", "--dry-run"],
    ["rollback", "--yes"],
    ["deploy", "--create", "--all-at-once"],
  ]

  /// All paths below `folder`, with what tells a change.
  private static func contents(of folder: String) throws -> [String] {
    try Files.names(in: folder).flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      guard Files.isFolder(path) else { return ["\(path) \(try Files.read(path).count)"] }
      return ["\(path)/"] + (try contents(of: path))
    }
  }

  @Test(
    "links in .lamctl lead nowhere: no command changes what lies behind them",
    arguments: [
      ".lamctl", ".lamctl/sandbox", ".lamctl/sandbox/code", ".lamctl/sandbox/functions", ".lamctl/sandbox/s3",
      ".lamctl/sandbox/runtime", ".lamctl/cache", ".lamctl/cache/trees", ".lamctl/cache/zips",
      ".lamctl/cache/tmp",
      ".lamctl/digests.json", ".lamctl/sandbox/clock.json", ".lamctl/sandbox/lock",
      ".lamctl/sandbox/metrics.ndjson",
    ])
  func links(component: String) async throws {
    let repository = try CountedRepository(functions: 1)
    let outside = try TemporaryFolder()
    let digest = String(repeating: "a", count: 64)
    for file in [
      "keep", "code/\(digest)/keep", "\(digest)/keep", "\(digest).zip", "12-34/keep", "trees/\(digest)/keep",
    ] {
      try outside.write(file, "mine")
    }
    let before = try Self.contents(of: outside.path)
    let link = "\(repository.folder.path)/\(component)"
    try Files.createFolder(String(link[..<(link.lastIndex(of: "/") ?? link.startIndex)]))
    let isFile = component.contains(".json") || component.hasSuffix("lock") || component.hasSuffix("ndjson")
    #expect(symlink(isFile ? outside.path + "/keep" : outside.path, link) == 0)
    for command in Self.commands {
      let outcome = try await repository.begin(command, limit: .minutes(1)).outcome()
      if case .code = outcome.exit {} else { Issue.record("\(command): \(outcome.exit) \(outcome.errors)") }
      #expect(try Self.contents(of: outside.path) == before, "\(command)")
    }
  }

  @Test(
    "what is no file is named within a moment, whatever reads it",
    arguments: ["lamctl.json", "functions/f000/function.json", "functions/f000/requirements.txt"],
    ["pipe", "device"])
  func special(file: String, kind: String) async throws {
    let repository = try CountedRepository(functions: 1)
    let path = "\(repository.folder.path)/\(file)"
    unlink(path)
    if kind == "pipe" { #expect(mkfifo(path, 0o600) == 0) } else { #expect(symlink("/dev/zero", path) == 0) }
    let outcome = try await repository.begin(["plan"], limit: .seconds(60)).outcome()
    guard case .code(let code) = outcome.exit else {
      Issue.record("\(outcome.exit)")
      return
    }
    // A pipe in a unit is no input: git and zips do not hold them.
    if code != 0 {
      let name = String(file.split(separator: "/").last ?? "")
      #expect(outcome.errors.contains(name), "\(outcome.errors)")
    } else {
      #expect(kind == "pipe" && file != "lamctl.json")
    }
  }
}
