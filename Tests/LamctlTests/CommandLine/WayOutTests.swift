import Core
import TestSupport
import Testing

@testable import lamctl

/// Every command of the tool, so that one that is added is held to this too.
@Suite("Every way out of every command", .serialized)
struct WayOutTests {
  /// Ways out that need neither a repository nor AWS; `COMMAND` stands for the command's name.
  private static let ways: [[String]] = [
    ["COMMAND", "--help"], ["COMMAND", "-h"], ["COMMAND", "--version"], ["--version"], ["--help"], [],
    ["COMMAND", "--nonsense"], ["COMMAND", "a", "b", "c", "d"], ["COMMAND", "--parallel", "many"],
    ["COMMAND", "--config", "nope.json"], ["COMMAND", "--config", "broken/lamctl.json"],
    ["COMMAND", "--endpoint-url", "gopher://here"], ["COMMAND", "--speed", "60"],
    ["nonsense"], ["COMMAND", "nowhere", "--config", "shop/lamctl.json"],
    ["COMMAND", "--config", "shop/lamctl.json", "--endpoint-url", "http://127.0.0.1:9", "--speed", "600"],
  ]

  /// Stands still where the test would: what serves until a signal comes, and what asks nobody for anything.
  private static let lasting = ["sandbox"]

  private func world() throws -> (World, TemporaryFolder) {
    let folder = try TemporaryFolder()
    try folder.write("broken/lamctl.json", #"{"project": "#)
    try folder.write(
      "shop/lamctl.json",
      #"{"project": "shop", "environments": {"prod": {"region": "eu-west-1", "account": "123456789012"}}}"#)
    try folder.write("shop/orders/function.json", #"{"handler": "handler.main", "runtime": "python3.13"}"#)
    try folder.write("shop/orders/handler.py", "def main(event, context):\n  return 1\n")
    var world = World()
    world.environment = [
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI", "HOME": folder.path,
      "AWS_MAX_ATTEMPTS": "1", "PATH": "/usr/bin:/bin",
    ]
    return (world, folder)
  }

  private func words(_ way: [String], of command: String) -> [String]? {
    guard Self.lasting.contains(command), way.contains("COMMAND") else {
      return way.map { $0 == "COMMAND" ? command : $0 }
    }
    let ends = ["--help", "-h", "--version", "--nonsense", "many", "d", "nope.json", "broken/lamctl.json"]
    return way.contains(where: ends.contains) ? way.map { $0 == "COMMAND" ? command : $0 } : nil
  }

  @Test(
    "--json prints one document with schema, exitCode and error",
    arguments: Lamctl.table.commands.map { $0.name })
  func document(command: String) async throws {
    for way in Self.ways {
      guard let words = words(way, of: command) else { continue }
      let (world, folder) = try world()
      var context = world.context(words + ["--json"])
      context.folder = folder.path
      context.clock = SystemClock()
      let code = await Lamctl.run(in: context)
      let place = Comment(rawValue: "\(words): \(world.out.text)\(world.err.text)")
      let document = try #require(try? JSON(parsing: world.out.text), place)
      #expect(document["schema"]?.string?.hasPrefix("lamctl.") == true, place)
      #expect(document["exitCode"]?.int == Int(code.rawValue), place)
      #expect(DocumentCatalogue.unknown(in: document).isEmpty, place)
      let error = try #require(document["error"], place)
      if code == .done { #expect(error == .null, place) }
      if [.failed, .usage, .config, .permission].contains(code) {
        #expect(error["message"]?.string?.isEmpty == false, place)
      }
    }
  }

  @Test("a configuration that does not exist is a wrong configuration")
  func missingConfiguration() async throws {
    let (world, folder) = try world()
    var context = world.context(["plan", "--config", "nope.json"])
    context.folder = folder.path
    #expect(await Lamctl.run(in: context) == .config)
    #expect(world.err.text.contains("nope.json"))
  }

  @Test(
    "--events - has events only on stdout, and the last is the end",
    arguments: Lamctl.table.commands.map { $0.name })
  func events(command: String) async throws {
    for way in Self.ways {
      guard let words = words(way, of: command) else { continue }
      let (world, folder) = try world()
      var context = world.context(words + ["--events", "-"])
      context.folder = folder.path
      context.clock = SystemClock()
      let code = await Lamctl.run(in: context)
      let lines = world.out.text.split(separator: "\n").map { try? JSON(parsing: String($0)) }
      let place = Comment(rawValue: "\(words): \(world.out.text)\(world.err.text)")
      #expect(lines.allSatisfy { $0?["event"]?.string != nil && $0?["time"]?.string != nil }, place)
      let end = try #require(lines.last ?? nil, place)
      #expect(end["event"] == "end", place)
      #expect(end["exitCode"]?.int == Int(code.rawValue), place)
      #expect(end["outcome"]?.string?.isEmpty == false && end["release"] != nil && end["error"] != nil, place)
      #expect(lines.dropLast().allSatisfy { $0?["event"] != "end" }, place)
    }
  }
}
