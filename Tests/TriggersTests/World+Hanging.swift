import AWSClient
import Core
import TestSupport

@testable import Triggers

/// Where the journals of tests are. A run that is dead writes no more of them.
final class MemoryJournals: MoveStore {
  private let world: World
  private let files = Lock<[String: [UInt8]]>([:])
  private let isFull = Lock(false)

  init(_ world: World) { self.world = world }

  func save(_ bytes: [UInt8], as name: String) throws(SystemError) {
    guard !isFull.withLock({ $0 }), !world.state.withLock({ $0.isDead }) else {
      throw SystemError(operation: "write", subject: name, code: 28)
    }
    files.withLock { $0[name] = bytes }
  }

  /// From now on nothing can be saved.
  func fill() { isFull.withLock { $0 = true } }

  /// The last journal, as it is on the disk.
  func last() throws -> MoveJournal? { try all().last }

  /// All journals, the oldest first.
  func all() throws -> [MoveJournal] {
    try files.withLock { $0 }.sorted { $0.key < $1.key }.map { try MoveJournal(parsing: $0.value) }
  }
}

extension World {
  static let (queue, stream) = ("arn:aws:sqs:eu-west-1:1:jobs", "arn:aws:kinesis:eu-west-1:1:stream/s")
  static let (topic, bare) = ("arn:aws:sns:eu-west-1:1:news", scope.functionARN)
  static let theirs =
    "<QueueConfiguration>\n  <Id>theirs</Id><Queue>arn:aws:sqs:eu-west-1:1:q</Queue>"
    + "<Event>s3:ObjectRemoved:*</Event><New>&#x41;</New></QueueConfiguration>"

  /// A function with something of every kind on its bare name.
  static func hanging() -> World {
    let world = World()
    world.change { contents in
      let callers: [(String, String, String)] = [
        ("s3", "s3", "arn:aws:s3:::in"),
        ("api", "apigateway", "arn:aws:execute-api:eu-west-1:123456789012:api1/*/*"),
        ("rule", "events", "arn:aws:events:eu-west-1:123456789012:rule/orders"), ("sns", "sns", topic),
      ]
      for (sid, service, source) in callers {
        contents.bareStatements[sid] = placed(
          JSONObject([
            ("StatementId", .string(sid)), ("Action", "lambda:InvokeFunction"),
            ("Principal", .string("\(service).amazonaws.com")), ("SourceArn", .string(source)),
          ]))
      }
      contents.bareEventInvoke = JSONObject([("MaximumRetryAttempts", 0), ("FunctionArn", .string(bare))])
      contents.mappings = [("q", queue), ("s", stream)].map { id, source in
        JSONObject([
          ("UUID", .string(id)), ("FunctionArn", .string(bare)), ("EventSourceArn", .string(source)),
          ("BatchSize", 10), ("Enabled", true), ("State", "Enabled"),
          ("EventSourceMappingArn", .string("arn:aws:lambda:eu-west-1:1:event-source-mapping:\(id)")),
        ])
      }
      contents.rules["default/orders"] = JSONObject([("Name", "orders")])
      contents.targets["default/orders"] = [
        JSONObject([("Id", "t"), ("Arn", .string(bare)), ("Input", "{\"a\":1}")]),
        JSONObject([("Id", "other"), ("Arn", "arn:aws:sqs:eu-west-1:1:q")]),
      ]
      contents.schedules["timers/nightly"] = JSONObject([
        ("GroupName", "timers"), ("ScheduleExpression", "rate(1 day)"),
        ("Target", ["Arn": .string(bare), "RoleArn": "r", "Input": "{}"]), ("State", "ENABLED"),
      ])
      contents.subscriptions = [
        JSONObject([
          ("SubscriptionArn", .string("\(topic):old")), ("Protocol", "lambda"), ("Endpoint", .string(bare)),
          ("TopicArn", .string(topic)),
        ])
      ]
      contents.attributes["\(topic):old"] = ["FilterPolicy": "{\"a\":[\"b\"]}"]
      contents.integrations = [
        JSONObject([("integrationId", "i"), ("integrationUri", .string(bare)), ("description", "by hand")])
      ]
      contents.routes = [
        JSONObject([("routeId", "r"), ("routeKey", "GET /o/{id}"), ("target", "integrations/i")])
      ]
      contents.buckets["in"] =
        "<NotificationConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(theirs)"
        + "<CloudFunctionConfiguration><Id>mine</Id><CloudFunction>\(bare)</CloudFunction>"
        + "<Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>suffix</Name><Value>.csv</Value>"
        + "</FilterRule></S3Key></Filter></CloudFunctionConfiguration></NotificationConfiguration>"
    }
    return world
  }

