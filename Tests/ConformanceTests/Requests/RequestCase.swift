import Core
import TestSupport

@testable import AWSClient

/// Something the client does, whose requests are then compared with the services' models.
struct RequestCase: Sendable {
  let name: String
  /// Variables instead of keys.
  var environment: [String: String]?
  /// Comes before the usual answer; nil for no opinion.
  var reaction: @Sendable (ReceivedRequest) -> Reaction? = { _ in nil }
  let body: @Sendable (AWS) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (AWS) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The same with reads that find nothing.
  func findingNothing() -> RequestCase {
    var other = self
    other.reaction = { $0.method == "GET" ? .error(404, "ResourceNotFoundException", "Not there") : nil }
    return other
  }

  /// The same with a first page that another follows.
  func inPages() -> RequestCase {
    var other = self
    other.reaction = { request in
      let query = request.query.lowercased()
      let isNext =
        request.query.contains("Marker=") || query.contains("nexttoken=")
        || request.bodyText.lowercased().contains("nexttoken")
      guard !isNext else { return nil }
      if request.bodyText.hasPrefix("Action=ListSubscriptionsByTopic") {
        return .answer(
          200, "<ListSubscriptionsByTopicResult><NextToken>more</NextToken></ListSubscriptionsByTopicResult>")
      }
      return .json(200, "{\"NextMarker\":\"more\",\"NextToken\":\"more\",\"nextToken\":\"more\"}")
    }
    return other
  }

  /// The same with an answer of 400 to every request of this method whose query has `word`.
  func refusing(_ method: String, _ word: String) -> RequestCase {
    var other = self
    other.reaction = { request in
      guard request.method == method, request.query.contains(word) else { return nil }
      return .answer(400, "<Error><Code>InvalidRequest</Code><Message>No</Message></Error>")
    }
    return other
  }

  /// The same with other variables instead of keys.
  func with(_ environment: [String: String]) -> RequestCase {
    var other = self
    other.environment = environment
    return other
  }
}

/// The requests of one case, each with the operation that the client meant.
struct RecordedCase {
  let name: String
  let calls: [(service: AWSService, operation: String)]
  let requests: [ReceivedRequest]

  /// Runs `sample` against a server that answers everything with as little as the client needs.
  init(running sample: RequestCase) async throws {
    let server = try LoopbackServer { request, _ in sample.reaction(request) ?? Self.answer(request) }
    let log = Lock<[String]>([])
    var environment = [
      "AWS_REGION": "eu-central-1", "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
    ]
    let keys = ["AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"]
    environment.merge(sample.environment ?? keys) { $1 }
    let aws = try AWS(
      settings: AWSSettings(endpointURL: server.url, parallel: 1) { line in log.withLock { $0.append(line) }
      },
      environment: environment, clock: ManualClock())
    defer {
      aws.shutdown()
      server.stop()
    }
    try await sample.body(aws)
    name = sample.name
    requests = server.requests
    calls = log.withLock { $0 }.compactMap(Self.call)
  }

  /// What a line of the client's log is about: `CloudWatch Logs FilterLogEvents for …`.
  private static func call(in line: String) -> (AWSService, String)? {
    let services = AWSService.allCases.filter { line.hasPrefix($0.name + " ") }
    guard let service = services.max(by: { $0.name.count < $1.name.count }) else { return nil }
    return (service, String(line.dropFirst(service.name.count + 1).prefix { $0 != " " }))
  }

  private static func answer(_ request: ReceivedRequest) -> Reaction {
    let credentials =
      "<Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
      + "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
    if request["Content-Type"]?.hasPrefix("application/x-www-form-urlencoded") == true {
      let subscriptions = [
        "SubscribeResult", "UnsubscribeResponse", "GetSubscriptionAttributesResult",
        "SetSubscriptionAttributesResponse", "ListSubscriptionsByTopicResult", "GetTopicAttributesResult",
      ].map { "<\($0)><SubscriptionArn>arn:s</SubscriptionArn></\($0)>" }
      return .answer(
        200,
        "<Response><GetCallerIdentityResult><Account>123456789012</Account><Arn>a</Arn><UserId>u</UserId>"
          + "</GetCallerIdentityResult>\(credentials)\(subscriptions.joined())</Response>")
    }
    if request["x-amz-content-sha256"] != nil {
      return .answer(
        200, [("ETag", "\"0123\""), ("x-amz-bucket-region", "eu-central-1")],
        "<Result><UploadId>upload/1 +</UploadId><ETag>0123</ETag><NotificationConfiguration/></Result>")
    }
    return .json(
      200,
      """
      {"FunctionName": "f", "Configuration": {"FunctionName": "f"}, "Policy": "{}", "RevisionId": "r",
       "RuleArn": "arn:r", "QueueUrl": "https://q", "LayerVersionArn": "arn:l:1", "Version": 1,
       "authorizationData": [{"authorizationToken": "QVdTOnBhc3N3b3Jk"}], "accessToken": "fresh", "expiresIn": 3600,
       "roleCredentials": {"accessKeyId": "ASIAEXAMPLE", "secretAccessKey": "s", "sessionToken": "t",
                           "expiration": 4070908800000}}
      """)
  }
}

extension RecordedCase {
  /// As the Python program reads it.
  var json: [JSON] {
    zip(calls, requests).map { call, request in
      [
        "case": .string(name), "service": .string(call.service.rawValue),
        "operation": .string(call.operation), "method": .string(request.method),
        "target": .string(request.target),
        "headers": .array(request.headers.map { [.string($0.name), .string($0.value)] }),
        "body": .string(Base64.encode(request.body)),
      ]
    }
  }
}
