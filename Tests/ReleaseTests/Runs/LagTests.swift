import Core
import Release
import TestSupport
import Testing

@testable import AWSClient

@Suite("Where reads of functions and versions lag behind writes")
struct LagTests {
  /// What is released.
  enum Kind: String, CaseIterable {
    case first, code, settings, both
  }

  private static let lags = [0.02, 0.1, 0.2, 1, 2, 5, 10]
  private static let publishing = [
    "CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion", "CreateAlias",
  ]

  private static func world(_ kind: Kind, lag: Double, isUneven: Bool = false) async throws -> World {
    let world = kind == .first ? try World() : try await World.running()
    world.account.lagBehind(.seconds(lag), isUneven: isUneven)
    world.want { wanted in
      if kind == .code || kind == .both { wanted.code = "good2" }
      if kind == .settings || kind == .both { wanted.settings["Timeout"] = 9 }
    }
    return world
  }

  /// The numbers of the calls by which `run` brought its version into being.
  private static func writes(of run: RunResult) -> [Int] {
    let calls = run.connection.calls
    return calls.indices.filter { index in publishing.contains { calls[index] == "\($0) orders" } }.map {
      $0 + 1
    }
  }

  /// The numbers of those that an undisturbed release makes.
  private static func writes(_ kind: Kind, lag: Double) async throws -> [Int] {
    let world = try await world(kind, lag: lag)
    return writes(of: await world.deploy())
  }

  private static func expectPromoted(_ run: RunResult, _ kind: Kind, in world: World, _ comment: Comment) {
    #expect(run.outcome == .promoted, comment)
    #expect(run.error == nil, comment)
    #expect(world.account.versionCount() == (kind == .first ? 1 : 2), comment)
    let version = world.account.alias()?.functionVersion
    #expect(version == (kind == .first ? "1" : "2"), comment)
    let hasNewCode = kind == .code || kind == .both
    #expect(world.account.code(version) == (hasNewCode ? "good2" : "good1"), comment)
    let hasNewSettings = kind == .settings || kind == .both
    #expect(world.account.members(version)?["Timeout"] == (hasNewSettings ? 9 : 3), comment)
  }

  @Test(
    "a release is promoted with one new version, whichever answer is lost besides",
    arguments: Kind.allCases, lags)
  func promoted(kind: Kind, lag: Double) async throws {
    for isUneven in [false, true] {
      let world = try await Self.world(kind, lag: lag, isUneven: isUneven)
      let run = await world.deploy()
      Self.expectPromoted(run, kind, in: world, "uneven: \(isUneven)")
      for number in Self.writes(of: run) {
        for event in [Connection.Event.losesAnswer(number), .fails(number)] {
          let world = try await Self.world(kind, lag: lag, isUneven: isUneven)
          let comment: Comment = "\(event) \(run.connection.calls[number - 1]), uneven: \(isUneven)"
          let disturbed = await world.deploy(events: [event])
          Self.expectPromoted(disturbed, kind, in: world, comment)
        }
      }
    }
  }

  @Test("tags that somebody sets at any moment are no rival's work", arguments: [0, 0.2, 2, 10])
  func tags(lag: Double) async throws {
    for kind in [Kind.code, .settings, .both] {
      let writes = try await Self.writes(kind, lag: lag)
      let last = try #require(writes.last)
      for pause in 1...last {
        let world = try await Self.world(kind, lag: lag)
        let run = await world.deploy(hooks: [
          pause: { try? await Connection(world.account).tagResource("arn:orders", tags: ["team": "blue"]) }
        ])
        Self.expectPromoted(run, kind, in: world, "\(kind), tagged before call \(pause)")
      }
    }
  }

  /// What a person does to `$LATEST`, and a release that it must not get into.
  struct Edit: Sendable, CustomTestStringConvertible {
    let kind: Kind
    let member: String
    let value: JSON
    var testDescription: String { "\(kind), \(member)" }
  }

  private static let edits = [
    Edit(kind: .code, member: "Timeout", value: 30),
    Edit(kind: .code, member: "Environment", value: ["Variables": ["HOTFIX": "1"]]),
    Edit(kind: .settings, member: "CodeSha256", value: "other"),
    Edit(kind: .settings, member: "Environment", value: ["Variables": ["HOTFIX": "1"]]),
    Edit(kind: .both, member: "Environment", value: ["Variables": ["HOTFIX": "1"]]),
    Edit(kind: .settings, member: "Timeout", value: 30),
  ]

