import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("Calls")
struct PipelineTests {
  static let function =
    #"{"Configuration":{"FunctionName":"orders","Version":"$LATEST","NewField":{"x":[1]}}}"#

  @Test(
    "faults that pass are tried again, with a new signature and the same invocation id",
    arguments: [
      Reaction.json(500, "{}"), .json(502, "{}"), .json(503, ""), .json(504, ""),
      .answer(502, [], "<html><title>Bad Gateway</title></html>"),
      .error(429, "TooManyRequestsException", "Rate exceeded"), .error(400, "ThrottlingException", "slow"),
      .hangUp, .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), .json(200, "{\"Configuration\":"),
      .answer(200, [], "<html>sign in to the hotel</html>"),
    ])
  func transient(reaction: Reaction) async throws {
    let server = try LoopbackServer(reaction, .json(200, Self.function))
    let aws = try AWS.testing(server)
    let found = try await aws.lambda.getFunction("orders")
    #expect(found.configuration.functionName == "orders")
    #expect(server.requests.count == 2)
    #expect(Set(server.requests.map { $0["amz-sdk-invocation-id"] ?? "" }).count == 1)
    #expect(server.requests.map { $0["amz-sdk-request"] } == ["attempt=1; max=3", "attempt=2; max=3"])
  }

  @Test(
    "faults that stay are not tried again",
    arguments: [
      Reaction.error(400, "InvalidParameterValueException", "no"), .error(403, "AccessDeniedException", "no"),
      .error(404, "ResourceNotFoundException", "no"), .error(409, "ResourceConflictException", "busy"),
      .error(412, "PreconditionFailedException", "no"), .error(413, "RequestEntityTooLargeException", "no"),
      .answer(302, [("Location", "http://elsewhere")], ""),
    ])
  func permanent(reaction: Reaction) async throws {
    let server = try LoopbackServer(reaction)
    let aws = try AWS.testing(server)
    let error = await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") }
    #expect(error?.fault != nil)
    #expect(server.requests.count == 1)
  }

  @Test(
    "three attempts are all, and AWS_MAX_ATTEMPTS changes that",
    arguments: [([:], 3), (["AWS_MAX_ATTEMPTS": "1"], 1)])
  func giveUp(environment: [String: String], expected: Int) async throws {
    let server = try LoopbackServer(.json(503, "{}"))
    let aws = try AWS.testing(server, environment: environment)
    let error = await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") }
    #expect(error?.isRetryable == true)
    #expect(server.requests.count == expected)
  }

  @Test("calls that take traffic back are tried ten times")
  func rollbackAttempts() async throws {
    let server = try LoopbackServer { _, index in
      index < 9 ? .error(429, "TooManyRequestsException", "Rate exceeded") : .json(200, "{\"Name\":\"live\"}")
    }
    let aws = try AWS.testing(server)
    let alias = try await aws.lambda.updateAlias(
      "orders", name: "live", version: "1", weights: [:], description: "", revisionID: nil,
      priority: .rollback)
    #expect(alias.name == "live")
    #expect(server.requests.count == 10)
  }

  @Test("a call that does not get through for seconds tells that it is tried again, a short wait does not")
  func retryNotices() async throws {
    for (failures, isTold) in [(1, false), (9, true)] {
      let server = try LoopbackServer { _, index in
        index < failures
          ? .error(429, "TooManyRequestsException", "Rate exceeded") : .json(200, "{\"Name\":\"live\"}")
      }
      let told = Lock<[RetryNotice]>([])
      var settings = AWSSettings(region: "eu-central-1", endpointURL: server.url)
      settings.retrying = { notice in told.withLock { $0.append(notice) } }
      let environment = ExampleKeys.environment.merging(["HOME": "/nonexistent"]) { $1 }
      let aws = try AWS(settings: settings, environment: environment, clock: ManualClock())
      _ = try await aws.lambda.updateAlias(
        "orders", name: "live", version: "1", weights: [:], description: "", revisionID: nil,
        priority: .rollback)
      let notices = told.withLock { $0 }
      #expect(notices.isEmpty != isTold)
      #expect(notices.allSatisfy { $0.most == 10 && $0.words.contains("; trying again in ") })
    }
  }

  @Test("Retry-After is waited for")
  func retryAfter() async throws {
    let server = try LoopbackServer(.answer(429, [("Retry-After", "7")], "{}"), .json(200, Self.function))
    let clock = ManualClock()
    let start = clock.now()
    _ = try await AWS.testing(server, clock: clock).lambda.getFunction("orders")
    #expect((clock.now() - start).seconds >= 7)
    #expect((clock.now() - start).seconds < 9)
  }

  @Test("an endpoint that is down is named with the reason")
  func down() async throws {
    let port = try ClosedPort()
    let aws = try AWS.testing(url: port.url)
    let error = try #require(
      await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") })
    #expect(
      "\(error)".contains("Lambda GetFunction for orders cannot reach \(port.url) (from the endpoint URL)"))
    withExtendedLifetime(port) {}
  }

  @Test(
    "an invocation is repeated only when it cannot have run",
    arguments: [
      (Reaction.hangUp, 1), (.json(500, "{}"), 1),
      (.error(429, "TooManyRequestsException", "Rate Exceeded."), 3),
    ])
  func invokeOnce(reaction: Reaction, expected: Int) async throws {
    let server = try LoopbackServer(reaction)
    let aws = try AWS.testing(server)
    let error = await failure { () async throws(AWSError) in
      _ = try await aws.lambda.invoke("orders", payload: Array("{}".utf8))
    }
    #expect(error != nil)
    #expect(server.requests.count == expected)
  }

  @Test("a clock that is off is corrected from the Date header, once")
  func clockSkew() async throws {
    let clock = ManualClock(start: Timestamp(seconds: 1_763_704_140))
    let serviceTime = clock.now() + .minutes(20)
    let server = try LoopbackServer { request, _ in
      guard request["X-Amz-Date"]?.hasPrefix(String(serviceTime.basic.prefix(11))) == true else {
        return .answer(
          403, [("x-amzn-ErrorType", "InvalidSignatureException"), ("Date", serviceTime.httpDate)],
          #"{"message":"Signature expired: 20251121T054900Z is now earlier than 20251121T060400Z (x - 5 min.)"}"#
        )
      }
      return .answer(200, [("Date", serviceTime.httpDate)], Self.function)
    }
    let aws = try AWS.testing(server, clock: clock)
    _ = try await aws.lambda.getFunction("orders")
    _ = try await aws.lambda.getFunction("orders")
    #expect(server.requests.count == 3)
    #expect(abs(aws.clockOffset.seconds - 1200) < 2)
    #expect(abs((aws.serverTime - serviceTime).seconds) < 2)
  }

  @Test("a clock complaint that correcting cannot help is an error at once")
  func clockSkewWithoutOffset() async throws {
    let clock = ManualClock()
    let server = try LoopbackServer { _, _ in
      .answer(
        403, [("x-amzn-ErrorType", "InvalidSignatureException"), ("Date", clock.now().httpDate)],
        #"{"message":"Signature expired: x"}"#)
    }
    let aws = try AWS.testing(server, clock: clock)
    let error = await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") }
    #expect(error?.isCredentials == true)
    #expect(server.requests.count == 1)
  }

  @Test("calls are logged with request ids and without secrets")
  func log() async throws {
    let lines = Lock([String]())
    let server = try LoopbackServer(.hangUp, .json(200, Self.function))
    let aws = try AWS.testing(
      server, environment: ["AWS_SESSION_TOKEN": "the-session-token"],
      log: { line in lines.withLock { $0.append(line) } })
    _ = try await aws.lambda.getFunction("orders")
    let text = lines.withLock { $0 }
    #expect(text.count == 2)
    #expect(text.last?.contains("request id request-1") == true)
    let all = text.joined()
    for secret in [ExampleKeys.secret, "the-session-token", "Signature="] { #expect(!all.contains(secret)) }
    #expect(server.requests.first?["X-Amz-Security-Token"] == "the-session-token")
  }

  @Test("two hundred calls at once open no more connections than allowed")
  func connections() async throws {
    let server = try LoopbackServer(.json(200, Self.function))
    let aws = try AWS.testing(server, parallel: 3)
    await withTaskGroup { group in
      for _ in 0..<200 { group.addTask { _ = try? await aws.lambda.getFunction("orders") } }
    }
    #expect(server.requests.count == 200)
    #expect(server.connectionCount <= 3)
  }

  @Test("a rollback does not wait for connections that long invocations hold")
  func rollbackPassesGate() async throws {
    let latch = Latch(count: 1)
    let server = try LoopbackServer { request, _ in
      request.path.hasSuffix("invocations") ? .hold(latch, 200, "{}") : .json(200, "{\"Name\":\"live\"}")
    }
    let aws = try AWS.testing(server, parallel: 1)
    let long = Task { try await aws.lambda.invoke("orders", payload: []) }
    #expect(await eventually { server.requests.count == 1 })
    _ = try await aws.lambda.updateAlias(
      "orders", name: "live", version: "1", weights: [:], description: "", revisionID: "r",
      priority: .rollback)
    latch.countDown()
    #expect(try await long.value.statusCode == 200)
  }

  @Test("cancelling a call that waits for its next attempt ends it")
  func cancelBackoff() async throws {
    let server = try LoopbackServer(.answer(503, [("Retry-After", "60")], "{}"))
    let aws = try AWS.testing(server, clock: SystemClock())
    let task = Task {
      await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") }
    }
    #expect(await eventually { server.requests.count == 1 })
    task.cancel()
    #expect(await task.value?.isCancelled == true)
  }

  @Test("no credentials is an error that lists where they were looked for, and sends nothing")
  func noCredentials() async throws {
    let server = try LoopbackServer(.json(200, Self.function))
    let aws = try AWS.testing(
      server, environment: ["AWS_ACCESS_KEY_ID": "", "AWS_EC2_METADATA_DISABLED": "true"])
    let error = try #require(
      await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") })
    #expect(error.isCredentials)
    #expect("\(error)".contains("the environment (AWS_ACCESS_KEY_ID is not set)"))
    #expect("\(error)".contains("the profile \"default\""))
    #expect(server.requests.isEmpty)
  }

  @Test("half a key is an error, not a reason to look elsewhere")
  func halfAKey() async throws {
    let server = try LoopbackServer(.json(200, Self.function))
    let aws = try AWS.testing(server, environment: ["AWS_SECRET_ACCESS_KEY": ""])
    let error = await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") }
    #expect(
      error
        == .brokenCredentials(
          source: "the environment", reason: "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"))
  }

  @Test("an explicit profile is stronger than keys in the environment, AWS_PROFILE is not")
  func explicitProfile() async throws {
    let folder = try TemporaryFolder()
    try folder.write(".aws/credentials", "[ci]\naws_access_key_id = PROFILEKEY\naws_secret_access_key = s\n")
    var environment = ExampleKeys.environment
    environment["HOME"] = folder.path
    environment["AWS_REGION"] = "eu-west-1"
    let explicit = try AWS(
      settings: AWSSettings(profile: "ci"), environment: environment, clock: ManualClock())
    #expect(try await explicit.credentials().keyID == "PROFILEKEY")
    environment["AWS_PROFILE"] = "ci"
    let named = try AWS(settings: AWSSettings(), environment: environment, clock: ManualClock())
    #expect(try await named.credentials().keyID == ExampleKeys.keyID)
  }
}
