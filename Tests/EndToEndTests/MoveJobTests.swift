import AWSClient
import Core
import Sandbox
import TestSupport
import Testing

@Suite("Callers of bare functions that move to the alias, with the built binary", .serialized)
struct MoveJobTests {
  private static let name = "many-f000"
  private static let bare = "arn:aws:lambda:eu-west-1:000000000000:function:many-f000"

  /// A function that keeps what it is called with, and everything that can call it on its bare name.
  private struct Scene: Sendable {
    let repository: CountedRepository
    let aws: AWS
    let raw: SandboxClient
    let queue: String
    let mapping: String
    let api: String
    let door: SandboxClient
    let url: SandboxClient

    /// What came, by kind and number, with the name by which the function was called.
    func seen() -> [String: [String]] {
      let text = (try? repository.folder.read("seen.txt")) ?? ""
      return Dictionary(
        text.split(separator: "\n").compactMap { line in
          let parts = line.split(separator: " ").map(String.init)
          return parts.count == 3 ? ("\(parts[0]) \(parts[1])", [parts[2]]) : nil
        }, uniquingKeysWith: +)
    }

    /// One event of every kind.
    ///
    /// - Returns: whether those that are answered were answered well.
    func send(_ number: Int) async throws -> Bool {
      _ = try await aws.s3.putObject(
        [1], bucket: "shop-in", key: "\(number).csv", contentType: "text/csv", replaces: true)
      let message: JSON = ["QueueUrl": .string(queue), "MessageBody": .string("\(number)")]
      let sent = raw.call("AmazonSQS.SendMessage", message, service: "sqs")
      let entry: JSON = [
        "Source": "shop", "DetailType": "Paid", "Detail": .string("{\"id\":\(number)}"),
      ]
      let put = raw.call("AWSEvents.PutEvents", ["Entries": [entry]], service: "events")
      let answers = [
        door.send("GET", "/o/\(number)", signed: false), url.send("GET", "/u/\(number)", signed: false),
      ]
      return ([sent, put] + answers).allSatisfy { $0.status == 200 }
    }

    /// What calls the function: mapping, rule, integration, bucket.
    func targets() async throws -> [String] {
      let bucket = String(
        decoding: try await aws.s3.getBucketNotificationConfiguration(bucket: "shop-in"), as: UTF8.self)
      let entry = bucket.pieces(between: "<CloudFunction>").last?.prefix { $0 != "<" }
      return [
        try await aws.lambda.getEventSourceMapping(mapping)?.functionARN ?? "",
        try await aws.eventBridge.listTargetsByRule("paid")?.first?["Arn"]?.string ?? "",
        try await aws.apiGateway.getIntegrations(api).first?.integrationURI ?? "",
        entry.map(String.init) ?? "",
      ]
    }

    func bucket() async throws -> [UInt8] {
      try await aws.s3.getBucketNotificationConfiguration(bucket: "shop-in")
    }

    func end() async {
      aws.shutdown()
      await repository.stop()
    }
  }

  private static func handler(_ path: String) -> String {
    """
    def handler(event, context):
        parts = context.invoked_function_arn.split(":")
        name = parts[7] if len(parts) > 7 else "bare"
        found = []
        for record in event.get("Records", []):
            if record.get("eventSource") == "aws:s3":
                found.append("s3 " + record["s3"]["object"]["key"].split(".")[0])
            else:
                found.append("queue " + record["body"])
        if "detail" in event:
            found.append("rule " + str(event["detail"]["id"]))
        if "rawPath" in event:
            found.append({"o": "api ", "u": "url "}[event["rawPath"].split("/")[1]] + event["rawPath"].split("/")[2])
        with open("\(path)", "a") as file:
            for one in found:
                file.write(one + " " + name + "\\n")
        return {"statusCode": 200, "body": "ok"}

    """
  }

