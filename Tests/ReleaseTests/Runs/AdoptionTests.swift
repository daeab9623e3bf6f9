import Core
import Release
import TestSupport
import Testing

@testable import AWSClient

@Suite("Functions that serve already") struct AdoptionTests {
  private static let bare = "arn:aws:lambda:eu-west-1:1:function:orders"

  /// A world in which `orders` was made by others: its `$LATEST` has `code`, and nobody calls it by its bare name but as
  /// `change` says.
  private func world(
    code: String = "theirs", alias: String? = nil, direct: Int = 0,
    _ change: (inout SimulatedFunction) -> Void = { _ in }
  ) async throws -> World {
    let world = try World()
    let members: JSONObject = JSONObject([
      ("FunctionName", "orders"), ("FunctionArn", .string(Self.bare)), ("CodeSha256", .string(code)),
      ("Role", "arn:role"), ("Timeout", 30),
    ])
    _ = try world.account.create("orders", members)
    world.clock.advance(by: .minutes(180))
    world.account.state.withLock { state in
      state.traffic["orders"] = 0
      state.direct["orders"] = direct
    }
    world.account.change("orders", change)
    // Where nobody calls the alias yet, a smoke test is what a promotion rests on.
    world.want { $0.smokeTests = [SmokeTest(name: "ping", event: Array("{}".utf8), expectation: nil)] }
    if let alias {
      world.account.change { function in
        _ = function.route(
          AliasConfiguration(
            name: "prod", aliasARN: "", functionVersion: alias, weights: [:], description: "ours",
            revisionID: ""), at: world.clock.now())
      }
    }
    return world
  }

  private static let statement: JSON = [
    "Statement": [
      [
        "Sid": "s3", "Effect": "Allow", "Principal": ["Service": "s3.amazonaws.com"],
        "Action": "lambda:InvokeFunction", "Condition": ["ArnLike": ["AWS:SourceArn": "arn:aws:s3:::in"]],
      ]
    ]
  ]

