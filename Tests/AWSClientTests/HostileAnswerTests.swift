import Core
import TestSupport
import Testing

@testable import AWSClient

/// What a service, or something between here and it, may answer to do harm.
@Suite("Hostile answers")
struct HostileAnswerTests {
  @Test(
    "an absurd Date or Retry-After on any answer changes nothing",
    arguments: [
      [("Date", "Sat, 21 Nov 9223372036854775807 05:49:00 GMT")], [("Date", "Sat, 21 Nov 0000 05:49:00 GMT")],
      [("Date", "\u{1B}")], [("Retry-After", "1e400")], [("Retry-After", "nan")],
      [("x-amz-retry-after", "1e300")],
      [("Retry-After", "-1e300")], [("Retry-After", "Sat, 21 Nov 9999 05:49:00 GMT")],
    ])
  func absurdHeaders(headers: [(String, String)]) async throws {
    let clock = ManualClock()
    let server = try LoopbackServer(
      .answer(503, headers, "{}"),
      .answer(200, headers + [("Content-Type", "application/json")], PipelineTests.function))
    let aws = try AWS.testing(server, clock: clock)
    let began = clock.now()
    #expect(try await aws.lambda.getFunction("orders").configuration.functionName == "orders")
    #expect(aws.clockOffset == .zero)
    #expect(clock.now() - began <= .minutes(1))
  }

  @Test("one answer with a wrong date does not move the time that rollouts go by")
  func oneWrongDate() async throws {
    let clock = ManualClock()
    let server = try LoopbackServer { _, index in
      let date = index == 2 ? clock.now() + .minutes(20) : clock.now()
      return .answer(200, [("Date", date.httpDate)], PipelineTests.function)
    }
    let aws = try AWS.testing(server, clock: clock)
    for _ in 0..<4 {
      _ = try await aws.lambda.getFunction("orders")
      #expect(aws.clockOffset.seconds.magnitude < 2)
    }
  }

