internal import AWSClient
internal import Core

/// What is known of one function before a kind looks for its edges.
struct EdgeLook: Sendable {
  let scope: EdgeScope
  /// The triggers of the kind that are wanted.
  let wanted: [Trigger]
  /// Our statements of the kind in the alias's policy.
  let placed: [PlacedStatement]
  /// Whether the last run kept edges of the kind; true where no tag tells.
  let mayBeThere: Bool
  /// Whether the last run's tag names the kind.
  let isRecorded: Bool
  /// When statements of what is gone may go, by the last run's tag.
  var removals: Timestamp?
  let readings: Readings

  var services: EdgeServices { readings.services }

  /// How long a permission stays at most after its edge is gone, as deliveries may be under way.
  static let longestDelay = TimeSpan.minutes(15)

  /// Runs calls of AWS for a trigger.
  func reading<Answer>(
    _ trigger: String? = nil, _ body: () async throws(AWSError) -> Answer
  ) async throws(EdgeError) -> Answer {
    do throws(AWSError) {
      return try await body()
    } catch {
      throw EdgeError(scope, trigger, error)
    }
  }
}

/// What a kind has found, and what would make it right.
struct EdgeFindings: Sendable {
  var steps: [EdgeStep] = []
  /// The permissions that the wanted triggers need.
  var statements: [Statement] = []
  var foreign: [ForeignEdge] = []
  /// The ids of our statements that stay although nobody wants them any more: something may still call by them.
  var held: Set<String> = []
  /// What keeps all of it from being written.
  var obstacles: [EdgeError] = []
  /// The entries that buckets are to have, by bucket; empty lists for buckets that ours are to go from.
  var entries: [String: [NotificationEntry]] = [:]
}

/// One kind of edge: how it is found, compared and changed.
protocol EdgeKind: Sendable {
  var kind: TriggerKind { get }
  /// Reads what is there and compares. It writes nothing.
  func find(_ look: EdgeLook) async throws(EdgeError) -> EdgeFindings
}

enum EdgeKinds {
  /// All kinds but events that nobody waits for, which is no trigger.
  static let all: [any EdgeKind] = [
    FunctionURLEdges(), HTTPAPIEdges(), NotificationEdges(), RuleEdgeKind(), ScheduleEdgeKind(),
    MappingEdges(), TopicEdgeKind(), GrantEdges(),
  ]
}

/// What functions share, read once a run.
actor Readings {
  nonisolated let services: EdgeServices
  /// The ARNs of the functions of this project that are looked at together.
  nonisolated let functions: Set<String>
  private var mappings: Task<Result<[JSONObject], AWSError>, Never>?
  private var apis: Task<Result<[JSONObject], AWSError>, Never>?
  private var queues: [String: Task<Result<TimeSpan?, AWSError>, Never>] = [:]
  private var parts: [String: Task<Result<[JSONObject], AWSError>, Never>] = [:]

  init(_ services: EdgeServices, functions: Set<String> = []) {
    self.services = services
    self.functions = functions
  }

  /// All mappings.
  func allMappings() async throws(AWSError) -> [JSONObject] {
    let lambda = services.lambda
    let task = mappings ?? Self.task { () async throws(AWSError) in try await lambda.mappings() }
    mappings = task
    return try await task.value.get()
  }

  /// All APIs.
  func allAPIs() async throws(AWSError) -> [JSONObject] {
    let port = services.apis
    let task = apis ?? Self.task { () async throws(AWSError) in try await port.apis() }
    apis = task
    return try await task.value.get()
  }

  /// How long a queue hides a message that was received; nil where there is no such queue.
  func visibilityTimeout(_ queue: String) async throws(AWSError) -> TimeSpan? {
    let port = services.queues
    let task =
      queues[queue] ?? Self.task { () async throws(AWSError) in try await port.visibilityTimeout(queue) }
    queues[queue] = task
    return try await task.value.get()
  }

  /// Anything else, under a name of its own.
  func once(
    _ key: String, _ read: @escaping @Sendable () async throws(AWSError) -> [JSONObject]
  ) async throws(AWSError) -> [JSONObject] {
    let task = parts[key] ?? Self.task(read)
    parts[key] = task
    return try await task.value.get()
  }

  private static func task<Answer: Sendable>(
    _ read: @escaping @Sendable () async throws(AWSError) -> Answer
  ) -> Task<Result<Answer, AWSError>, Never> {
    Task {
      do throws(AWSError) { return .success(try await read()) } catch { return .failure(error) }
    }
  }
}
