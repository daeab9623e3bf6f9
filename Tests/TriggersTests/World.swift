import AWSClient
import Core
import TestSupport

@testable import Triggers

/// All services that edges reach, in memory, with what goes wrong in them.
final class World: Sendable {
  /// What happens to one call.
  enum Mishap: Hashable, Sendable {
    /// It is carried out, and its answer does not come.
    case lost
    /// The run dies before it, and with it.
    case death
  }

  struct Contents: Hashable, Sendable {
    /// The policy of the bare function.
    var bareStatements: [String: JSONObject] = [:]
    var bareURL: JSONObject?
    var bareEventInvoke: JSONObject?
    var provisioned: [String: Int] = [:]
    /// The policy of the alias.
    var statements: [String: JSONObject] = [:]
    var mappings: [JSONObject] = []
    /// Members of mappings that no update changes.
    var stubborn: Set<String> = []
    var url: JSONObject?
    var eventInvoke: JSONObject?
    var tags: [String: [String: String]] = [:]
    var rules: [String: JSONObject] = [:]
    var targets: [String: [JSONObject]] = [:]
    var groups: Set<String> = []
    var schedules: [String: JSONObject] = [:]
    var subscriptions: [JSONObject] = []
    var attributes: [String: [String: String]] = [:]
    /// Topics that are not there any more.
    var goneTopics: Set<String> = []
    /// Topics and buckets of others, who let nobody look.
    var hiddenTopics: Set<String> = []
    var closedBuckets: Set<String> = []
    var apis = [JSONObject([("apiId", "api1"), ("name", "shop"), ("protocolType", "HTTP")])]
    /// Topics whose owner has to confirm a subscription.
    var guardedTopics: Set<String> = []
    var integrations: [JSONObject] = []
    var stages = [JSONObject([("stageName", "$default"), ("autoDeploy", true)])]
    var routes: [JSONObject] = []
    var buckets: [String: String] = [:]
    var visibilityTimeouts: [String: TimeSpan] = [:]
    /// Queues, buckets and buses that are not there.
    var gone: Set<String> = []
    /// Whether the caller may not read queues.
    var hidesQueues = false
    var next = 1
  }

  struct Run: Sendable {
    var contents = Contents()
    var calls: [String] = []
    var mishaps: [Int: Mishap] = [:]
    var isDead = false
    var now = Timestamp(seconds: 1_900_000_000)
    /// When S3 has heard of permissions.
    var permissionsCount: Timestamp?
    /// When those who assume roles have heard of them.
    var rolesCount: Timestamp?
    /// Names in AWS of functions whose policy the caller may not change.
    var closed: Set<String> = []
    /// What another writer does before a call.
    var before: [Int: @Sendable (inout Contents) -> Void] = [:]
  }

  let state = Lock(Run())

  static let account = "123456789012"
  static let scope = EdgeScope(
    project: "shop", function: "orders", functionName: "shop-orders",
    functionARN: "arn:aws:lambda:eu-west-1:123456789012:function:shop-orders", alias: "prod")

  var contents: Contents { state.withLock { $0.contents } }
  var calls: [String] { state.withLock { $0.calls } }

  func change(_ body: (inout Contents) -> Void) { state.withLock { body(&$0.contents) } }

  /// Begins a new run.
  func restart(mishaps: [Int: Mishap] = [:]) {
    state.withLock { run in
      run.calls = []
      run.mishaps = mishaps
      run.isDead = false
      run.before = [:]
    }
  }

  var services: EdgeServices {
    EdgeServices(
      lambda: self, rules: self, schedules: self, topics: self, apis: self, buckets: self, queues: self,
      clock: WorldClock(world: self), serverTime: { self.state.withLock { $0.now } })
  }

  /// One call: it is counted, and goes wrong where a test wants it.
  func call<Answer>(
    _ name: String, _ body: (inout Contents) throws(AWSError) -> Answer
  ) throws(AWSError) -> Answer {
    let outcome = state.withLock { run -> Result<Answer, AWSError> in
      guard !run.isDead else { return .failure(.badConfiguration("this run is dead")) }
      let index = run.calls.count
      run.calls.append(name)
      run.before[index]?(&run.contents)
      if run.mishaps[index] == .death {
        run.isDead = true
        return .failure(.badConfiguration("this run is dead"))
      }
      do throws(AWSError) {
        let answer = try body(&run.contents)
        guard run.mishaps[index] == .lost else { return .success(answer) }
        return .failure(
          .transport(
            operation: name, endpoint: "simulation", origin: nil,
            TransportFailure(kind: .connectionLost, reason: "reset", mayHaveBeenProcessed: true)))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  static func fault(_ status: Int, _ code: String, _ message: String) -> AWSError {
    .service(
      ServiceFault(
        service: .lambda, operation: "", resource: "", endpoint: "simulation", status: status, code: code,
        message: ForeignText(message), requestID: "", isRetryable: false, isHTML: false))
  }

  static let conflict = fault(409, "ResourceConflictException", "it already exists")
  static let forbidden = fault(403, "AccessDenied", "not authorized")
  static let missing = fault(404, "ResourceNotFoundException", "there is none")

  /// An id that was not given before.
  static func id(_ contents: inout Contents, _ prefix: String) -> String {
    contents.next += 1
    return "\(prefix)\(contents.next)"
  }
}

/// A clock that jumps.
struct WorldClock: WallClock {
  let world: World

  func now() -> Timestamp { world.state.withLock { $0.now } }

  func sleep(for span: TimeSpan) async throws {
    try Task.checkCancellation()
    world.state.withLock { $0.now = $0.now + span }
  }
}