  @Test(
    "corrections of the time may alternate for as long as the budget of retries lasts",
    arguments: [(2, true), (3, false)])
  func alternatingClock(wrongAnswers: Int, succeeds: Bool) async throws {
    let clock = ManualClock(start: Timestamp(seconds: 1_763_704_140))
    let right = clock.now() + .minutes(60)
    let server = try LoopbackServer { request, index in
      // What signed the request is off each time: the date of the refusal is now a proxy's, now the service's.
      guard index > wrongAnswers - 1 else {
        let date = index.isMultiple(of: 2) ? right + .minutes(20) : right
        return .answer(
          403, [("x-amzn-ErrorType", "RequestTimeTooSkewed"), ("Date", date.httpDate)],
          #"{"message":"too skewed"}"#)
      }
      return .answer(200, [("Date", right.httpDate)], PipelineTests.function)
    }
    let aws = try AWS.testing(server, environment: succeeds ? [:] : ["AWS_MAX_ATTEMPTS": "2"], clock: clock)
    let error = await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") }
    #expect((error == nil) == succeeds)
    #expect(server.requests.count == 3)
  }

  @Test("a list whose token comes back is an error, and so is one without an end")
  func pages() async throws {
    let same = try LoopbackServer(.json(200, #"{"Functions":[],"NextMarker":"m"}"#))
    let again = try LoopbackServer { _, index in
      .json(
        200,
        #"{"MetricDataResults":[],"MetricAlarms":[],"events":[],"NextToken":"\#(index % 3)","nextToken":"\#(index % 3)"}"#
      )
    }
    let endless = try LoopbackServer { _, index in
      .json(
        200,
        #"{"MetricDataResults":[],"events":[],"Versions":[],"NextToken":"\#(index)","nextToken":"\#(index)","NextMarker":"\#(index)"}"#
      )
    }
    let query = MetricQuery(
      id: "a", namespace: "n", metric: "m", dimensions: [], statistic: "Sum", period: 60)
    let (from, to) = (Timestamp(seconds: 0), Timestamp(seconds: 600))
    let lambda = try AWS.testing(same).lambda
    let one = await failure { () async throws(AWSError) in _ = try await lambda.listAllFunctions() }
    #expect(one?.description.contains("leads back to a page before it") == true)
    #expect(same.requests.count == 2)
    for (server, words) in [
      (again, "leads back to a page before it"), (endless, "has not ended after 1000 pages"),
    ] {
      let aws = try AWS.testing(server)
      let metrics = await failure { () async throws(AWSError) in
        _ = try await aws.cloudWatch.getMetricData([query], from: from, to: to)
      }
      #expect(metrics?.description.contains(words) == true)
      let events = await failure { () async throws(AWSError) in
        _ = try await aws.logs.filterLogEvents(LogQuery(group: "g"), limit: 10)
      }
      #expect(events?.description.contains(words) == true)
    }
  }

  @Test("an answer that comes byte by byte ends with its deadline")
  func drip() async throws {
    let server = try LoopbackServer(.drip("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{"))
    let settings = TransportSettings(environment: [:], configuredBundle: nil, parallel: 1)
    var request = HTTPRequest(method: "GET", url: server.url)
    request.limit = .seconds(1)
    let began = SystemClock().now()
    do throws(TransportFailure) {
      _ = try await CurlTransport(settings: settings).send(request)
      Issue.record("the answer cannot have come")
    } catch {
      #expect(error.kind == .stalled && error.mayHaveBeenProcessed)
    }
    #expect(SystemClock().now() - began < .seconds(20))
  }

  @Test("every exchange has a deadline: silences twice over, and the body's own time")
  func deadlines() {
    var request = HTTPRequest(method: "PUT", url: "http://127.0.0.1")
    #expect(request.totalTimeout == .seconds(90))
    request.body = .bytes([UInt8](repeating: 0, count: 65_536 * 10))
    #expect(request.totalTimeout == .seconds(100))
    request.stallTimeout = .seconds(5)
    #expect(request.totalTimeout == .seconds(20))
    request.stallTimeout = .seconds(930)
    #expect(request.totalTimeout == .seconds(970))
  }

  @Test(
    "what AWS quotes back is not shown: the canonical request with its token, and all variables of a function",
    arguments: [
      "The request signature we calculated does not match. The Canonical String for this request should have been 'GET x-amz-security-token:the-session-token'",
      "Lambda was unable to configure your environment variables because they exceeded the 4KB limit. String measured: {\"PIN\":\"12\",\"DB\":\"x\"}",
      "token the-session-token and key \(ExampleKeys.secret) and form the%2Dsession%2Dtoken",
    ])
  func echoes(message: String) async throws {
    let body = JSON.object(JSONObject([("message", .string(message))])).text()
    let server = try LoopbackServer(.answer(403, [("x-amzn-ErrorType", "SignatureDoesNotMatch")], body))
    let aws = try AWS.testing(server, environment: ["AWS_SESSION_TOKEN": "the-session-token"])
    let error = try #require(
      await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") })
    let all = "\(error) \(String(reflecting: error))"
    for secret in ["the-session-token", ExampleKeys.secret, "PIN", "x-amz-security-token"] {
      #expect(!all.contains(secret))
    }
  }

  @Test("variables that a function has, and values of parameters, are out of every later text")
  func learnt() async throws {
    let secrets = Secrets()
    let server = try LoopbackServer(
      .json(
        200, #"{"Configuration":{"FunctionName":"a","Environment":{"Variables":{"PLAIN":"battery-staple"}}}}"#
      ),
      .json(200, #"{"Parameters":[{"Name":"/p","Value":"correct-horse","Type":"SecureString"}]}"#),
      .error(400, "InvalidParameterValueException", "battery-staple and correct-horse"),
      .json(200, #"{"events":[{"eventId":"1","message":"ERROR battery-staple correct-horse"}]}"#))
    let settings = AWSSettings(region: "eu-west-1", endpointURL: server.url, secrets: secrets)
    let aws = try AWS(settings: settings, environment: ExampleKeys.environment, clock: ManualClock())
    _ = try await aws.lambda.getFunction("a")
    _ = try await aws.ssm.getParameters(["/p"])
    let error = await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("a") }
    let events = try await aws.logs.filterLogEvents(LogQuery(group: "g"), limit: 1)
    for text in ["\(error.map { "\($0)" } ?? "")", events.first?.message ?? ""] {
      #expect(
        text.contains(secrets.token(for: "battery-staple"))
          && text.contains(secrets.token(for: "correct-horse")))
    }
  }

  @Test("request ids, codes and regions are plain words")
  func plainWords() async throws {
    let server = try LoopbackServer(
      .answer(
        400,
        [
          ("x-amzn-RequestId", "id\u{7}\u{202E}" + String(repeating: "x", count: 9_000)),
          ("x-amzn-ErrorType", "A\u{202E}B"), ("x-amz-bucket-region", "evil.example/"),
        ],
        "{\"message\":\"\\u001b[2Jgone\\u202e\"}"))
    let aws = try AWS.testing(server)
    let error = try #require(
      await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") })
    #expect(!error.description.unicodeScalars.contains(where: PlainText.isHidden))
    #expect(error.fault?.requestID.utf8.count ?? 0 <= 128)
    #expect(error.fault?.code == "AB" && error.fault?.region == nil)
  }

  @Test("a credential program that fails does not have its secret shown")
  func credentialProgram() async throws {
    let world = CredentialTestWorld(server: try LoopbackServer(.json(200, "{}")))
    let problem = await credentialProblem(
      try world.aws(
        config: "credential_process = sh -c \"echo SecretAccessKey: topsecretvalue >&2; exit 3\"\n"))
    #expect(problem.contains("exit code 3") && !problem.contains("topsecretvalue"))
  }

  @Test("a credential program sees what it needs and no token of a CI system")
  func credentialEnvironment() {
    let all = [
      "PATH": "/bin", "HOME": "/h", "AWS_PROFILE": "p", "GITHUB_TOKEN": "t", "SECRET": "s", "LC_ALL": "C",
    ]
    #expect(
      Set(ChildEnvironment.credentialProgram(all).variables.keys) == [
        "PATH", "HOME", "AWS_PROFILE", "LC_ALL",
      ])
  }

  @Test("an endpoint that is no URL is named without its password")
  func endpointPassword() {
    for url in ["htp://user:endpoint-pw@host", "http//user:endpoint-pw@host", "user:endpoint-pw@host"] {
      let error = #expect(throws: AWSError.self) {
        try Endpoint(url: url, region: "r", origin: "AWS_ENDPOINT_URL")
      }
      #expect(error?.description.contains("endpoint-pw") == false)
    }
  }
}

@Suite("XML")
struct XMLTests {
  @Test(
    "elements are found by name and their entities resolved",
    arguments: [
      ("<a><b>x &amp; y</b></a>", "b", "x & y"), ("<bc>no</bc><b>yes</b>", "b", "yes"), ("<b/>", "b", ""),
      ("<b x=\"1\">z</b>", "b", "z"),
      ("<b>&#65;&#x42;&lt;&nope;&</b>", "b", "AB<&nope;&"),
      ("<b>&#x110000;&#99999999999;</b>", "b", "&#x110000;&#99999999999;"),
      ("<b>open", "b", nil), ("<b", "b", nil), ("", "b", nil), ("<b>é&quot;</b>", "b", "é\""),
    ])
  func elements(document: String, name: String, expected: String?) {
    #expect(XML.text(of: name, in: document) == expected)
  }
}
