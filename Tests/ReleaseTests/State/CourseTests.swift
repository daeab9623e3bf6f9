import AWSClient
import Core
import TestSupport
import Testing

@testable import Release

/// What a deploy would do about what it finds, by the worlds that lead there.
@Suite("The course of a deploy")
struct CourseTests {
  private func words(_ world: World, only name: String? = nil) async throws -> [String] {
    let whole = try await world.plan(Connection(world.account)) { _ in }
    let plan = ReleasePlan(
      environment: whole.environment, alias: whole.alias,
      functions: whole.functions.filter { name == nil || $0.input.function == name })
    return Course(plan, settings: world.present, at: world.clock.now()).steps.map { step in
      func names(_ functions: [FunctionPlan]) -> String {
        functions.map(\.input.function).sorted().joined(separator: "+")
      }
      return switch step {
      case .refuse(let error): "refuse \(Mirror(reflecting: error).children.first?.label ?? "")"
      case .wait(let function, _): "wait \(function.input.function)"
      case .finishFirst(_, let functions): "finish \(names(functions))"
      case .endFirst(_, let functions, let reason): "end \(names(functions)) \(reason.word)"
      case .abandon(let functions): "abandon \(names(functions))"
      case .override(let function, _): "override \(function.input.function)"
      case .leave(let function, let move): "leave \(function.input.function) at \(move.to)"
      case .keepHeld(_, let functions): "keep \(names(functions)) held"
      case .goOn(_, let functions): "go on \(names(functions))"
      case .replace(let function, let version): "replace \(function.input.function) \(version)"
      case .update(let functions): "update \(names(functions))"
      case .begin(let functions): "begin \(names(functions))"
      }
    }
  }

  /// Two functions with a release of `good2` that died before the first call in which `name` is in `state`.
  private func left(in state: RolloutState, of name: String = "b", after calls: Int = 0) async throws -> World
  {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    world.wantEverywhere("good2")
    let call = try #require(await world.firstCall(in: state, of: name))
    _ = await world.deploy("dead", events: [.diesBefore(call + calls)])
    world.clock.advance(by: .minutes(6))
    return world
  }

  @Test("nothing where nothing is to be done, and a release where something is")
  func plain() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    #expect(try await words(world) == [])
    world.want("b") { $0.code = "good2" }
    #expect(try await words(world) == ["begin b"])
  }

  @Test("a dead canary of the same code goes on, of other code it is replaced, of what serves it is ended")
  func canary() async throws {
    let world = try await left(in: .canary)
    #expect(try await words(world) == ["go on a+b"])
    world.wantEverywhere("good3")
    #expect(try await words(world) == ["replace a 2", "replace b 2", "begin a+b"])
    world.wantEverywhere("good1")
    #expect(try await words(world) == ["abandon a+b"])
  }

  @Test("a living lease is waited for")
  func lease() async throws {
    let world = try await left(in: .canary)
    world.account.heartbeat("a")
    #expect(try await words(world) == ["wait a", "go on a+b"])
    world.configure { $0.takesOver = true }
    #expect(try await words(world) == ["go on a+b"])
  }

  @Test("a release that is decided for one function comes to its end before anything new begins")
  func decided() async throws {
    let world = try await left(in: .commit, of: "a")
    #expect(try await words(world) == ["go on a+b"])
    world.wantEverywhere("good3")
    #expect(try await words(world) == ["finish a+b"])
  }

  @Test("a release that went back for one function goes back for the others")
  func halfBack() async throws {
    let world = try await left(in: .canary)
    let record = try #require(world.account.record("a"))
    world.account.edit(
      "a", version: "1", weights: [:], description: record.rolledBack(for: .errors).encoded().text)
    #expect(try await words(world) == ["end b errors"])
  }

  @Test("a canary that a person has taken away by hand ends the others of its release")
  func movedAway() async throws {
    let world = try await left(in: .canary)
    world.account.edit("a", version: "1", weights: [:])
    #expect(try await words(world) == ["end b peer"])
  }

  @Test("what was moved by hand is released over by other code, and refused to what it was moved away from")
  func moved() async throws {
    let world = try await World.running(["a": Wanted("good1")])
    world.want("a") { $0.code = "good2" }
    _ = await world.deploy()
    world.account.edit("a", version: "1")
    #expect(try await words(world) == ["refuse quarantined", "override a", "begin a"])
    world.configure { $0.retriesRolledBack = true }
    #expect(try await words(world) == ["override a", "begin a"])
    world.configure { $0.retriesRolledBack = false }
    world.want("a") { $0.code = "good3" }
    #expect(try await words(world) == ["override a", "begin a"])
  }

  @Test("code that was rolled back is refused before anything is uploaded")
  func quarantined() async throws {
    let world = try await World.running(["a": Wanted("good1")])
    world.want("a") { $0.code = "bad2" }
    #expect(await world.deploy().outcome == .rolledBack)
    #expect(try await words(world) == ["refuse quarantined", "begin a"])
    let run = await world.deploy("ci-2")
    #expect(run.errorName == "quarantined")
    #expect(run.connection.writes.isEmpty)
  }

  @Test("a release that stands in a pause stays there whole, and gives way where all of it is newer")
  func paused() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    world.wantEverywhere("good2")
    _ = await world.deploy(configure: { $0.stopsBeforePromotion = true })
    #expect(try await words(world) == ["keep a+b held"])
    world.configure { $0.takesOver = true }
    #expect(try await words(world) == ["keep a+b held"])
    world.want("b") { $0.code = "good3" }
    #expect(try await words(world) == ["keep a+b held"], "a release is not split")
    #expect(try await words(world, only: "b") == ["keep b held"], "nor by a run of a part of it")
    world.want("b") { $0.code = "good1" }
    #expect(try await words(world) == ["keep a+b held"], "nor taken back in part")
    world.wantEverywhere("good3")
    #expect(try await words(world) == ["replace a 2", "replace b 2", "begin a+b"])
  }

  @Test(
    "weights beside a version that serves alone are left and told, unless Lambda is moving provisioned concurrency",
    arguments: [
      (nil, "1", true), ("READY", "1", true), ("FAILED", "1", true), ("IN_PROGRESS", "1", false),
      ("IN_PROGRESS", "3", true),
    ] as [(String?, String, Bool)])
  func stray(status: String?, other: String, isTold: Bool) async throws {
    let world = try await World.running(["a": Wanted("good1")])
    world.want("a") { $0.code = "good2" }
    _ = await world.deploy()
    world.account.change("a") { function in
      function.provisioned["prod"] = status.map {
        ProvisionedConcurrency(requested: 2, available: 0, allocated: 1, status: $0)
      }
    }
    world.account.edit("a", weights: [other: 0.3])
    #expect(
      try await words(world) == (isTold ? ["leave a at version 2, with version \(other) at 30 %"] : []))
  }

  @Test("weights that no record tells of, and records that nobody understands, are refused")
  func unreadable() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    world.want("a") { $0.code = "good2" }
    _ = await world.deploy()
    world.account.edit("a", weights: ["1": 0.5])
    world.account.edit("b", description: "lamctl/2 r=later")
    world.wantEverywhere("good3")
    #expect(try await words(world).prefix(2) == ["refuse foreignWeights", "refuse unreadableRecord"])
  }
}
