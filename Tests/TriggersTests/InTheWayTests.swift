import AWSClient
import Core
import TestSupport
import Testing

@testable import Triggers

@Suite("What stands where a trigger is to be")
struct InTheWayTests {
  private static let bare = World.scope.functionARN

  private static func survey(_ world: World, _ triggers: [Trigger]) async throws -> EdgeSurvey {
    try await EdgeSurveyor(world.services, parallel: 1).survey([
      EdgeSubject(scope: World.scope, triggers: triggers, eventInvoke: nil, recorded: nil)
    ])[0]
  }

  private static func trigger(_ kind: TriggerKind, _ settings: [(String, JSON)]) -> Trigger {
    Trigger(name: "t", kind: kind, settings: JSONObject(settings))
  }

  private static func mapping(_ id: String, _ arn: String, _ state: String) -> JSONObject {
    JSONObject([
      ("UUID", .string(id)), ("FunctionArn", .string(arn)), ("EventSourceArn", .string(World.queue)),
      ("State", .string(state)), ("BatchSize", 10),
    ])
  }

  @Test("a mapping of the bare function from the same source is in the way of one to the alias")
  func bareMapping() async throws {
    let trigger = Self.trigger(.eventSource, [("EventSourceArn", .string(World.queue))])
    for arn in [Self.bare, "\(Self.bare):$LATEST"] {
      let world = World()
      world.change { $0.mappings = [Self.mapping("u", arn, "Enabled")] }
      let obstacles = try await Self.survey(world, [trigger]).obstacles
      #expect(
        obstacles.map(\.reason) == [
          "the event source mapping u of the bare function from \(World.queue), which lamctl did not make, "
            + "is in the way"
        ])
      world.change { $0.mappings[0]["State"] = "Disabled" }
      #expect(try await Self.survey(world, [trigger]).obstacles == [])
      world.change { $0.mappings = [Self.mapping("u", "\(Self.bare)-other", "Enabled")] }
      #expect(try await Self.survey(world, [trigger]).obstacles == [])
    }
  }

  @Test("one that comes beside the alias's mapping or subscription is told, and hinders no change of it")
  func bareBeside() async throws {
    let world = World()
    let triggers = [
      Self.trigger(.eventSource, [("EventSourceArn", .string(World.queue))]),
      Trigger(name: "n", kind: .sns, settings: JSONObject([("TopicArn", .string(World.topic))])),
    ]
    #expect(try await EdgeModelTests.deploy(world, triggers).errors == [])
    world.change { contents in
      contents.mappings.append(Self.mapping("u", Self.bare, "Enabled"))
      contents.subscriptions.append(Self.subscription(Self.bare))
    }
    let survey = try await Self.survey(world, triggers)
    #expect(survey.obstacles == [])
    #expect(survey.steps.map(\.change) == [.none, .none])
    #expect(survey.steps.flatMap(\.notes).count == 2)
  }

  private static func subscription(_ endpoint: String) -> JSONObject {
    JSONObject([
      ("SubscriptionArn", .string("\(World.topic):old")), ("Protocol", "lambda"),
      ("Endpoint", .string(endpoint)), ("TopicArn", .string(World.topic)),
    ])
  }

  @Test("a subscription of the bare function is in the way of one of the alias")
  func bareSubscription() async throws {
    let world = World()
    world.change { $0.subscriptions = [Self.subscription(Self.bare)] }
    let trigger = Self.trigger(.sns, [("TopicArn", .string(World.topic))])
    let obstacles = try await Self.survey(world, [trigger]).obstacles
    #expect(obstacles.count == 1 && obstacles[0].reason.contains("of the bare function to \(World.topic)"))
    #expect(obstacles.first?.fix?.contains("lamctl adopt") == true)
  }

  @Test("a topic that is gone hinders a trigger that wants it, and nothing where it is not wanted any more")
  func goneTopic() async throws {
    let world = World()
    let trigger = Self.trigger(.sns, [("TopicArn", .string(World.topic))])
    #expect(try await EdgeModelTests.deploy(world, [trigger]).errors == [])
    world.change { contents in
      contents.goneTopics = [World.topic]
      contents.subscriptions = []
    }
    let obstacles = try await Self.survey(world, [trigger]).obstacles
    #expect(obstacles.map(\.reason) == ["there is no topic \(World.topic)"])
    #expect(try await EdgeModelTests.deploy(world, []).errors == [])
    #expect(world.contents.statements == [:])
  }

  @Test(
    "a queue, a bucket or a bus that is not there hinders what is to be bound to it, and nothing that is to go",
    arguments: [
      (
        .eventSource, [("EventSourceArn", "arn:aws:sqs:eu-west-1:123456789012:q")],
        "arn:aws:sqs:eu-west-1:123456789012:q", "there is no queue arn:aws:sqs:eu-west-1:123456789012:q"
      ),
      (
        .s3, [("bucket", "in"), ("events", ["s3:ObjectCreated:*"])], "in", "there is no bucket in"
      ),
      (
        .s3, [("bucket", "in"), ("events", ["s3:ObjectCreated:*"]), ("via", "eventbridge")], "in",
        "there is no bucket in"
      ),
      (
        .rule, [("EventBusName", "orders"), ("EventPattern", ["source": ["shop"]])], "orders",
        "there is no event bus orders"
      ),
    ] as [(TriggerKind, [(String, JSON)], String, String)])
  func gone(kind: TriggerKind, settings: [(String, JSON)], source: String, reason: String) async throws {
    let trigger = Self.trigger(kind, settings)
    let world = World()
    world.change { $0.gone = [source] }
    #expect(try await Self.survey(world, [trigger]).obstacles.map(\.reason) == [reason])
    let subject = EdgeSubject(scope: World.scope, triggers: [trigger], eventInvoke: nil, recorded: nil)
    let planned = try await EdgeSurveyor(world.services, parallel: 1).planned([subject])[0]
    #expect(planned.obstacles.map(\.reason) == [reason] && planned.steps.map(\.change) == [.add])
    #expect(planned.obstacles.allSatisfy { $0.fix?.hasPrefix("make it, or correct") == true })
    let bound = World()
    guard settings.contains(where: { $0.0 == "via" }) || kind == .eventSource else {
      #expect(try await EdgeModelTests.deploy(bound, [trigger]).errors == [])
      bound.change { $0.gone = [source] }
      #expect(try await Self.survey(bound, []).obstacles == [])
      return
    }
  }

  @Test("an obstacle is a difference, although no step can be named for it")
  func obstacleDiffers() async throws {
    let world = World()
    let survey = try await Self.survey(
      world, [Self.trigger(.httpApi, [("api", "gone"), ("routes", ["GET /o"])])])
    #expect(survey.steps == [] && survey.obstacles.count == 1 && survey.differs)
  }

  /// An API with one route to the alias of another function, and a bucket with an entry that calls it.
  private static func others(_ target: String, mark: String, tag: String? = nil) -> World {
    let world = World()
    world.change { contents in
      contents.integrations = [
        JSONObject([
          ("integrationId", "i"), ("integrationUri", .string(target)), ("description", .string(mark)),
        ])
      ]
      contents.routes = [
        JSONObject([("routeId", "r"), ("routeKey", "GET /o"), ("target", "integrations/i")])
      ]
      contents.buckets["in"] =
        "<NotificationConfiguration>\(World.theirs)<CloudFunctionConfiguration><Id>\(mark)</Id>"
        + "<CloudFunction>\(target)</CloudFunction><Event>s3:ObjectCreated:*</Event>"
        + "</CloudFunctionConfiguration></NotificationConfiguration>"
      if let tag, let called = CalledFunction(target) {
        contents.tags[called.functionARN] = ["lamctl:triggers:prod": tag]
      }
    }
    return world
  }

  private static let wanted = [
    trigger(.httpApi, [("api", "shop"), ("routes", ["GET /o"])]),
    Trigger(
      name: "f", kind: .s3, settings: JSONObject([("bucket", "in"), ("events", ["s3:ObjectCreated:*"])])),
  ]

  private static func tag(_ project: String) -> String {
    TriggerTag(digest: String(repeating: "a", count: 32), kinds: [.s3], release: "r", project: project).text
  }

  @Test(
    "a route and an entry of another alias, another project or another account stay where they are",
    arguments: [
      ("shop-orders:staging", "lamctl-shop-orders-staging-t", nil),
      ("shop-orders", "lamctl-shop-orders-prod-x", nil),
      ("shop-admin-orders:prod", "lamctl-shop-admin-orders-prod-t", nil),
      ("shop-admin-orders:prod", "lamctl-shop-admin-orders-prod-t", "shop-admin"),
      ("carts:prod", "lamctl-shop-carts-prod-t", "shop-eu"),
      ("carts:prod", "by hand", "shop"),
    ] as [(String, String, String?)])
  func foreign(_ target: String, _ mark: String, _ project: String?) async throws {
    let world = Self.others(
      "arn:aws:lambda:eu-west-1:\(World.account):function:\(target)", mark: mark, tag: project.map(Self.tag))
    let survey = try await Self.survey(world, Self.wanted)
    #expect(survey.obstacles.map(\.trigger) == ["t", "f"], "\(survey.obstacles)")
    let elsewhere = Self.others(
      "arn:aws:lambda:us-east-1:9:function:carts:prod", mark: "lamctl-shop-carts-prod-t")
    #expect(try await Self.survey(elsewhere, Self.wanted).obstacles.count == 2)
  }

  @Test(
    "a route and an entry of a function that is called otherwise now are moved in place, and what others have stays",
    arguments: [
      ("carts:prod", "lamctl-shop-carts-prod-t", nil),
      ("shop-old-carts:prod", "lamctl-shop-old-carts-prod-t", "shop"),
      ("shop-orders:prod", "lamctl-shop-old-name-prod-t", nil),
    ] as [(String, String, String?)])
  func renamed(_ target: String, _ mark: String, _ project: String?) async throws {
    let world = Self.others(
      "arn:aws:lambda:eu-west-1:\(World.account):function:\(target)", mark: mark, tag: project.map(Self.tag))
    #expect(try await EdgeModelTests.deploy(world, Self.wanted).errors == [])
    let contents = world.contents
    #expect(contents.routes.count == 1 && contents.routes[0]["routeId"] == "r")
    #expect(contents.routes[0]["target"]?.string != "integrations/i")
    let document = try NotificationDocument(parsing: Array((contents.buckets["in"] ?? "").utf8))
    #expect(Set(document.elements.map(\.id)) == ["theirs", "lamctl-shop-orders-prod-f"])
    #expect(contents.buckets["in"]?.contains(World.theirs) == true)
  }

  @Test(
    "of an entry that another function has, nothing goes that this one does not take over, unless both are deployed"
  )
  func narrowed() async throws {
    let other = EdgeScope(
      project: "shop", function: "carts", functionName: "carts",
      functionARN: "arn:aws:lambda:eu-west-1:\(World.account):function:carts", alias: "prod")
    func files(_ prefix: String) -> [Trigger] {
      [
        Trigger(
          name: "f", kind: .s3,
          settings: JSONObject([
            ("bucket", "in"), ("events", ["s3:ObjectCreated:*"]), ("prefix", .string(prefix)),
          ]))
      ]
    }
    func survey(_ world: World, _ wishes: [(EdgeScope, [Trigger])]) async throws -> [EdgeSurvey] {
      try await EdgeSurveyor(world.services, parallel: 1).survey(
        wishes.map { scope, triggers in
          EdgeSubject(scope: scope, triggers: triggers, eventInvoke: nil, recorded: nil)
        })
    }
    let world = World()
    let run = EdgeRun(world.services, settings: EdgeSettings())
    let first = await run.apply(try await survey(world, [(other, files(""))]), release: "r1")
    #expect(first[0].errors == [])
    let before = world.contents.buckets["in"]
    let alone = try await survey(world, [(World.scope, files("b/"))])
    #expect(alone[0].obstacles.map(\.trigger) == ["f"])
    #expect(alone[0].obstacles.first?.fix?.contains("deploy that function in the same run") == true)
    #expect(world.contents.buckets["in"] == before)
    let both = try await survey(world, [(other, files("a/")), (World.scope, files("b/"))])
    #expect(both.flatMap(\.obstacles) == [])
    #expect(await run.apply(both, release: "r2").flatMap(\.errors) == [])
    let text = world.contents.buckets["in"] ?? ""
    #expect(text.contains("<Value>a/</Value>") && text.contains("<Value>b/</Value>"))
  }

  @Test("a route and an entry that another function of the same run gives up are moved in place")
  func givenUp() async throws {
    let world = World()
    let other = EdgeScope(
      project: "shop", function: "old-carts", functionName: "shop-old-carts",
      functionARN: "arn:aws:lambda:eu-west-1:\(World.account):function:shop-old-carts", alias: "prod")
    func run(_ first: [Trigger], _ second: [Trigger]) async throws -> [EdgeResult] {
      let surveys = try await EdgeSurveyor(world.services, parallel: 1).survey(
        [(other, first), (World.scope, second)].map { scope, triggers in
          EdgeSubject(scope: scope, triggers: triggers, eventInvoke: nil, recorded: nil)
        })
      #expect(surveys.flatMap(\.obstacles) == [])
      return await EdgeRun(world.services, settings: EdgeSettings()).apply(surveys, release: "r1")
    }
    #expect(try await run(Self.wanted, []).flatMap(\.errors) == [])
    let before = world.contents
    // Without the tags, which tell that the other one is of the same project.
    world.change { $0.tags = [:] }
    #expect(try await run([], Self.wanted).flatMap(\.errors) == [])
    #expect(world.contents.routes.map { $0["routeId"] } == before.routes.map { $0["routeId"] })
    #expect(world.contents.integrations.map { $0["integrationUri"]?.string } == [World.scope.aliasARN])
    #expect(world.contents.buckets["in"]?.contains("old-carts") == false)
  }
}