  /// A caller of the bare name, or of something else, and what is said of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var direct = 0
    var denied: String?
    var change: @Sendable (inout SimulatedFunction) -> Void = { _ in }
    /// Nil where nobody calls the bare name.
    let words: String?
  }

  private static let cases = [
    Case(testDescription: "nobody", words: nil),
    Case(
      testDescription: "a statement", change: { $0.policy = statement },
      words: "the statement s3 for s3.amazonaws.com (arn:aws:s3:::in)"),
    Case(
      testDescription: "a statement that lets nobody invoke",
      change: { $0.policy = ["Statement": [["Effect": "Allow", "Action": "lambda:GetFunction"]]] }, words: nil
    ),
    Case(
      testDescription: "a statement that denies",
      change: { $0.policy = ["Statement": [["Effect": "Deny", "Action": "lambda:*"]]] }, words: nil),
    Case(
      testDescription: "a mapping on the bare ARN",
      change: {
        $0.mappings = [EventSourceMapping(uuid: "u", functionARN: bare, eventSourceARN: "arn:jobs")]
      },
      words: "the event source mapping u of arn:jobs"),
    Case(
      testDescription: "a mapping on $LATEST",
      change: { $0.mappings = [EventSourceMapping(uuid: "u", functionARN: bare + ":$LATEST")] },
      words: "the event source mapping u"),
    Case(
      testDescription: "a mapping on the alias, and one that is switched off",
      change: { function in
        function.mappings = [
          EventSourceMapping(uuid: "a", functionARN: bare + ":prod"),
          EventSourceMapping(uuid: "b", functionARN: bare, state: "Disabled"),
        ]
      }, words: nil),
    Case(
      testDescription: "a URL",
      change: { $0.url = FunctionURL(url: "https://x", functionARN: bare, authType: "NONE") },
      words: "the function URL https://x"),
    Case(
      testDescription: "another alias that names $LATEST",
      change: { function in
        function.aliases["dev"] = AliasConfiguration(
          name: "dev", aliasARN: "", functionVersion: "$LATEST", weights: [:], description: "",
          revisionID: "r")
      }, words: "the alias dev, which names $LATEST"),
    Case(testDescription: "traffic", direct: 2, words: "120 invocations in the last hour"),
    Case(
      testDescription: "a policy that may not be read", denied: "GetPolicy", words: "as its policy cannot be"),
    Case(
      testDescription: "metrics that may not be read", denied: "GetMetricData",
      words: "as its metrics cannot be"),
  ]

  @Test(
    "the alias is made where it serves; while the bare name has callers nothing else is written",
    arguments: cases)
  func callers(_ one: Case) async throws {
    let world = try await world(direct: one.direct, one.change)
    world.account.state.withLock { $0.denied = one.denied.map { [$0] } ?? [] }
    let run = try await world.deploy("ci", waiting: nil)
    #expect(world.account.code("1") == "theirs")
    if let words = one.words {
      #expect(run.errorName == "bareCallers")
      #expect(run.error.map { "\($0)" }?.contains(words) == true, "\(String(describing: run.error))")
      #expect(run.outcome == .failed)
      #expect(run.report?.hasMovedTraffic == false)
      #expect(run.connection.writes == ["PublishVersion orders", "CreateAlias orders"])
      #expect(world.account.code(nil) == "theirs")
      #expect(world.account.alias()?.functionVersion == "1")
      let again = try await world.deploy("ci", waiting: nil)
      #expect(again.errorName == "bareCallers")
      #expect(again.connection.writes.isEmpty)
    } else {
      #expect(run.outcome == .promoted, "\(String(describing: run.error))")
      #expect(world.account.code(world.account.alias()?.functionVersion) == "good1")
    }
  }

  @Test("once the callers are moved the same command releases by the rollout's own steps")
  func moved() async throws {
    let world = try await world(direct: 2) { $0.policy = Self.statement }
    #expect(try await world.deploy("ci", waiting: nil).errorName == "bareCallers")
    world.account.change { $0.policy = nil }
    world.account.state.withLock { state in
      state.direct["orders"] = nil
      state.traffic["orders"] = 600
    }
    let run = try await world.deploy("ci", waiting: nil)
    #expect(run.outcome == .promoted, "\(String(describing: run.error))")
    let weights = world.account.state.withLock { $0.functions["orders"]?.routes.map(\.weights) }
    #expect(weights == [[:], ["2": 0.1], [:]])
    #expect(world.account.record()?.previous == "1")
    // Whoever comes back to the bare name is told of, and stops nothing.
    world.account.state.withLock { $0.direct["orders"] = 3 }
    world.account.change { $0.policy = Self.statement }
    world.want { $0.code = "good2" }
    let later = try await world.deploy("ci", waiting: nil)
    #expect(later.outcome == .promoted)
    let warnings = later.report?.warnings ?? []
    #expect(warnings.contains { $0.contains("its bare name has callers") && $0.contains("the statement s3") })
  }

  @Test("--update-latest goes on although the bare name has callers, and says so")
  func updateLatest() async throws {
    let world = try await world { $0.policy = Self.statement }
    let run = try await world.deploy("ci", waiting: nil, configure: { $0.updatesLatest = true })
    #expect(run.outcome == .promoted, "\(String(describing: run.error))")
    #expect(run.report?.warnings.contains { $0.contains("the release reaches them at once") } == true)
    #expect(world.account.alias()?.functionVersion == "2")
  }

  @Test("a call of the bare name within 14 days is told with its hour, and stops nothing")
  func monthly() async throws {
    let world = try await world(direct: 1)
    let hour = world.clock.now() - .minutes(90)
    world.account.state.withLock { $0.directUntil["orders"] = hour }
    let run = try await world.deploy("ci", waiting: nil)
    #expect(run.outcome == .promoted, "\(String(describing: run.error))")
    #expect(run.report?.warnings.contains { $0.contains("was last called in the hour from") } == true)
  }

  @Test("an alias that names $LATEST is pointed at a version of it before anything is written")
  func latestAlias() async throws {
    let world = try await world(alias: "$LATEST")
    let run = try await world.deploy("ci", waiting: nil)
    #expect(run.outcome == .promoted, "\(String(describing: run.error))")
    let routes = world.account.state.withLock { $0.functions["orders"]?.routes ?? [] }
    #expect(routes.map(\.main) == ["$LATEST", "1", "1", "2"])
    #expect(run.connection.writes.prefix(2) == ["PublishVersion orders", "UpdateAlias orders"])
    #expect(world.account.code("1") == "theirs")
    #expect(world.account.alias()?.description.hasSuffix(" ; ours") == true)
  }

  @Test("settings of what is live come along as the version that serves")
  func settings() async throws {
    let world = try await world()
    _ = try await world.deploy("ci", waiting: nil)
    #expect(world.account.members("1")?["Timeout"] == 30)
    #expect(world.account.members("2")?["Timeout"] == 3)
  }

  @Test(
    "a run that dies between any two calls of an adoption is followed by one that ends it", arguments: 1...14)
  func killed(call: Int) async throws {
    let world = try await world()
    _ = try? await world.deploy("ci", waiting: nil, events: [.diesBefore(call)])
    #expect(world.account.alias().map { world.account.code($0.functionVersion) } ?? "theirs" == "theirs")
    world.clock.advance(by: .minutes(10))
    let run = try await world.deploy("ci-2", waiting: nil)
    #expect(run.outcome == .promoted, "\(String(describing: run.error))")
  }

  @Test("a function that lamctl has made and not given its alias is no adoption")
  func ours() async throws {
    let world = try World(["orders": Wanted("broken")])
    world.want { $0.smokeTests = [SmokeTest(name: "ping", event: [], expectation: nil)] }
    #expect(try await world.deploy("ci", waiting: nil).errorName == "smokeFailed")
    world.want { $0.code = "good1" }
    let run = try await world.deploy("ci", waiting: nil)
    #expect(run.outcome == .promoted, "\(String(describing: run.error))")
    #expect(world.account.alias()?.functionVersion == "2")
    #expect(world.account.record()?.previous == nil)
  }

  @Test("where each function stands alone, the one with callers of its bare name fails alone")
  func perFunction() async throws {
    let world = try await world { $0.policy = Self.statement }
    world.want("basket") { $0.code = "good1" }
    let run = try await world.deploy("ci", waiting: nil, configure: { $0.perFunction = true })
    #expect(run.report?.functions.map(\.outcome) == [.promoted, .failed])
    #expect(world.account.code(nil) == "theirs")
  }
}