  private func scene(speed: Double = 240) async throws -> Scene {
    let repository = try CountedRepository(functions: 1)
    try repository.folder.write(
      "functions/f000/handler.py", Self.handler("\(repository.folder.path)/seen.txt"))
    try repository.start(
      speed: speed, resources: SandboxResources(apis: [.init(name: "shop")], buckets: ["shop-in"]))
    try await repository.deployFirst()
    let aws = try AWS(
      settings: AWSSettings(region: "eu-west-1", endpointURL: repository.endpoint, parallel: 8),
      environment: repository.credentials, clock: SystemClock())
    var raw = SandboxClient(
      repository.endpoint, secret: repository.credentials["AWS_SECRET_ACCESS_KEY"] ?? "")
    raw.region = "eu-west-1"
    let api = try #require(try await aws.apiGateway.getAPIs().first)
    let callers: [(String, String, String)] = [
      ("s3", "s3", "arn:aws:s3:::shop-in"),
      ("rule", "events", "arn:aws:events:eu-west-1:000000000000:rule/paid"),
      ("api", "apigateway", "arn:aws:execute-api:eu-west-1:000000000000:\(api.apiID)/*/*"),
    ]
    for (sid, service, source) in callers {
      try await aws.lambda.addPermission(
        Self.name,
        statement: JSONObject([
          ("StatementId", .string(sid)), ("Action", "lambda:InvokeFunction"),
          ("Principal", .string("\(service).amazonaws.com")), ("SourceArn", .string(source)),
        ]))
    }
    for (sid, action, member) in [
      ("url", "lambda:InvokeFunctionUrl", ("FunctionUrlAuthType", JSON.string("NONE"))),
      ("url-2", "lambda:InvokeFunction", ("InvokedViaFunctionUrl", JSON.bool(true))),
    ] {
      try await aws.lambda.addPermission(
        Self.name,
        statement: JSONObject([
          ("StatementId", .string(sid)), ("Action", .string(action)), ("Principal", "*"), member,
        ]))
    }
    let url = try await aws.lambda.createFunctionURLConfig(
      Self.name, configuration: JSONObject([("AuthType", "NONE")]))
    let queue = raw.call(
      "AmazonSQS.CreateQueue", ["QueueName": "jobs", "Attributes": ["VisibilityTimeout": "900"]],
      service: "sqs")
    let mapping = try await aws.lambda.createEventSourceMapping(
      JSONObject([
        ("FunctionName", .string(Self.name)), ("BatchSize", 1),
        ("EventSourceArn", "arn:aws:sqs:eu-west-1:000000000000:jobs"),
      ]))
    try await aws.eventBridge.putRule(
      "paid", settings: JSONObject([("EventPattern", #"{"detail-type":["Paid"]}"#)]))
    try await aws.eventBridge.putTargets(
      rule: "paid", targets: [JSONObject([("Id", "f"), ("Arn", .string(Self.bare))])])
    let integration = try await aws.apiGateway.createIntegration(
      api.apiID,
      integration: JSONObject([
        ("integrationType", "AWS_PROXY"), ("integrationUri", .string(Self.bare)),
        ("payloadFormatVersion", "2.0"),
      ]))
    _ = try await aws.apiGateway.createRoute(
      api.apiID,
      route: JSONObject([
        ("routeKey", "GET /o/{id}"), ("target", .string("integrations/\(integration.integrationID)")),
      ]))
    try await aws.s3.putBucketNotificationConfiguration(
      Array(
        ("<NotificationConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
          + "<CloudFunctionConfiguration><Id>files</Id><CloudFunction>\(Self.bare)</CloudFunction>"
          + "<Event>s3:ObjectCreated:*</Event></CloudFunctionConfiguration></NotificationConfiguration>").utf8
      ),
      bucket: "shop-in")
    let isEnabled = await eventually {
      (try? await aws.lambda.getEventSourceMapping(mapping.uuid))?.state == "Enabled"
    }
    try #require(isEnabled)
    return Scene(
      repository: repository, aws: aws, raw: raw, queue: queue.json["QueueUrl"]?.string ?? "",
      mapping: mapping.uuid, api: api.apiID, door: SandboxClient(api.endpoint, like: raw),
      url: SandboxClient(url.url, like: raw))
  }

  /// Sends events from `first` on while `body` runs, and waits until each has come.
  ///
  /// - Returns: how many of each kind were sent.
  private func sending(
    from first: Int, _ scene: Scene, _ body: () async throws -> Void
  ) async throws -> Int {
    let isOver = Lock(false)
    let sender = Task { () async throws -> (Int, Bool) in
      var (number, isWell) = (first, true)
      while !isOver.withLock({ $0 }) {
        let isAnswered = try await scene.send(number)
        isWell = isWell && isAnswered
        number += 1
      }
      return (number, isWell)
    }
    try await body()
    isOver.withLock { $0 = true }
    let (end, isWell) = try await sender.value
    #expect(isWell, "something that calls was not answered")
    let kinds = ["s3", "queue", "rule", "api", "url"]
    let isThere = await eventually(within: .seconds(60)) {
      let seen = scene.seen()
      return (first..<end).allSatisfy { number in kinds.allSatisfy { seen["\($0) \(number)"] != nil } }
    }
    #expect(isThere, "something was lost")
    let seen = scene.seen()
    let doubled = (first..<end).flatMap { number in
      kinds.map { "\($0) \(number)" }.filter { (seen[$0]?.count ?? 0) > 1 }
    }
    #expect(doubled == [])
    return end
  }

  @Test("everything moves to the alias without a lost or doubled event, is proved, and goes back by --undo")
  func thereAndBack() async throws {
    let scene = try await scene()
    let repository = scene.repository
    let alias = "\(Self.bare):prod"
    let (before, targets) = (try await scene.bucket(), try await scene.targets())
    #expect(targets == [Self.bare, Self.bare, Self.bare, Self.bare])
    let doctor = try await repository.run("doctor", "prod")
    for words in ["called past the alias prod: GET /o/{id}", "lamctl adopt prod --plan shows how they move"] {
      #expect(doctor.output.contains(words), "\(doctor.output)")
    }
    _ = repository.takeCalls()
    let plan = try await repository.run("adopt", "prod", "--plan")
    #expect(plan.exit == .code(0), "\(plan.errors)")
    for words in [
      "copy     permission of s3.amazonaws.com for arn:aws:s3:::shop-in", "move     GET /o/{id} of the API",
      "move     rule paid of the bus default", "move     files of the bucket shop-in",
      "move     mapping of arn:aws:sqs:eu-west-1:000000000000:jobs", "goes on calling the bare function",
      "Nothing was written",
    ] {
      #expect(plan.output.contains(words), "\(plan.output)")
    }
    #expect(
      repository.takeCalls().keys.allSatisfy { call in
        ["Get", "List", "Describe"].contains { call.hasPrefix($0) }
      })

    let path = Lock("")
    let end = try await sending(from: 0, scene) {
      let adopted = try await repository.run("adopt", "prod", "--json")
      #expect(adopted.exit == .code(0), "\(adopted.output)\(adopted.errors)")
      let document = try adopted.document()
      #expect(document["schema"] == "lamctl.adopt/1")
      let function = document["functions"]?.array?.first
      #expect(function?["outcome"] == "moved")
      #expect(function?["proof"]?["kind"] == "invocations", "\(adopted.output)")
      path.withLock { $0 = document["journal"]?.string ?? "" }
    }
    #expect(try await scene.targets() == [alias, alias, alias, alias])
    let last = try await sending(from: end, scene) {}
    _ = try await sending(from: last, scene) { try await Task.sleep(for: .milliseconds(300)) }
    let seen = scene.seen()
    for (event, names) in seen where Int(event.split(separator: " ")[1]).map({ $0 >= last }) ?? false {
      #expect(names == [event.hasPrefix("url ") ? "bare" : "prod"], "\(event)")
    }
    let again = try await repository.run("adopt", "prod")
    #expect(again.exit == .code(0) && again.output.contains("Nothing that can be moved"), "\(again.output)")

    let journal = path.withLock { $0 }
    let missing = try await repository.run("adopt", "prod", "--undo", "nothing.json")
    #expect(missing.exit == .code(65) && missing.errors.contains("nothing.json"), "\(missing.errors)")
    let shown = try await repository.run("adopt", "prod", "--undo", journal, "--plan")
    #expect(shown.exit == .code(0) && shown.output.contains("back     rule paid"), "\(shown.output)")
    #expect(try await scene.targets() == [alias, alias, alias, alias])
    _ = try await sending(from: 100_000, scene) {
      let undone = try await repository.run("adopt", "prod", "--undo", journal)
      #expect(undone.exit == .code(0), "\(undone.errors)")
      #expect(undone.output.contains("All of it is as it was before."), "\(undone.output)")
    }
    #expect(try await scene.targets() == targets)
    #expect(try await scene.bucket() == before)
    #expect(try await scene.aws.lambda.getPolicy(Self.name, qualifier: "prod") == nil)
    await scene.end()
  }

  @Test(
    "a run that is killed at a write is ended by the next one",
    arguments: ["PutBucketNotificationConfiguration", "PutTargets", "UpdateEventSourceMapping"])
  func killed(_ operation: String) async throws {
    let scene = try await scene()
    let repository = scene.repository
    let alias = "\(Self.bare):prod"
    let run = try repository.begin(["adopt", "prod"])
    let child = run.child
    repository.watch { call in
      if call.operation.hasPrefix(operation) { child.kill() }
    }
    _ = await run.outcome()
    repository.watch(nil)
    let next = try await repository.run("adopt", "prod")
    #expect([.code(0), .code(11)].contains(next.exit), "\(next.output)\(next.errors)")
    #expect(next.output.contains("was left half way, and is ended"), "\(next.output)")
    #expect(try await scene.targets() == [alias, alias, alias, alias])
    await scene.end()
  }

  @Test("permissions of the bare function go after a day of calls through the alias alone, and not before")
  func finish() async throws {
    let scene = try await scene(speed: 20_000)
    let repository = scene.repository
    try await scene.aws.lambda.deleteFunctionURLConfig(Self.name)
    for sid in ["url", "url-2"] {
      try await scene.aws.lambda.removePermission(Self.name, statementID: sid)
    }
    let adopted = try await repository.run("adopt", "prod")
    #expect(adopted.exit == .code(0), "\(adopted.output)\(adopted.errors)")
    let early = try await repository.run("adopt", "prod", "--finish")
    #expect(early.exit == .code(1), "\(early.output)")
    #expect(early.errors.contains("no data is no proof"), "\(early.errors)")
    #expect(scene.door.send("GET", "/o/1", signed: false).status == 200)
    let isFinished = await eventually(within: .seconds(60)) {
      let late = try? await repository.run("adopt", "prod", "--finish")
      return late?.exit == .code(0)
    }
    #expect(isFinished)
    #expect(try await scene.aws.lambda.getPolicy(Self.name) == nil)
    // What came later goes first: the bare function has lost what the first journal would lead back to it.
    let journals = try Files.names(in: repository.folder.path + "/.lamctl").filter { $0.hasPrefix("adopt-") }
      .sorted()
    let older = try await repository.run("adopt", "prod", "--undo", ".lamctl/\(journals[0])")
    #expect(
      older.exit == .code(65) && older.errors.contains("--undo .lamctl/\(journals.last ?? "")"),
      "\(older.errors)")
    #expect(scene.door.send("GET", "/o/2", signed: false).status == 200)
    await scene.end()
  }
}
