import AWSClient
import Core
import TestSupport
import Testing

@testable import Triggers

/// One kind with two states of a trigger.
private struct KindCase: Sendable, CustomTestStringConvertible {
  let kind: TriggerKind
  let first: JSONObject
  /// What the second state has beside the first.
  let more: JSONObject

  var testDescription: String { kind.rawValue }

  init(_ kind: TriggerKind, _ first: JSON, _ more: JSON) {
    self.kind = kind
    self.first = first.object ?? JSONObject()
    self.more = more.object ?? JSONObject()
  }

  var second: JSONObject { more.members.reduce(into: first) { $0[$1.key] = $1.value } }

  /// The case of a kind at a server.
  static func of(_ kind: TriggerKind, at server: EdgeServer) -> KindCase {
    let place = "eu-west-1:\(server.account)"
    let role = JSON.string("arn:aws:iam::\(server.account):role/r")
    return switch kind {
    case .functionUrl: KindCase(kind, ["AuthType": "NONE"], ["InvokeMode": "RESPONSE_STREAM"])
    case .httpApi:
      KindCase(kind, ["api": "shop", "routes": ["GET /o/{id}"]], ["routes": ["GET /o/{id}", "POST /o"]])
    case .s3: KindCase(kind, ["bucket": "shop-in", "events": ["s3:ObjectCreated:*"]], ["suffix": ".csv"])
    case .rule:
      KindCase(kind, ["EventPattern": ["source": ["shop"]]], ["EventPattern": ["source": ["shop", "web"]]])
    case .schedule:
      KindCase(
        kind, ["ScheduleExpression": "rate(1 day)", "RoleArn": role], ["ScheduleExpression": "rate(2 days)"])
    case .eventSource:
      KindCase(kind, ["EventSourceArn": .string("arn:aws:sqs:\(place):jobs")], ["BatchSize": 5])
    case .sns:
      KindCase(kind, ["TopicArn": .string("arn:aws:sns:\(place):offers")], ["FilterPolicy": ["a": ["b"]]])
    case .grant, .eventInvoke:
      KindCase(
        kind, ["Principal": "iot.amazonaws.com", "SourceArn": .string("arn:aws:iot:\(place):rule/a")],
        ["SourceArn": .string("arn:aws:iot:\(place):rule/b")])
    }
  }
}

/// The machine's clock for one that does not like to wait.
private struct HastyClock: WallClock {
  func now() -> Timestamp { SystemClock().now() }

  func sleep(for span: TimeSpan) async throws { try await SystemClock().sleep(for: span * 0.05) }
}

@Suite("The life of each kind of trigger", .enabled(if: Python.isInstalled, Python.missing))
struct EdgeLifeTests {
  @Test(
    "over the wire a trigger comes, is found as it is wanted, changes and goes, and what others have stays",
    arguments: EdgeServer.Kind.allCases)
  func life(_ kind: EdgeServer.Kind) async throws {
    let server = try await EdgeServer(kind)
    let aws = try AWS(
      settings: AWSSettings(), environment: server.environment.merging(["HOME": "/nonexistent"]) { $1 },
      clock: SystemClock())
    let services = EdgeServices(aws, clock: HastyClock(), serverTime: { aws.serverTime })
    let account = Account(server: server, aws: aws, services: services)
    let theirs = try await server.theirs()
    #expect(theirs["alias"]?.array?.isEmpty == false && theirs["targets"]?.array?.count == 1)
    for kind in kind.kinds {
      try await account.lives(KindCase.of(kind, at: server))
      #expect(try await server.theirs() == theirs, "\(kind)")
    }
    aws.shutdown()
    await server.stop()
  }
}

extension EdgeServer.Kind {
  /// The kinds of triggers that are what they are on AWS. moto maps a source to the bare function where an alias is named,
  /// and has a word of its own for how a URL invokes.
  fileprivate var kinds: [TriggerKind] {
    let missing: [TriggerKind] = self == .moto ? [.functionUrl, .eventSource] : []
    return TriggerKind.allCases.filter { $0 != .eventInvoke && !missing.contains($0) }
  }
}

/// An account in which triggers come and go.
private struct Account: Sendable {
  let server: EdgeServer
  let aws: AWS
  let services: EdgeServices

  func lives(_ subject: KindCase) async throws {
    let kind = subject.kind
    let first = [Trigger(name: "t", kind: kind, settings: subject.first)]
    try await expect(first, [.add], "\(kind)")
    try await apply(first)
    try await expect(first, [.none], "\(kind): made")
    let second = [Trigger(name: "t", kind: kind, settings: subject.second)]
    try await expect(second, [.modify], "\(kind)")
    try await apply(second)
    try await expect(second, [.none], "\(kind): changed")
    try await expect([], [.remove], "\(kind)")
    try await apply([])
    #expect(try await survey([]).steps == [], "\(kind): removed")
  }

  private func expect(_ triggers: [Trigger], _ changes: [EdgeChange], _ comment: Comment) async throws {
    let steps = try await survey(triggers).steps
    #expect(steps.map(\.change) == changes, "\(comment) \(steps.map(\.differs))")
  }

  private func survey(_ triggers: [Trigger]) async throws -> EdgeSurvey {
    let tags = try await aws.lambda.listTags(server.function)
    let subject = EdgeSubject(
      scope: EdgeScope(
        project: "shop", function: "f", functionName: "f", functionARN: server.function, alias: "live"),
      triggers: triggers, eventInvoke: nil,
      recorded: tags[TriggerTag.key(alias: "live")].flatMap { TriggerTag($0) })
    return try await EdgeSurveyor(services, parallel: 2).survey([subject])[0]
  }

  private func apply(_ triggers: [Trigger]) async throws {
    var settings = EdgeSettings()
    settings.isConfirmed = true
    let run = EdgeRun(services, settings: settings)
    let survey = try await survey(triggers)
    #expect(run.obstacles([survey]) == [])
    let result = await run.apply([survey], release: "r1")[0]
    #expect(result.errors == [] && result.tagError == nil, "\(result.errors.map(\.description))")
  }
}
