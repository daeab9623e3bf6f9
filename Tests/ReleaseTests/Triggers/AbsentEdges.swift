import AWSClient
import Core
import TestSupport
import Triggers

/// Services of which a test has only what it needs.
protocol AbsentEdges: LambdaEdges, RuleEdges, ScheduleEdges, TopicEdges, RouteEdges, BucketEdges,
  QueueEdges
{}

extension GrantedEdges {
  static let absent = AWSError.badConfiguration("not part of this test")
}

extension AbsentEdges {
  func tag(_ arn: String, _ tags: [String: String]) async throws(AWSError) { throw GrantedEdges.absent }
  func mappings() async throws(AWSError) -> [JSONObject] { throw GrantedEdges.absent }
  func mapping(_ id: String) async throws(AWSError) -> JSONObject? { throw GrantedEdges.absent }
  func createMapping(_ members: JSONObject) async throws(AWSError) -> JSONObject { throw GrantedEdges.absent }
  func updateMapping(_ id: String, _ members: JSONObject) async throws(AWSError) { throw GrantedEdges.absent }
  func deleteMapping(_ id: String) async throws(AWSError) { throw GrantedEdges.absent }
  func url(_ function: String, alias: String?) async throws(AWSError) -> JSONObject? {
    throw GrantedEdges.absent
  }
  func createURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    throw GrantedEdges.absent
  }
  func updateURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    throw GrantedEdges.absent
  }
  func deleteURL(_ function: String, alias: String) async throws(AWSError) { throw GrantedEdges.absent }
  func eventInvoke(_ function: String, alias: String?) async throws(AWSError) -> JSONObject? {
    throw GrantedEdges.absent
  }
  func putEventInvoke(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    throw GrantedEdges.absent
  }
  func deleteEventInvoke(_ function: String, alias: String) async throws(AWSError) {
    throw GrantedEdges.absent
  }
  func provisioned(_ function: String) async throws(AWSError) -> [String: Int] { throw GrantedEdges.absent }
  func untag(_ arn: String, _ keys: [String]) async throws(AWSError) { throw GrantedEdges.absent }
  func ruleNames(calling target: String, bus: String) async throws(AWSError) -> [String] {
    throw GrantedEdges.absent
  }
  func groupTags(_ arn: String) async throws(AWSError) -> [String: String] { throw GrantedEdges.absent }
  func tags(_ arn: String) async throws(AWSError) -> [String: String] { throw GrantedEdges.absent }
  func rule(_ name: String, bus: String) async throws(AWSError) -> JSONObject? { throw GrantedEdges.absent }
  func targets(_ rule: String, bus: String) async throws(AWSError) -> [JSONObject] {
    throw GrantedEdges.absent
  }
  func putRule(_ members: JSONObject) async throws(AWSError) { throw GrantedEdges.absent }
  func putTargets(_ rule: String, bus: String, _ targets: [JSONObject]) async throws(AWSError) {
    throw GrantedEdges.absent
  }
  func removeTargets(_ rule: String, bus: String, ids: [String]) async throws(AWSError) {
    throw GrantedEdges.absent
  }
  func deleteRule(_ name: String, bus: String) async throws(AWSError) { throw GrantedEdges.absent }
  func createGroup(_ name: String) async throws(AWSError) { throw GrantedEdges.absent }
  func schedule(_ name: String, group: String) async throws(AWSError) -> JSONObject? {
    throw GrantedEdges.absent
  }
  func createSchedule(_ name: String, _ members: JSONObject) async throws(AWSError) {
    throw GrantedEdges.absent
  }
  func updateSchedule(_ name: String, _ members: JSONObject) async throws(AWSError) {
    throw GrantedEdges.absent
  }
  func deleteSchedule(_ name: String, group: String) async throws(AWSError) { throw GrantedEdges.absent }
  func subscriptions(_ topic: String) async throws(AWSError) -> [JSONObject] { throw GrantedEdges.absent }
  func attributes(_ subscription: String) async throws(AWSError) -> [String: String]? {
    throw GrantedEdges.absent
  }
  func subscribe(
    _ topic: String, endpoint: String, attributes: [String: String]
  ) async throws(AWSError) -> String { throw GrantedEdges.absent }
  func setAttribute(_ subscription: String, _ name: String, _ value: String?) async throws(AWSError) {
    throw GrantedEdges.absent
  }
  func unsubscribe(_ subscription: String) async throws(AWSError) { throw GrantedEdges.absent }
  func apis() async throws(AWSError) -> [JSONObject] { throw GrantedEdges.absent }
  func routes(_ api: String) async throws(AWSError) -> [JSONObject] { throw GrantedEdges.absent }
  func integrations(_ api: String) async throws(AWSError) -> [JSONObject] { throw GrantedEdges.absent }
  func stages(_ api: String) async throws(AWSError) -> [JSONObject] { throw GrantedEdges.absent }
  func createIntegration(_ api: String, _ members: JSONObject) async throws(AWSError) -> String {
    throw GrantedEdges.absent
  }
  func updateIntegration(_ api: String, _ id: String, _ members: JSONObject) async throws(AWSError) {
    throw GrantedEdges.absent
  }
  func deleteIntegration(_ api: String, _ id: String) async throws(AWSError) { throw GrantedEdges.absent }
  func createRoute(_ api: String, _ members: JSONObject) async throws(AWSError) { throw GrantedEdges.absent }
  func updateRoute(_ api: String, _ id: String, _ members: JSONObject) async throws(AWSError) {
    throw GrantedEdges.absent
  }
  func deleteRoute(_ api: String, _ id: String) async throws(AWSError) { throw GrantedEdges.absent }
  func deploy(_ api: String, stage: String) async throws(AWSError) { throw GrantedEdges.absent }
  func notifications(_ bucket: String, owner: String) async throws(AWSError) -> [UInt8] {
    throw GrantedEdges.absent
  }
  func putNotifications(
    _ bucket: String, owner: String, _ document: [UInt8], skipsValidation: Bool
  ) async throws(AWSError) { throw GrantedEdges.absent }
  func visibilityTimeout(_ queue: String) async throws(AWSError) -> TimeSpan? { throw GrantedEdges.absent }

  /// All services.
  func services(_ world: World) -> EdgeServices {
    EdgeServices(
      lambda: self, rules: self, schedules: self, topics: self, apis: self, buckets: self, queues: self,
      clock: world.clock, serverTime: { world.clock.now() })
  }
}
