import AWSClient
import Core
import TestSupport
import Testing

@testable import Triggers

@Suite("Addresses and schedules of previews")
struct PreviewEdgeTests {
  private static func scope(_ function: String, _ alias: String) -> EdgeScope {
    EdgeScope(
      project: "shop", function: function, functionName: "shop-\(function)", functionARN: "", alias: alias)
  }

  private static let end = PreviewEnd(role: "arn:role", time: Timestamp(seconds: 1_900_000_000.4))

  private static func edges(_ world: World) -> PreviewEdges {
    PreviewEdges(world.services, partition: "aws-cn", parallel: 1)
  }

  @Test("names are cut to 64, and those of two previews never meet")
  func names() {
    let scopes = [
      Self.scope("orders", "pr-1"), Self.scope("orders-pr", "1"), Self.scope("orders", "pr-12"),
      Self.scope(String(repeating: "o", count: 60), "pr-1"),
      Self.scope(String(repeating: "o", count: 60), "pr-2"),
    ]
    let names = scopes.flatMap { scope in PreviewSchedule.allCases.map { $0.name(in: scope) } }
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0.utf8.count <= 64 && $0.hasPrefix("lamctl-shop-o") })
  }

  @Test("a schedule calls once, in UTC, in the partition at hand, and goes")
  func members() {
    let scope = Self.scope("orders", "pr-1")
    let url = PreviewSchedule.url.members(in: scope, Self.end, partition: "aws-cn")
    #expect(url["ScheduleExpression"] == "at(2030-03-17T17:46:41)")
    #expect(url["ActionAfterCompletion"] == "DELETE" && url["GroupName"] == "lamctl-shop")
    #expect(url["ScheduleExpressionTimezone"] == nil)
    #expect(
      url["Target"] == [
        "Arn": "arn:aws-cn:scheduler:::aws-sdk:lambda:deleteFunctionUrlConfig", "RoleArn": "arn:role",
        "Input": #"{"FunctionName":"shop-orders","Qualifier":"pr-1"}"#,
      ])
    let alias = PreviewSchedule.alias.members(in: scope, Self.end, partition: "aws-cn")
    #expect(alias["ScheduleExpression"] == "at(2030-03-17T17:56:41)")
    #expect(
      alias["Target"]?["Input"] == #"{"FunctionName":"shop-orders","Name":"pr-1"}"#)
  }

  @Test(
    "the first push makes group and schedules, the next moves them, and one that has just run is made anew")
  func moves() async throws {
    let world = World()
    let scopes = [Self.scope("orders", "pr-1"), Self.scope("stock", "pr-1")]
    #expect(await Self.edges(world).schedule(scopes, Self.end, hasURL: true) == [nil, nil])
    #expect(
      world.calls == ["ListSchedules", "CreateScheduleGroup"] + Array(repeating: "CreateSchedule", count: 4))
    world.restart()
    #expect(await Self.edges(world).schedule(scopes, Self.end, hasURL: true) == [nil, nil])
    #expect(world.calls == ["ListSchedules"] + Array(repeating: "UpdateSchedule", count: 4))
    world.restart()
    let name = PreviewSchedule.url.name(in: scopes[0])
    world.state.withLock { $0.before[1] = { $0.schedules["lamctl-shop/\(name)"] = nil } }
    #expect(await Self.edges(world).schedule(scopes, Self.end, hasURL: true) == [nil, nil])
    #expect(world.contents.schedules.count == 4)
    // Without an address there is none to take away.
    let other = World()
    _ = await Self.edges(other).schedule([scopes[0]], Self.end, hasURL: false)
    #expect(other.calls == ["ListSchedules", "CreateScheduleGroup", "CreateSchedule"])
    for scope in scopes { try await Self.edges(world).unschedule(scope) }
    #expect(world.contents.schedules.isEmpty)
  }

  @Test("what cannot be listed is the error of every function")
  func unreadable() async {
    let world = World()
    world.restart(mishaps: [0: .death])
    let errors = await Self.edges(world).schedule(
      [Self.scope("orders", "pr-1"), Self.scope("stock", "pr-1")], Self.end, hasURL: true)
    #expect(errors.map { $0?.function } == ["orders", "stock"])
  }

  @Test("an address has both permissions before it is there, changes in place, and loses them before it goes")
  func address() async throws {
    let world = World()
    let scope = Self.scope("orders", "pr-1")
    let open = JSONObject([("AuthType", "NONE")])
    let made = try await Self.edges(world).bind(scope, open)
    #expect(made?.url == "https://x.lambda-url/" && made?.hasChanged == true)
    #expect(
      world.calls == [
        "GetPolicy", "GetFunctionUrlConfig", "AddPermission", "AddPermission", "CreateFunctionUrlConfig",
        "GetFunctionUrlConfig",
      ])
    world.restart()
    #expect(try await Self.edges(world).bind(scope, open)?.hasChanged == false)
    #expect(world.calls == ["GetPolicy", "GetFunctionUrlConfig"])
    world.restart()
    let signed = JSONObject([("AuthType", "AWS_IAM"), ("callers", ["accounts": ["123456789012"]])])
    #expect(try await Self.edges(world).bind(scope, signed)?.hasChanged == true)
    #expect(world.contents.url?["AuthType"] == "AWS_IAM" && world.contents.statements.count == 2)
    world.restart()
    #expect(try await Self.edges(world).bind(scope, nil) == nil)
    #expect(
      world.calls == [
        "GetPolicy", "GetFunctionUrlConfig", "RemovePermission", "RemovePermission",
        "DeleteFunctionUrlConfig",
      ])
    #expect(world.contents.url == nil && world.contents.statements.isEmpty)
  }
}
