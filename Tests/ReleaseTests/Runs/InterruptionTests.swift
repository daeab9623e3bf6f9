import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("A run that is stopped, or dies")
struct InterruptionTests {
  @Test("a signal at any call leaves all traffic on the stable version, or on the promoted one")
  func cancelled() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let calls = await world.probe().connection.calls
    for number in 1...calls.count {
      let world = try await World.running()
      world.want { $0.code = "good2" }
      let run = await world.deploy(events: [.cancels(number)])
      let alias = try #require(world.account.alias())
      #expect(alias.weights == [:], "cancelled before call \(number)")
      #expect(run.report?.wasInterrupted == true, "cancelled before call \(number), \(calls[number - 1])")
      if number < calls.count {
        #expect(alias.functionVersion == "1", "cancelled before call \(number)")
        #expect(world.account.record()?.bad == nil)
      }
      #expect(world.account.record()?.state.isUnderWay == false, "cancelled before call \(number)")
      // The same code may be tried again: nobody has found anything against it.
      #expect(await world.deploy().error == nil, "cancelled before call \(number)")
      #expect(world.account.alias()?.functionVersion == "2", "cancelled before call \(number)")
    }
  }

  @Test("with leave a signal leaves the weight and frees the lease, and the next run goes on at once")
  func left() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let probe = await world.probe().connection
    let first = try #require(probe.firstLook)
    let looks = probe.calls.indices.filter { $0 >= first && probe.calls[$0] == "GetMetricData" }
    for number in looks.map({ $0 + 1 }) {
      let world = try await World.running()
      world.configure { $0.onInterrupt = .leave }
      world.want { $0.code = "good2" }
      let run = await world.deploy(events: [.cancels(number)])
      #expect(run.outcome == .detached)
      #expect(world.account.record()?.state.isUnderWay == true)
      #expect(world.account.record()?.leaseEnd == nil)
      let next = await world.deploy("ci-2")
      #expect(next.outcome == .promoted, "left before call \(number)")
      #expect(!next.events.contains { if case .leaseWatched = $0 { true } else { false } })
      #expect(world.account.record()?.state == .idle)
    }
  }

  @Test("what the judge has found to be bad goes back also where a signal leaves the weight")
  func leftButConvicted() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for name in ["a", "b"] { world.want(name) { $0.code = "bad2" } }
    let calls = await world.probe().connection.calls
    let back = calls.indices.filter { calls[$0].hasPrefix("UpdateAlias") }.suffix(2)
    for number in back.map({ $0 + 1 }) {
      let world = world.copy()
      world.configure { $0.onInterrupt = .leave }
      let run = await world.deploy(events: [.cancels(number)])
      for name in ["a", "b"] {
        #expect(world.account.alias(name)?.weights == [:], "before call \(number)")
        #expect(world.account.alias(name)?.functionVersion == "1", "before call \(number)")
      }
      #expect(run.outcome == .rolledBack)
    }
  }

  @Test("a signal whose rollback fails says so, and not that nothing was touched")
  func failedRetraction() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let look = try #require(await world.probe().connection.firstLook) + 1
    let run = await world.deploy(events: [.cancels(look), .fails(look + 1), .fails(look + 2)])
    #expect(run.outcome == .detached)
    #expect(run.report?.wasInterrupted == true)
    #expect(run.errorName == "aws")
    #expect(world.account.alias()?.weights == ["2": 0.1])
  }

  @Test("a run killed at any call is completed by the next", arguments: [1, 2])
  func killed(functions: Int) async throws {
    let names = ["a", "b"].prefix(functions)
    let functions = Dictionary(uniqueKeysWithValues: names.map { ($0, Wanted("good1")) })
    let world = try await World.running(functions)
    for name in names { world.want(name) { $0.code = "good2" } }
    let calls = await world.probe().connection.calls
    for number in 1...calls.count {
      for event in [Connection.Event.diesBefore(number), .diesAfter(number)] {
        let world = try await World.running(functions)
        for name in names { world.want(name) { $0.code = "good2" } }
        _ = await world.deploy("dead", events: [event])
        let next = await world.deploy("ci-2")
        #expect(next.error == nil, "\(event) \(calls[number - 1])")
        for name in names {
          let record = try #require(world.account.record(name))
          #expect(world.account.alias(name)?.functionVersion == "2", "\(event) \(calls[number - 1])")
          #expect(world.account.alias(name)?.weights == [:])
          #expect(record.state == .idle, "\(name) after \(event) \(calls[number - 1])")
          #expect(record.previous == "1")
          #expect(world.account.versionCount(name) == 2)
        }
      }
    }
  }

  @Test("a lost answer or a fault of AWS at any call leaves traffic whole, and the next run gets through")
  func faults() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let calls = await world.probe().connection.calls
    for number in 1...calls.count {
      for event in [Connection.Event.losesAnswer(number), .fails(number)] {
        let world = try await World.running()
        world.want { $0.code = "good2" }
        _ = await world.deploy(events: [event])
        #expect(world.account.alias()?.weights == [:], "\(event) \(calls[number - 1])")
        #expect(await world.deploy("ci-2").error == nil, "\(event) \(calls[number - 1])")
        #expect(world.account.alias()?.functionVersion == "2", "\(event) \(calls[number - 1])")
        #expect(world.account.record()?.state == .idle, "\(event) \(calls[number - 1])")
      }
    }
  }

  @Test(
    "once a release of several is through, a fault while that is written down takes nothing back",
    arguments: [1, 2])
  func finishFails(faults: Int) async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for name in ["a", "b"] { world.want(name) { $0.code = "good2" } }
    let count = await world.probe().connection.calls.count
    let run = await world.deploy(events: (0..<faults).map { .fails(count + $0) })
    // One fault is made up for.
    #expect(run.errorName == (faults == 1 ? nil : "aws"))
    #expect(run.outcome == .promoted)
    for name in ["a", "b"] { #expect(world.account.alias(name)?.functionVersion == "2") }
  }

  @Test("without a bake a release whose promotion has begun only goes forward, and what is left is told")
  func promotionFails() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1"), "c": Wanted("good1")])
    world.configure { $0.bake = .zero }
    for name in ["a", "b", "c"] { world.want(name) { $0.code = "good2" } }
    let calls = await world.probe().connection.calls
    let promotion = try #require(calls.lastIndex(of: "UpdateAlias b")) + 1
    // Once in the promotion, once when it is tried again.
    let run = await world.deploy(events: [.fails(promotion), .fails(promotion + 2)])
    #expect(run.errorName == "aws")
    #expect(world.account.alias("a")?.functionVersion == "2")
    #expect(world.account.alias("b")?.weights == ["2": 0.1])
    #expect(world.account.alias("c")?.functionVersion == "2")
    let outcomes = run.report?.functions.map(\.outcome)
    #expect(outcomes == [.promoted, .detached, .promoted])
    #expect(run.report?.isPartial == true)
    let next = await world.deploy("ci-2")
    #expect(next.error == nil)
    for name in ["a", "b", "c"] { #expect(world.account.alias(name)?.functionVersion == "2") }
  }

  @Test("a dead bake is judged to its end by the next run, even though nothing has changed")
  func deadBake() async throws {
    let world = try await World.running()
    world.want { $0.code = "late2" }
    let number = try #require(await world.firstCall(in: .bake))
    _ = await world.deploy("dead", events: [.diesBefore(number)])
    try #require(world.account.record()?.state == .bake)
    #expect(await world.deploy("ci-2").outcome == .rolledBack)
    #expect(world.account.record()?.bad == "2")
    #expect(world.account.alias()?.functionVersion == "1")
  }

  @Test("beside a dead bake a newer change of another function still gets its canary")
  func deadBakeBesideChange() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    world.want("a") { $0.code = "good2" }
    let number = try #require(await world.firstCall(in: .bake, of: "a"))
    _ = await world.deploy("dead", events: [.diesBefore(number)])
    try #require(world.account.record("a")?.state == .bake)
    world.want("b") { $0.code = "bad2" }
    let run = await world.deploy("ci-2")
    #expect(run.outcome == .rolledBack)
    #expect(world.account.record("b")?.bad == "2")
    let routes = world.account.state.withLock { $0.functions["b"]?.routes ?? [] }
    #expect(!routes.contains { $0.main == "2" })
  }
}
