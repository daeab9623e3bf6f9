import AWSClient
import Core
import TestSupport
import Triggers

/// The policy of one alias, and the function's tags; nothing else that edges reach is there.
final class GrantedEdges: LambdaEdges, RuleEdges, ScheduleEdges, TopicEdges, RouteEdges, BucketEdges {
  static let absent = AWSError.badConfiguration("not part of this test")

  struct State {
    var statements: [String: JSONObject] = [:]
    var calls: [String] = []
    var fails = false
    var seen: [String] = []
  }

  let state = Lock(State())
  private let connection: Connection
  private let look: @Sendable () -> String

  /// - Parameter look: what the alias says; noted at every write.
  init(_ connection: Connection, look: @escaping @Sendable () -> String) {
    self.connection = connection
    self.look = look
  }

  func statements(_ function: String, alias: String?) async throws(AWSError) -> [JSONObject] {
    state.withLock { state in
      state.calls.append("GetPolicy")
      return state.statements.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  func addPermission(_ function: String, alias: String?, statement: JSONObject) async throws(AWSError) {
    let text = look()
    let fails = state.withLock { state in
      state.calls.append("AddPermission")
      state.seen.append(text)
      guard !state.fails else { return true }
      let sid = statement["StatementId"]?.string ?? ""
      state.statements[sid] = JSONObject([("Sid", .string(sid)), ("Effect", "Allow")])
      return false
    }
    if fails { throw Self.absent }
  }

  func removePermission(_ function: String, alias: String?, sid: String) async throws(AWSError) {
    state.withLock { state in
      state.calls.append("RemovePermission")
      state.statements[sid] = nil
    }
  }

  func tag(_ arn: String, _ tags: [String: String]) async throws(AWSError) {
    state.withLock { $0.calls.append("TagResource") }
    try await connection.tagResource(arn, tags: tags)
  }

  func mappings() async throws(AWSError) -> [JSONObject] { [] }
  func schedules(_ group: String?) async throws(AWSError) -> [JSONObject] { [] }

  func mapping(_ id: String) async throws(AWSError) -> JSONObject? { throw Self.absent }
  func createMapping(_ members: JSONObject) async throws(AWSError) -> JSONObject { throw Self.absent }
  func updateMapping(_ id: String, _ members: JSONObject) async throws(AWSError) { throw Self.absent }
  func deleteMapping(_ id: String) async throws(AWSError) { throw Self.absent }
  func url(_ function: String, alias: String?) async throws(AWSError) -> JSONObject? { throw Self.absent }
  func createURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    throw Self.absent
  }
  func updateURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    throw Self.absent
  }
  func deleteURL(_ function: String, alias: String) async throws(AWSError) { throw Self.absent }
  func eventInvoke(_ function: String, alias: String?) async throws(AWSError) -> JSONObject? {
    throw Self.absent
  }
  func putEventInvoke(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    throw Self.absent
  }
  func deleteEventInvoke(_ function: String, alias: String) async throws(AWSError) { throw Self.absent }
  func provisioned(_ function: String) async throws(AWSError) -> [String: Int] { throw Self.absent }
  func untag(_ arn: String, _ keys: [String]) async throws(AWSError) { throw Self.absent }
  func ruleNames(calling target: String, bus: String) async throws(AWSError) -> [String] {
    throw Self.absent
  }
  func groupTags(_ arn: String) async throws(AWSError) -> [String: String] { throw Self.absent }
  func tags(_ arn: String) async throws(AWSError) -> [String: String] { throw Self.absent }
  func rule(_ name: String, bus: String) async throws(AWSError) -> JSONObject? { throw Self.absent }
  func targets(_ rule: String, bus: String) async throws(AWSError) -> [JSONObject] { throw Self.absent }
  func putRule(_ members: JSONObject) async throws(AWSError) { throw Self.absent }
  func putTargets(_ rule: String, bus: String, _ targets: [JSONObject]) async throws(AWSError) {
    throw Self.absent
  }
  func removeTargets(_ rule: String, bus: String, ids: [String]) async throws(AWSError) { throw Self.absent }
  func deleteRule(_ name: String, bus: String) async throws(AWSError) { throw Self.absent }
  func createGroup(_ name: String) async throws(AWSError) { throw Self.absent }
  func schedule(_ name: String, group: String) async throws(AWSError) -> JSONObject? { throw Self.absent }
  func createSchedule(_ name: String, _ members: JSONObject) async throws(AWSError) { throw Self.absent }
  func updateSchedule(_ name: String, _ members: JSONObject) async throws(AWSError) { throw Self.absent }
  func deleteSchedule(_ name: String, group: String) async throws(AWSError) { throw Self.absent }
  func subscriptions(_ topic: String) async throws(AWSError) -> [JSONObject] { throw Self.absent }
  func attributes(_ subscription: String) async throws(AWSError) -> [String: String]? { throw Self.absent }
  func subscribe(
    _ topic: String, endpoint: String, attributes: [String: String]
  ) async throws(AWSError) -> String { throw Self.absent }
  func setAttribute(_ subscription: String, _ name: String, _ value: String?) async throws(AWSError) {
    throw Self.absent
  }
  func unsubscribe(_ subscription: String) async throws(AWSError) { throw Self.absent }
  func apis() async throws(AWSError) -> [JSONObject] { throw Self.absent }
  func routes(_ api: String) async throws(AWSError) -> [JSONObject] { throw Self.absent }
  func integrations(_ api: String) async throws(AWSError) -> [JSONObject] { throw Self.absent }
  func stages(_ api: String) async throws(AWSError) -> [JSONObject] { throw Self.absent }
  func createIntegration(_ api: String, _ members: JSONObject) async throws(AWSError) -> String {
    throw Self.absent
  }
  func updateIntegration(_ api: String, _ id: String, _ members: JSONObject) async throws(AWSError) {
    throw Self.absent
  }
  func deleteIntegration(_ api: String, _ id: String) async throws(AWSError) { throw Self.absent }
  func createRoute(_ api: String, _ members: JSONObject) async throws(AWSError) { throw Self.absent }
  func updateRoute(_ api: String, _ id: String, _ members: JSONObject) async throws(AWSError) {
    throw Self.absent
  }
  func deleteRoute(_ api: String, _ id: String) async throws(AWSError) { throw Self.absent }
  func deploy(_ api: String, stage: String) async throws(AWSError) { throw Self.absent }
  func notifications(_ bucket: String, owner: String) async throws(AWSError) -> [UInt8] { throw Self.absent }
  func putNotifications(
    _ bucket: String, owner: String, _ document: [UInt8], skipsValidation: Bool
  ) async throws(AWSError) { throw Self.absent }

  /// All services.
  func services(_ world: World) -> EdgeServices {
    EdgeServices(
      lambda: self, rules: self, schedules: self, topics: self, apis: self, buckets: self,
      clock: world.clock, serverTime: { world.clock.now() })
  }
}