  @Test("what a person changes while a release is published is found, and in no version", arguments: edits)
  func person(edit: Edit) async throws {
    for lag in [0, 0.1, 1, 10] {
      let writes = try await Self.writes(edit.kind, lag: lag)
      let last = try #require(writes.last)
      for pause in 1...last {
        let world = try await Self.world(edit.kind, lag: lag)
        let run = await world.deploy(hooks: [
          pause: { try? world.account.editLatest { $0[edit.member] = edit.value } }
        ])
        let comment: Comment = "lag \(lag), before call \(pause)"
        #expect(run.errorName == "changedMeanwhile", comment)
        #expect(world.account.versionCount() == 1, comment)
        #expect(world.account.alias()?.functionVersion == "1", comment)
      }
    }
  }

  @Test(
    "where nobody may list the versions, a lost PublishVersion still makes one and ends well",
    arguments: [0, 2.0])
  func unlisted(lag: Double) async throws {
    let writes = try await Self.writes(.code, lag: lag)
    let number = try #require(writes.last)
    let world = try await Self.world(.code, lag: lag)
    world.account.state.withLock { $0.denied = ["ListVersionsByFunction"] }
    let run = await world.deploy(events: [.losesAnswer(number)])
    Self.expectPromoted(run, .code, in: world, "lag \(lag)")
    #expect(
      run.events.contains {
        if case .note(_, let text) = $0 { text.contains("ListVersionsByFunction") } else { false }
      })
  }

  @Test("a function that somebody else has created meanwhile is left to them", arguments: [0, 2.0])
  func createdMeanwhile(lag: Double) async throws {
    let world = try await Self.world(.first, lag: lag)
    let run = await world.deploy(hooks: [
      1: {
        let other = JSONObject([("FunctionName", "orders"), ("CodeSha256", "other")])
        _ = try? world.account.create("orders", other)
      }
    ])
    #expect(run.errorName == "changedMeanwhile")
    #expect(world.account.versionCount() == 0)
  }

  @Test("a smoke test and the first alias wait until the new version is found")
  func freshVersion() async throws {
    for kind in Kind.allCases {
      let world = try await Self.world(kind, lag: 3, isUneven: true)
      world.want { $0.smokeTests = [SmokeTest(name: "ping", event: Array("{}".utf8), expectation: nil)] }
      let run = await world.deploy()
      Self.expectPromoted(run, kind, in: world, "\(kind)")
    }
  }
}

@Suite("While Lambda takes its time")
struct PatienceTests {
  private static let role = "The role defined for the function cannot be assumed by Lambda."

  private static func notes(of run: RunResult) -> [String] {
    run.events.compactMap { if case .note(_, let text) = $0 { text } else { nil } }
  }

  @Test("a new role is waited for, with a countdown", arguments: [true, false])
  func freshRole(isFirst: Bool) async throws {
    let world = isFirst ? try World() : try await World.running()
    world.want { $0.settings["Timeout"] = 9 }
    let until = world.clock.now() + .seconds(9)
    world.account.state.withLock { $0.freshRole = (until, Self.role) }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    let countdown = Self.notes(of: run).filter { $0.contains("trying again in") }
    #expect(countdown.count == 3)
    #expect(countdown.first?.contains("for 90 s at most") == true)
    #expect(countdown.allSatisfy { $0.contains(Self.role) })
  }

  @Test("a role that Lambda may never use is not waited for without end")
  func wrongRole() async throws {
    let world = try World()
    let start = world.clock.now()
    world.account.state.withLock { $0.freshRole = (start + .minutes(60), Self.role) }
    let run = await world.deploy()
    #expect(run.errorName == "aws")
    #expect(run.error?.description.contains(Self.role) == true)
    #expect(world.clock.now() - start < .seconds(100))
  }

  @Test("what takes long says how long it has taken so far, and has an end")
  func elapsed() async throws {
    for (span, isReady) in [(100.0, true), (700, false)] {
      let world = try await World.running()
      world.want { $0.code = "good2" }
      let probe = await world.probe().connection.calls
      let publish = try #require(probe.firstIndex(of: "PublishVersion orders")) + 1
      let run = await world.deploy(hooks: [
        publish + 1: {
          world.account.change { $0.versions[1].activeAt = world.clock.now() + .seconds(span) }
        }
      ])
      #expect(run.errorName == (isReady ? nil : "timedOut"))
      let told = Self.notes(of: run).filter { $0.hasPrefix("version 2 is not ready after") }
      #expect((isReady ? 3...3 : 15...20).contains(told.count), "\(told)")
    }
  }

  @Test("a write whose answer never comes is not sent again without end")
  func neverAnswered() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let first =
      try #require(
        await world.probe().connection.calls.firstIndex(of: "UpdateFunctionCode orders")) + 1
    let run = await world.deploy(events: (first...(first + 2)).map { .losesAnswer($0) })
    #expect(run.errorName == "aws")
    #expect(run.connection.writes == Array(repeating: "UpdateFunctionCode orders", count: 3))
  }
}
