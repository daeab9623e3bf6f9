import AWSClient
import Core
import TestSupport
import Testing

@testable import Triggers

@Suite("Stages of HTTP APIs that show a change only once they are deployed")
struct ManualStageTests {
  private static func world() -> World {
    let world = World()
    let begin = world.services.serverTime()
    world.change { contents in
      contents.stages = [
        JSONObject([
          ("stageName", "prod"), ("autoDeploy", false), ("lastUpdatedDate", .string(begin.iso8601)),
        ])
      ]
    }
    return world
  }

  private static func route(_ path: String, deploy: String? = nil) -> Trigger {
    var settings = JSONObject([("api", "shop"), ("routes", [.string("GET \(path)")])])
    settings["deploy"] = deploy.map(JSON.string)
    return Trigger(name: "t", kind: .httpApi, settings: settings)
  }

  private static let command = "aws apigatewayv2 create-deployment --api-id api1 --stage-name prod"

  private static func tag(_ world: World) -> TriggerTag? {
    world.contents.tags[World.scope.functionARN]?[TriggerTag.key(alias: "prod")].flatMap { TriggerTag($0) }
  }

  @Test(
    "a route that goes tells of the deployment, and its permission stays until there was one",
    arguments: [true, false])
  func goes(_ isReplaced: Bool) async throws {
    let world = Self.world()
    let next = isReplaced ? [Self.route("/new")] : []
    #expect(try await EdgeModelTests.deploy(world, [Self.route("/old")]).errors == [])
    let old = Set(world.contents.statements.keys)
    #expect(old.count == 1)
    world.state.withLock { $0.now = $0.now + .minutes(30) }
    let result = try await EdgeModelTests.deploy(world, next)
    // An API without routes cannot be deployed.
    let command = isReplaced ? Self.command : "aws apigatewayv2 delete-stage --api-id api1 --stage-name prod"
    #expect(result.errors == [] && result.notes.contains { $0.contains(command) }, "\(result.notes)")
    #expect(world.contents.statements.count == next.count + 1)
    #expect(Self.tag(world)?.removals != nil)
    // Whatever time goes by, the stage calls by the old permission.
    for _ in 0..<2 {
      world.state.withLock { $0.now = $0.now + .minutes(30) }
      #expect(try await EdgeModelTests.deploy(world, next).errors == [])
      #expect(old.isSubset(of: world.contents.statements.keys))
    }
    try await world.deploy("api1", stage: "prod")
    #expect(try await EdgeModelTests.deploy(world, next).errors == [])
    #expect(old.isDisjoint(with: world.contents.statements.keys))
    #expect(Self.tag(world)?.removals == nil)
  }

  @Test(
    "where the run deploys the stage itself, or the stage does, nothing is held back",
    arguments: [true, false])
  func deployed(_ isManual: Bool) async throws {
    let world = Self.world()
    if !isManual { world.change { $0.stages[0]["autoDeploy"] = true } }
    let deploy = isManual ? "prod" : nil
    #expect(try await EdgeModelTests.deploy(world, [Self.route("/old", deploy: deploy)]).errors == [])
    world.restart()
    let result = try await EdgeModelTests.deploy(world, [Self.route("/new", deploy: deploy)])
    #expect(result.errors == [] && result.notes == [])
    #expect(world.contents.statements.count == 1)
    #expect(world.calls.count { $0 == "CreateDeployment" } == (isManual ? 1 : 0))
  }

  @Test("a trigger that goes beside another one that deploys the stage is deployed with it")
  func beside() async throws {
    let world = Self.world()
    let other = Trigger(
      name: "o", kind: .httpApi,
      settings: JSONObject([("api", "shop"), ("routes", ["GET /other"]), ("deploy", "prod")]))
    #expect(try await EdgeModelTests.deploy(world, [Self.route("/old"), other]).errors == [])
    world.restart()
    #expect(try await EdgeModelTests.deploy(world, [other]).errors == [])
    #expect(world.calls.contains("CreateDeployment") && world.contents.routes.count == 1)
    #expect(world.contents.statements.count == 1)
  }
}
