import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Before the first weight")
struct PreflightRunTests {
  /// A world that serves, and wants something new.
  private func changed(_ prepare: (SimulatedAccount) -> Void = { _ in }) async throws -> World {
    let world = try await World.running()
    prepare(world.account)
    world.want { $0.code = "good2" }
    return world
  }

  private func notes(_ run: RunResult) -> [String] {
    run.events.compactMap { event in
      guard case .note(_, let text) = event else { return nil }
      return text
    }
  }

  @Test("an alias with provisioned concurrency gets no steps; all at once it is released")
  func provisioned() async throws {
    let world = try await changed { account in
      account.change {
        $0.provisioned["prod"] = ProvisionedConcurrency(
          requested: 5, available: 5, allocated: 5, status: "READY")
      }
    }
    let run = await world.deploy()
    #expect(run.errorName == "preflight")
    #expect(!run.connection.writes.contains("UpdateAlias orders"))
    #expect(await world.deploy(configure: { $0.plan = .allAtOnce }).outcome == .promoted)
  }

  @Test("traffic past the alias, and too little concurrency, are told of and stop nothing")
  func warnings() async throws {
    let world = try await changed { account in
      account.state.withLock { state in
        state.direct["orders"] = 600
        state.concurrent["orders"] = 950
      }
    }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    let warnings = try #require(run.report?.warnings)
    #expect(warnings.count == 3, "\(warnings)")
    #expect(warnings.contains { $0.hasPrefix("orders: its bare name has callers") }, "\(warnings)")
    #expect(warnings.contains { $0.hasPrefix("orders: 50 % of the invocations") }, "\(warnings)")
    #expect(warnings.contains { $0.contains("need 1045 concurrent executions") }, "\(warnings)")
    #expect(run.connection.calls.filter { $0 == "GetAccountSettings" }.count == 1)
  }

  @Test(
    "what may not be read is told of and stops nothing",
    arguments: ["GetProvisionedConcurrencyConfig", "GetAccountSettings"])
  func denied(operation: String) async throws {
    let world = try await changed { account in
      account.state.withLock { state in
        state.concurrent["orders"] = 950
        state.denied = [operation]
      }
    }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(notes(run).contains { $0.contains("cannot be read") && $0.contains(operation) }, "\(notes(run))")
  }

  @Test("without metrics the release goes on to its first weight")
  func noMetrics() async throws {
    let world = try await changed()
    world.account.breakMetrics(for: .minutes(1))
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(notes(run).contains { $0.contains("the traffic of the last hour cannot be read") })
  }

  @Test("all at once asks for nothing of it")
  func atOnce() async throws {
    let world = try await changed()
    let run = await world.deploy(configure: {
      $0.plan = .allAtOnce
      $0.bake = .zero
    })
    #expect(run.outcome == .promoted)
    #expect(!run.connection.calls.contains { $0.hasPrefix("GetProvisioned") || $0 == "GetMetricData" })
  }

  @Test("versions that sleep are woken before they are compared, the new one before it is tested")
  func asleep() async throws {
    let world = try await changed { $0.change { $0.asleep = ["1"] } }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    let calls = run.connection.calls
    let wake = try #require(calls.firstIndex(of: "Invoke orders"))
    #expect(wake < (calls.firstIndex(of: "UpdateAlias orders") ?? 0))
    #expect(world.account.state.withLock { $0.functions["orders"]?.asleep.isEmpty } == true)
  }

  @Test("where nobody may invoke it, a version that sleeps is left to wake by itself")
  func asleepAndDenied() async throws {
    let world = try await changed { account in
      account.change { $0.asleep = ["1"] }
      account.state.withLock { $0.denied = ["Invoke"] }
    }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(notes(run).contains { $0.contains("cannot be woken") })
  }

  @Test("a version that failed in an earlier run is named as that, and never gets traffic")
  func failedBefore() async throws {
    let world = try await changed()
    let publishing = try #require(
      await world.probe().connection.calls.firstIndex(of: "PublishVersion orders"))
    _ = await world.deploy("dead", events: [.diesAfter(publishing + 1)])
    world.account.change { $0.failed = ["2"] }
    let run = await world.deploy("ci-2")
    #expect(run.errorName == "preflight")
    #expect(run.error?.description.contains("version 2 holds this very code") == true)
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.alias()?.weights == [:])
  }

  @Test("a text in the Description that the record would cut is refused, unless it may be cut")
  func userText() async throws {
    let world = try await changed()
    let text = String(repeating: "all of it matters. ", count: 8)
    world.account.edit(description: text)
    let run = await world.deploy()
    #expect(run.errorName == "preflight")
    #expect(run.error?.description.contains("a text of \(text.count) characters") == true)
    #expect(world.account.alias()?.description == text)
    // What it says fits, does.
    let room = try #require(
      run.error?.description.split(separator: " ").last.flatMap { Int($0) })
    let shorter = String(text.prefix(room))
    world.account.edit(description: shorter)
    let texts = Lock<Set<String>>([])
    let hooks = Dictionary(
      uniqueKeysWithValues: (1...60).map { number -> (Int, @Sendable () async -> Void) in
        (
          number,
          {
            guard case .record(_, let kept) = RolloutRecord.decode(world.account.alias()?.description ?? "")
            else { return }
            texts.withLock { _ = $0.insert(kept) }
          }
        )
      })
    #expect(await world.deploy(hooks: hooks).outcome == .promoted)
    #expect(texts.withLock { $0 } == [shorter])
  }

  @Test("with leave to cut it, the text gives way to the record")
  func adopted() async throws {
    let world = try await changed()
    world.account.edit(description: String(repeating: "x", count: 200))
    let run = await world.deploy(configure: { $0.cutsDescription = true })
    #expect(run.outcome == .promoted)
    #expect(world.account.record()?.state == .idle)
    // Cut once: what later releases have to remember has room too.
    for code in ["bad3", "bad4", "good5", "bad6"] {
      world.want { $0.code = code }
      let later = await world.deploy()
      #expect(later.error == nil)
      #expect(later.outcome == (code.hasPrefix("bad") ? .rolledBack : .promoted))
    }
    guard case .record(let record, let text) = RolloutRecord.decode(world.account.alias()?.description ?? "")
    else { throw Unreadable() }
    #expect(record.badVersions.count == 3)
    #expect(text.count > 40 && text.allSatisfy { $0 == "x" })
  }

  private struct Unreadable: Error {}
}
