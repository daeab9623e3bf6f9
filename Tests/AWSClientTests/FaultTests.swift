import Core
import TestSupport
import Testing

@testable import AWSClient

/// A release over a network that fails at each of its requests in turn.
@Suite("Faults")
struct FaultTests {
  /// Publish, canary, finish: five requests when nothing goes wrong.
  private func release(_ lambda: LambdaClient) async throws -> AliasConfiguration {
    let function = try await lambda.getFunction("orders").configuration
    let version = try await lambda.publishVersion(
      "orders", codeSHA256: function.codeSHA256, revisionID: function.revisionID, description: "run 7")
    #expect(version.version == "2")
    let before = try await lambda.getAlias("orders", name: "live")
    let canary = try await lambda.updateAlias(
      "orders", name: "live", version: before.functionVersion, weights: [version.version: 0.1],
      description: "",
      revisionID: before.revisionID)
    return try await lambda.updateAlias(
      "orders", name: "live", version: version.version, weights: [:], description: "",
      revisionID: canary.revisionID)
  }

  @Test(
    "a release survives one fault at any of its requests: one version, both alias writes, once each",
    arguments: FakeFunction.Fault.allCases, 0..<5)
  func anyFault(fault: FakeFunction.Fault, index: Int) async throws {
    let lines = Lock([String]())
    let function = FakeFunction(fault: fault, at: index)
    let server = try LoopbackServer { request, number in function.react(request, number) }
    let aws = try AWS.testing(
      server, environment: ["AWS_SESSION_TOKEN": "session-secret"],
      log: { line in lines.withLock { $0.append(line) } })
    let alias = try await release(aws.lambda)
    let state = function.state.withLock { $0 }
    #expect(alias.functionVersion == "2")
    #expect(alias.weights.isEmpty)
    #expect(alias.revisionID == "a3")
    #expect(state.versions == ["run 7"])
    #expect(state.aliasWrites == [#"1 {"2":0.1}"#, "2 {}"])
    let text = lines.withLock { $0.joined(separator: "\n") }
    for secret in [ExampleKeys.secret, "session-secret", "Signature="] { #expect(!text.contains(secret)) }
  }

  @Test("without a fault a release makes no call too many")
  func noFault() async throws {
    let function = FakeFunction(fault: nil, at: 0)
    let server = try LoopbackServer { request, number in function.react(request, number) }
    _ = try await release(AWS.testing(server).lambda)
    #expect(server.requests.map(\.method) == ["GET", "POST", "GET", "PUT", "PUT"])
  }

  @Test("an alias that somebody else has written in between is not overwritten")
  func realConflict() async throws {
    let function = FakeFunction(fault: .lostBefore, at: 1)
    let server = try LoopbackServer { request, number in
      let reaction = function.react(request, number)
      if number == 1 {
        function.state.withLock { state in
          state.aliasRevision += 1
          state.aliasVersion = "9"
        }
      }
      return reaction
    }
    let lambda = try AWS.testing(server).lambda
    let before = try await lambda.getAlias("orders", name: "live")
    let error = await failure { () async throws(AWSError) in
      _ = try await lambda.updateAlias(
        "orders", name: "live", version: "2", weights: [:], description: "", revisionID: before.revisionID)
    }
    #expect(error?.isPreconditionFailed == true)
    #expect(function.state.withLock { $0.aliasWrites.isEmpty })
  }

  @Test("a first byte that comes late is waited for")
  func slowFirstByte() async throws {
    let latch = Latch(count: 1)
    let server = try LoopbackServer(.hold(latch, 200, PipelineTests.function))
    let aws = try AWS.testing(server)
    let task = Task { try await aws.lambda.getFunction("orders") }
    #expect(await eventually { server.requests.count == 1 })
    latch.countDown()
    #expect(try await task.value.configuration.functionName == "orders")
  }

  @Test(
    "errors never quote what the caller's secrets were",
    arguments: [
      Reaction.hangUp, .error(403, "AccessDeniedException", "no"), .json(200, "nonsense"),
      .answer(502, "<html></html>"),
    ])
  func noSecretInErrors(reaction: Reaction) async throws {
    let server = try LoopbackServer(reaction)
    let aws = try AWS.testing(server, environment: ["AWS_SESSION_TOKEN": "session-secret"])
    let error = try #require(
      await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") })
    let all = "\(error) \(String(reflecting: error))"
    for secret in [ExampleKeys.secret, "session-secret", "Signature="] { #expect(!all.contains(secret)) }
  }
}