  /// What counts of the contents: not by which id something is known that went and came again.
  var settled: Contents {
    var contents = contents
    contents.next = 0
    contents.attributes = Dictionary(
      contents.subscriptions.map { item in
        (
          "\(item["TopicArn"]?.string ?? "") \(item["Endpoint"]?.string ?? "")",
          contents.attributes[item["SubscriptionArn"]?.string ?? ""] ?? [:]
        )
      }
    ) { $1 }
    contents.subscriptions = contents.subscriptions.map { $0.without(["SubscriptionArn"]) }
    for index in contents.mappings.indices {
      contents.mappings[index]["State"] =
        contents.mappings[index]["Enabled"]?.bool ?? true ? "Enabled" : "Disabled"
    }
    contents.tags = contents.tags.filter { !$0.value.isEmpty }
    contents.targets = contents.targets.mapValues { targets in
      targets.sorted { ($0["Id"]?.string ?? "") < ($1["Id"]?.string ?? "") }
    }
    return contents
  }

  /// What would be done.
  func plan(_ triggers: [Trigger] = [], evenManaged: Bool = false) async -> MovePlan {
    let edges = await HangingSurveyor(services, parallel: 2, readsStacks: true).survey([World.scope])
    return MovePlan(edges[0], triggers: triggers, evenManaged: evenManaged)
  }

  /// One run of `lamctl adopt`: what an earlier one has left open first.
  @discardableResult
  func adopt(_ journals: MemoryJournals, _ triggers: [Trigger] = []) async throws -> [String: EdgeError] {
    if let open = try journals.last(), !open.isFinished {
      let log = MoveLog(open, in: journals)
      let run = MoveRun(services, log: log, parallel: 2) { _ in }
      if open.course == .forward { _ = await run.carryOut() } else { _ = await run.takeBack() }
      try log.close()
    }
    let plan = await plan(triggers)
    if let obstacle = plan.obstacles.first { throw obstacle }
    guard !plan.moves.isEmpty else { return [:] }
    let journal = MoveJournal(
      environment: "prod", alias: "prod", account: World.account, region: "eu-west-1", release: "r1",
      started: state.withLock { $0.now }, moves: plan.moves)
    let log = MoveLog(journal, in: journals)
    try log.open(.forward)
    let failures = await MoveRun(services, log: log, parallel: 2) { _ in }.carryOut()
    try log.close()
    return failures
  }

  /// One run of `lamctl adopt --finish`.
  func finish(_ journals: MemoryJournals) async throws {
    state.withLock { $0.now = $0.now + .minutes(1) }
    let edges = await HangingSurveyor(services, parallel: 1, readsStacks: true).survey([World.scope])
    let plan = MovePlan.farewell(edges[0], evenManaged: false)
    let log = MoveLog(
      MoveJournal(
        environment: "prod", alias: "prod", account: World.account, region: "eu-west-1", release: "r2",
        started: state.withLock { $0.now }, moves: plan.moves), in: journals)
    try log.open(.forward)
    _ = await MoveRun(services, log: log, parallel: 1) { _ in }.carryOut()
    try log.close()
  }

  /// One run of `lamctl adopt --undo` of the last journal, or of `journal`.
  func takeBack(_ journals: MemoryJournals, _ journal: MoveJournal? = nil) async throws -> [EdgeError] {
    guard let journal = try journal ?? journals.last() else { return [] }
    let log = MoveLog(journal, in: journals)
    try log.open(.back)
    let left = await MoveRun(services, log: log, parallel: 2) { _ in }.takeBack()
    try log.close()
    return left
  }
}
