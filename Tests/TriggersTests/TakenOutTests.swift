import AWSClient
import Core
import TestSupport
import Testing

@testable import Triggers

/// One setting that a trigger states first, and then no more.
struct TakenOut: Sendable, CustomTestStringConvertible {
  let kind: TriggerKind
  let base: JSONObject
  let more: JSONObject
  /// The key that differs once it is not stated any more.
  let differs: String

  var testDescription: String { "\(kind.rawValue) \(differs)" }

  init(_ kind: TriggerKind, _ base: JSON, _ more: JSON, _ differs: String) {
    self.kind = kind
    self.base = base.object ?? JSONObject()
    self.more = more.object ?? JSONObject()
    self.differs = differs
  }

  private static let stream: JSON = [
    "EventSourceArn": "arn:aws:kinesis:eu-west-1:1:stream/s", "StartingPosition": "LATEST",
  ]
  private static let broker: JSON = [
    "EventSourceArn": "arn:aws:kafka:eu-west-1:1:cluster/c/1", "StartingPosition": "LATEST", "Topics": ["t"],
  ]
  private static let schedule: JSON = ["ScheduleExpression": "rate(1 day)", "RoleArn": "r"]
  private static let rule: JSON = ["EventPattern": ["source": ["shop"]]]
  private static let route: JSON = ["api": "shop", "routes": ["GET /o"]]

  static let all: [TakenOut] = [
    TakenOut(
      .eventSource, stream, ["DestinationConfig": ["OnFailure": ["Destination": "arn:q"]]],
      "destinationConfig"),
    TakenOut(.eventSource, stream, ["MaximumBatchingWindowInSeconds": 5], "maximumBatchingWindowInSeconds"),
    TakenOut(.eventSource, stream, ["MaximumRetryAttempts": 3], "maximumRetryAttempts"),
    TakenOut(
      .eventSource, broker, ["ProvisionedPollerConfig": ["MinimumPollers": 2]], "provisionedPollerConfig"),
    TakenOut(.eventSource, stream, ["MetricsConfig": ["Metrics": ["EventCount"]]], "metricsConfig"),
    TakenOut(.eventSource, stream, ["KMSKeyArn": "arn:aws:kms:k"], "kmsKeyArn"),
    TakenOut(
      .eventSource, broker, ["SourceAccessConfigurations": [["Type": "VPC_SUBNET", "URI": "subnet-1"]]],
      "sourceAccessConfigurations"),
    TakenOut(
      .eventSource, broker,
      ["AmazonManagedKafkaEventSourceConfig": ["SchemaRegistryConfig": ["SchemaRegistryURI": "arn:r"]]],
      "amazonManagedKafkaEventSourceConfig"),
    TakenOut(.functionUrl, ["AuthType": "AWS_IAM"], ["Cors": ["AllowOrigins": ["*"]]], "cors"),
    TakenOut(
      .httpApi, route, ["AuthorizationType": "JWT", "AuthorizerId": "a", "AuthorizationScopes": ["s"]],
      "routes"),
    TakenOut(.schedule, schedule, ["RetryPolicy": ["MaximumRetryAttempts": 2]], "retryPolicy"),
    TakenOut(.rule, rule, ["RetryPolicy": ["MaximumRetryAttempts": 2]], "retryPolicy"),
    TakenOut(.rule, rule, ["InputPath": "$.detail"], "inputPath"),
  ]

