import Core
import TestSupport
import Testing

@Suite("Every command that a run prints can be typed as it is printed", .serialized)
struct NextCommandJobTests {
  /// The shop with a configuration that no command finds by itself, two environments, and a sandbox that has to be asked for.
  private func shop() async throws -> Shop {
    let shop = try await Shop()
    let text = try shop.folder.read("lamctl.json")
      .replacing(#""defaultEnvironment": "prod","#, with: "")
      .replacing(#""endpoint": "sandbox","#, with: "")
      .replacing(#""environments": {"#, with: #""environments": {"test": {"region": "eu-west-1"},"#)
    try shop.folder.write("my shop.json", text)
    try Files.remove(shop.folder.path + "/lamctl.json")
    return shop
  }

  private static let place = ["prod", "--config", "my shop.json", "--sandbox"]
  private static let placeAsTyped = "prod --config 'my shop.json' --sandbox"

  private func run(_ words: [String], in shop: Shop, exit: Int32) async throws -> BuiltBinary.Outcome {
    let run = try BuiltBinary.start(
      [words[0]] + Self.place + words.dropFirst(), in: shop.folder.path, environment: shop.environment)
    let outcome = await run.outcome()
    #expect(outcome.exit == .code(exit), "\(words): \(outcome.output) \(outcome.errors)")
    return outcome
  }

  /// Holds each command that a run has printed against the place that it was told.
  ///
  /// - Returns: the commands, each to the end of its line.
  @discardableResult
  private func commands(of outcome: BuiltBinary.Outcome, _ run: [String]) throws -> [String] {
    let names = ["status", "plan", "deploy", "rollback", "resume", "promote", "abort", "adopt", "versions"]
    let lines = (outcome.output + outcome.errors).split(separator: "\n")
    let found = lines.flatMap { line in
      line.pieces(between: "lamctl ").dropFirst().map(String.init)
    }.filter { rest in
      let name = rest.prefix { $0.isLetter }
      return names.contains(String(name)) && rest.dropFirst(name.count).first != ":"
    }
    try #require(!found.isEmpty, "\(run) names no command: \(outcome.errors)")
    for rest in found {
      let afterName = rest.drop { $0.isLetter }
      #expect(afterName.hasPrefix(" " + Self.placeAsTyped), "\(run) prints: lamctl \(rest)")
    }
    return found
  }

  @Test("in text, in documents and in events, and what a held run prints goes on with it")
  func everywhere() async throws {
    let shop = try await shop()
    let sandbox = try BuiltBinary.start(
      ["sandbox", "prod", "--config", "my shop.json"], in: shop.folder.path, environment: shop.environment)
    #expect(await eventually { sandbox.text(.output).contains("AWS_ENDPOINT_URL") })
    defer { sandbox.child.terminate() }
    _ = try await run(["deploy", "--all-at-once"], in: shop, exit: 0)
    let failing: [([String], Int32)] = [(["promote"], 1), (["rollback", "--to", "77"], 1)]
    for (words, exit) in failing {
      for form in [[], ["--json"], ["--events", "-"]] {
        try commands(of: try await run(words + form, in: shop, exit: exit), words + form)
      }
    }
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    let deploy = ["deploy", "--canary", "20%:1m", "--no-promote"]
    let held = try commands(of: try await run(deploy, in: shop, exit: 11), deploy)
    let onward = try #require(held.first { $0.hasPrefix("promote") })
    #expect(onward.contains("--canary 20%:1m"), "\(onward)")
    let shell = ChildProcess.Specification(
      arguments: ["sh", "-c", "exec \"$0\" \(onward)", try #require(try BuiltBinary.path())],
      environment: .exactly(shop.environment), folder: shop.folder.path)
    let lines = Lock<[String]>([])
    let exit = try await ChildProcess.run(shell) { _, line in lines.withLock { $0.append(line) } }
    #expect(exit == .code(0), "\(onward): \(lines.withLock { $0 })")
    sandbox.child.terminate()
    _ = await sandbox.outcome()
  }
}
