import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("Renewal of credentials")
struct CredentialStoreTests {
  /// Hands out numbered keys that last an hour, or fails.
  private final class Source: CredentialProvider {
    let clock: ManualClock
    let calls = Lock(0)
    let fails = Lock(false)
    let gate: Latch?

    init(clock: ManualClock, gate: Latch? = nil) {
      self.clock = clock
      self.gate = gate
    }

    var source: String { "a source" }

    func find() async throws(CredentialFailure) -> Credentials {
      let number = calls.withLock { calls in
        calls += 1
        return calls
      }
      if let gate { await Threads.run { gate.wait() } }
      guard !fails.withLock({ $0 }) else { throw .broken("down") }
      return Credentials(
        keyID: "KEY\(number)", secretKey: "s", sessionToken: "t", expiration: clock.now() + .minutes(60),
        source: "a source")
    }
  }

  @Test("credentials are renewed five minutes before they end, not earlier")
  func renewal() async throws {
    let clock = ManualClock()
    let source = Source(clock: clock)
    let store = CredentialStore(chain: CredentialChain(providers: [source]), clock: clock, secrets: Secrets())
    #expect(try await store.credentials().keyID == "KEY1")
    clock.advance(by: .minutes(54))
    #expect(try await store.credentials().keyID == "KEY1")
    clock.advance(by: .minutes(2))
    #expect(try await store.credentials().keyID == "KEY2")
  }

  @Test("when a renewal fails, what still works is used, and it is tried again before the end")
  func failingRenewal() async throws {
    let clock = ManualClock()
    let source = Source(clock: clock)
    let store = CredentialStore(chain: CredentialChain(providers: [source]), clock: clock, secrets: Secrets())
    _ = try await store.credentials()
    source.fails.withLock { $0 = true }
    clock.advance(by: .minutes(56))
    #expect(try await store.credentials().keyID == "KEY1")
    #expect(try await store.credentials().keyID == "KEY1")
    #expect(source.calls.withLock { $0 } == 2)
    clock.advance(by: .seconds(31))
    #expect(try await store.credentials().keyID == "KEY1")
    #expect(source.calls.withLock { $0 } == 3)
    clock.advance(by: .minutes(4))
    await #expect(throws: AWSError.self) { try await store.credentials() }
    source.fails.withLock { $0 = false }
    #expect(try await store.credentials().keyID == "KEY5")
  }

  @Test("many who ask at once share one search, and one who leaves does not end it")
  func oneSearch() async throws {
    let gate = Latch(count: 1)
    let source = Source(clock: ManualClock(), gate: gate)
    let store = CredentialStore(
      chain: CredentialChain(providers: [source]), clock: source.clock, secrets: Secrets())
    let leaving = Task { try await store.credentials() }
    let staying = (0..<20).map { _ in Task { try await store.credentials().keyID } }
    #expect(await eventually { source.calls.withLock { $0 } == 1 })
    leaving.cancel()
    // Before the search is over.
    await #expect(throws: AWSError.cancelled("the search for credentials")) { try await leaving.value }
    gate.countDown()
    for task in staying { #expect(try await task.value == "KEY1") }
    #expect(source.calls.withLock { $0 } == 1)
  }

  @Test("an expired token in the middle of a rollout is renewed once, and the call goes on")
  func expiredToken() async throws {
    let folder = try TemporaryFolder()
    try folder.write(".aws/credentials", Self.keys("OLD"))
    let server = try LoopbackServer { request, _ in
      request["Authorization"]?.contains("Credential=NEW/") == true
        ? .json(200, PipelineTests.function)
        : .error(403, "ExpiredTokenException", "The security token has expired")
    }
    let aws = try AWS(
      settings: AWSSettings(endpointURL: server.url),
      environment: ["HOME": folder.path, "AWS_REGION": "eu-central-1", "AWS_EC2_METADATA_DISABLED": "true"],
      clock: ManualClock())
    let error = await failure { () async throws(AWSError) in _ = try await aws.lambda.getFunction("orders") }
    #expect(error?.fault?.isExpiredToken == true)
    #expect(error.map { "\($0)".contains("get new credentials") } == true)
    #expect(server.requests.count == 2)
    try folder.write(".aws/credentials", Self.keys("NEW"))
    _ = try await aws.lambda.getFunction("orders")
    #expect(server.requests.count == 3)
  }

  private static func keys(_ keyID: String) -> String {
    "[default]\naws_access_key_id = \(keyID)\naws_secret_access_key = s\naws_session_token = t\n"
  }
}