  /// A part of a setting that goes while the rest stays.
  static let parts: [TakenOut] = [
    TakenOut(
      .functionUrl, ["AuthType": "AWS_IAM", "Cors": ["AllowOrigins": ["*"]]],
      ["Cors": ["AllowOrigins": ["*"], "AllowCredentials": true, "AllowHeaders": ["x"], "MaxAge": 60]], "cors"
    ),
    TakenOut(
      .httpApi, ["api": "shop", "routes": ["GET /o"], "AuthorizationType": "JWT", "AuthorizerId": "a"],
      ["AuthorizationScopes": ["s"]], "authorizationScopes"),
    TakenOut(
      .schedule,
      ["ScheduleExpression": "rate(1 day)", "RoleArn": "r", "RetryPolicy": ["MaximumRetryAttempts": 2]],
      ["RetryPolicy": ["MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60]], "retryPolicy"),
    TakenOut(
      .rule, ["EventPattern": ["source": ["shop"]], "RetryPolicy": ["MaximumRetryAttempts": 2]],
      ["RetryPolicy": ["MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60]], "retryPolicy"),
    TakenOut(
      .rule,
      [
        "EventPattern": ["source": ["shop"]],
        "InputTransformer": ["InputTemplate": "<a>", "InputPathsMap": ["a": "$.a"]],
      ],
      ["InputTransformer": ["InputTemplate": "<a>", "InputPathsMap": ["a": "$.a", "b": "$.b"]]],
      "inputTransformer"),
    TakenOut(
      .eventSource,
      [
        "EventSourceArn": "arn:aws:rds:eu-west-1:1:cluster:d", "StartingPosition": "LATEST",
        "DocumentDBEventSourceConfig": ["DatabaseName": "d"],
      ],
      [
        "DocumentDBEventSourceConfig": [
          "DatabaseName": "d", "CollectionName": "c", "FullDocument": "UpdateLookup",
        ]
      ],
      "documentDBEventSourceConfig"),
  ]
}

@Suite("What a trigger states no more")
struct TakenOutTests {
  private static func trigger(_ kind: TriggerKind, _ settings: JSONObject) -> Trigger {
    Trigger(name: "t", kind: kind, settings: settings)
  }

  private static func steps(_ world: World, _ trigger: Trigger) async throws -> [EdgeStep] {
    try await EdgeSurveyor(world.services, parallel: 1).survey([
      EdgeSubject(scope: World.scope, triggers: [trigger], eventInvoke: nil, recorded: nil)
    ])[0].steps
  }

  @Test("goes in AWS too", arguments: TakenOut.all + TakenOut.parts)
  func goes(_ one: TakenOut) async throws {
    let world = World()
    let more = one.more.members.reduce(into: one.base) { $0[$1.key] = $1.value }
    #expect(try await EdgeModelTests.deploy(world, [Self.trigger(one.kind, more)]).errors == [])
    #expect(try await Self.steps(world, Self.trigger(one.kind, more)).map(\.change) == [.none])
    let base = Self.trigger(one.kind, one.base)
    let step = try #require(try await Self.steps(world, base).first)
    #expect(step.change == .modify && step.differs.contains(one.differs), "\(step.differs)")
    #expect(try await EdgeModelTests.deploy(world, [base]).errors == [])
    #expect(try await Self.steps(world, base).map(\.change) == [.none])
    if one.kind == .functionUrl {
      #expect(world.contents.url?["Cors"]?["AllowCredentials"]?.bool != true)
      #expect(world.contents.url?["Cors"]?["AllowHeaders"]?.array ?? [] == [])
    }
    if one.kind == .httpApi { #expect(world.contents.routes[0]["authorizationScopes"]?.array ?? [] == []) }
  }

  @Test("what AWS fills in is no difference, and what it keeps by its own rules is told")
  func defaults() async throws {
    let world = World()
    let schedule = Self.trigger(
      .schedule, JSONObject([("ScheduleExpression", "rate(1 day)"), ("RoleArn", "r")]))
    #expect(try await EdgeModelTests.deploy(world, [schedule]).errors == [])
    world.change { contents in
      for key in contents.schedules.keys {
        var target = contents.schedules[key]?["Target"]?.object ?? JSONObject()
        target["RetryPolicy"] = ["MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185]
        contents.schedules[key]?["Target"] = .object(target)
      }
    }
    #expect(try await Self.steps(world, schedule).map(\.change) == [.none])
    let broker = Self.trigger(
      .eventSource,
      JSONObject([("EventSourceArn", "arn:aws:kafka:eu-west-1:1:cluster/c/1"), ("Topics", ["t"])]))
    let present = JSONObject([
      ("UUID", "u"), ("State", "Enabled"), ("BatchSize", 100), ("MaximumBatchingWindowInSeconds", 5),
      ("EventSourceArn", "arn:aws:kafka:eu-west-1:1:cluster/c/1"), ("Topics", ["t"]),
      ("LoggingConfig", ["SystemLogLevel": "DEBUG"]),
      ("AmazonManagedKafkaEventSourceConfig", ["ConsumerGroupId": "of its own"]),
    ])
    #expect(MappingEdges.changes(to: present, for: broker) == JSONObject())
    #expect(
      MappingEdges.kept(of: present, for: broker).map { String($0.prefix { $0 != " " }) } == [
        "maximumBatchingWindowInSeconds", "loggingConfig",
      ])
  }

  @Test("a mapping that keeps what is taken away fails with what it keeps, and not as one that is not ready")
  func stubborn() async throws {
    let world = World()
    let base = JSONObject([("EventSourceArn", .string(World.queue))])
    var more = base
    more["ScalingConfig"] = ["MaximumConcurrency": 5]
    #expect(try await EdgeModelTests.deploy(world, [Self.trigger(.eventSource, more)]).errors == [])
    world.change { $0.stubborn = ["ScalingConfig"] }
    let errors = try await EdgeModelTests.deploy(world, [Self.trigger(.eventSource, base)]).errors
    #expect(
      errors.map(\.reason) == [
        "Lambda keeps scalingConfig of the event source mapping of \(World.queue) as it was"
      ])
  }
}
