package import AWSClient
package import Core

/// The calls of Lambda by which edges are read and written. Members have the API's names.
package protocol LambdaEdges: Sendable {
  /// The statements of the policy of an alias, or with nil of the bare function; none where it has no policy.
  func statements(_ function: String, alias: String?) async throws(AWSError) -> [JSONObject]
  /// Adds a statement to the policy of an alias, or with nil of the bare function; one of its id is a conflict.
  func addPermission(_ function: String, alias: String?, statement: JSONObject) async throws(AWSError)
  /// Takes a statement away; one that is gone is no error.
  func removePermission(_ function: String, alias: String?, sid: String) async throws(AWSError)
  /// All mappings of the account and region.
  func mappings() async throws(AWSError) -> [JSONObject]
  /// One mapping; nil where there is none.
  func mapping(_ id: String) async throws(AWSError) -> JSONObject?
  /// Makes a mapping; one for the same source and function is a conflict.
  func createMapping(_ members: JSONObject) async throws(AWSError) -> JSONObject
  /// Changes members of a mapping.
  func updateMapping(_ id: String, _ members: JSONObject) async throws(AWSError)
  /// Takes a mapping away; one that is gone is no error.
  func deleteMapping(_ id: String) async throws(AWSError)
  /// The URL of an alias, or with nil of the bare function; nil where it has none.
  func url(_ function: String, alias: String?) async throws(AWSError) -> JSONObject?
  /// Gives an alias a URL.
  func createURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError)
  /// Changes members of an alias's URL.
  func updateURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError)
  /// Takes an alias's URL away for good.
  func deleteURL(_ function: String, alias: String) async throws(AWSError)
  /// What becomes of an alias's events, or with nil of the bare function's; nil where nothing is set.
  func eventInvoke(_ function: String, alias: String?) async throws(AWSError) -> JSONObject?
  /// Sets what becomes of an alias's events, all of it.
  func putEventInvoke(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError)
  /// Leaves an alias's events to Lambda's own rules.
  func deleteEventInvoke(_ function: String, alias: String) async throws(AWSError)
  /// How many instances are kept ready for versions and aliases of a function, by their ARNs.
  func provisioned(_ function: String) async throws(AWSError) -> [String: Int]
  /// The tags of a function or mapping.
  func tags(_ arn: String) async throws(AWSError) -> [String: String]
  /// Sets tags of a function or mapping; others stay.
  func tag(_ arn: String, _ tags: [String: String]) async throws(AWSError)
  /// Takes tags of a function or mapping away; those that are gone are no error.
  func untag(_ arn: String, _ keys: [String]) async throws(AWSError)
}

/// The calls of EventBridge.
package protocol RuleEdges: Sendable {
  /// A rule; nil where there is none. That there is no such bus is an error.
  func rule(_ name: String, bus: String) async throws(AWSError) -> JSONObject?
  /// The targets of a rule.
  func targets(_ rule: String, bus: String) async throws(AWSError) -> [JSONObject]
  /// Makes or replaces a rule as a whole; `Tags` count at its birth only.
  func putRule(_ members: JSONObject) async throws(AWSError)
  /// Sets targets; that some of them are refused is an error too.
  func putTargets(_ rule: String, bus: String, _ targets: [JSONObject]) async throws(AWSError)
  /// Takes targets away; that some of them stay is an error too.
  func removeTargets(_ rule: String, bus: String, ids: [String]) async throws(AWSError)
  /// Takes a rule without targets away; one that is gone is no error.
  func deleteRule(_ name: String, bus: String) async throws(AWSError)
  /// The names of the rules of a bus that call this very ARN.
  func ruleNames(calling target: String, bus: String) async throws(AWSError) -> [String]
  /// The tags of a rule.
  func tags(_ arn: String) async throws(AWSError) -> [String: String]
}

/// The calls of EventBridge Scheduler.
package protocol ScheduleEdges: Sendable {
  /// Makes a group; one that is there is no error.
  func createGroup(_ name: String) async throws(AWSError)
  /// Names, groups and targets of the schedules of a group, or with nil of all; none where there is no such group.
  func schedules(_ group: String?) async throws(AWSError) -> [JSONObject]
  /// A schedule; nil where there is none.
  func schedule(_ name: String, group: String) async throws(AWSError) -> JSONObject?
  /// Makes a schedule; one of its name is a conflict.
  func createSchedule(_ name: String, _ members: JSONObject) async throws(AWSError)
  /// Replaces a schedule as a whole.
  func updateSchedule(_ name: String, _ members: JSONObject) async throws(AWSError)
  /// Takes a schedule away; one that is gone is no error.
  func deleteSchedule(_ name: String, group: String) async throws(AWSError)
  /// The tags of a group: schedules themselves have none.
  func groupTags(_ arn: String) async throws(AWSError) -> [String: String]
}

/// The calls of SNS.
package protocol TopicEdges: Sendable {
  /// The subscriptions of a topic, with `SubscriptionArn`, `Protocol` and `Endpoint`.
  func subscriptions(_ topic: String) async throws(AWSError) -> [JSONObject]
  /// The attributes of a subscription; nil where there is none.
  func attributes(_ subscription: String) async throws(AWSError) -> [String: String]?
  /// Subscribes an alias.
  ///
  /// - Returns: the subscription's ARN.
  func subscribe(
    _ topic: String, endpoint: String, attributes: [String: String]
  ) async throws(AWSError) -> String
  /// Sets one attribute; nil clears it.
  func setAttribute(_ subscription: String, _ name: String, _ value: String?) async throws(AWSError)
  /// Ends a subscription; one that is gone is no error.
  func unsubscribe(_ subscription: String) async throws(AWSError)
}

/// The calls of API Gateway, for HTTP APIs.
package protocol RouteEdges: Sendable {
  /// All APIs.
  func apis() async throws(AWSError) -> [JSONObject]
  /// The routes of an API.
  func routes(_ api: String) async throws(AWSError) -> [JSONObject]
  /// The integrations of an API.
  func integrations(_ api: String) async throws(AWSError) -> [JSONObject]
  /// The stages of an API.
  func stages(_ api: String) async throws(AWSError) -> [JSONObject]
  /// Makes an integration.
  ///
  /// - Returns: its id.
  func createIntegration(_ api: String, _ members: JSONObject) async throws(AWSError) -> String
  /// Changes members of an integration.
  func updateIntegration(_ api: String, _ id: String, _ members: JSONObject) async throws(AWSError)
  /// Takes an integration away; one that is gone is no error.
  func deleteIntegration(_ api: String, _ id: String) async throws(AWSError)
  /// Makes a route; one of its key is a conflict.
  func createRoute(_ api: String, _ members: JSONObject) async throws(AWSError)
  /// Changes members of a route.
  func updateRoute(_ api: String, _ id: String, _ members: JSONObject) async throws(AWSError)
  /// Takes a route away; one that is gone is no error.
  func deleteRoute(_ api: String, _ id: String) async throws(AWSError)
  /// Publishes all pending edits at a stage.
  func deploy(_ api: String, stage: String) async throws(AWSError)
}

/// The calls of S3.
package protocol BucketEdges: Sendable {
  /// What a bucket tells, byte for byte as it came.
  func notifications(_ bucket: String, owner: String) async throws(AWSError) -> [UInt8]
  /// Replaces all that a bucket tells.
  func putNotifications(
    _ bucket: String, owner: String, _ document: [UInt8], skipsValidation: Bool
  ) async throws(AWSError)
}

/// The calls of SQS.
package protocol QueueEdges: Sendable {
  /// How long a message that was received stays hidden from others; nil where there is no such queue.
  ///
  /// - Parameter queue: the queue's ARN.
  func visibilityTimeout(_ queue: String) async throws(AWSError) -> TimeSpan?
}

/// What edges need of the world.
package struct EdgeServices: Sendable {
  /// Lambda.
  package let lambda: any LambdaEdges
  /// EventBridge.
  package let rules: any RuleEdges
  /// EventBridge Scheduler.
  package let schedules: any ScheduleEdges
  /// SNS.
  package let topics: any TopicEdges
  /// API Gateway.
  package let apis: any RouteEdges
  /// S3.
  package let buckets: any BucketEdges
  /// SQS.
  package let queues: any QueueEdges
  /// Where waits come from.
  package let clock: any WallClock
  /// AWS's time.
  package let serverTime: @Sendable () -> Timestamp
  /// How a source comes into being that is not there, for advice.
  package var making = "make it"

  /// Joins the services.
  package init(
    lambda: any LambdaEdges, rules: any RuleEdges, schedules: any ScheduleEdges, topics: any TopicEdges,
    apis: any RouteEdges, buckets: any BucketEdges, queues: any QueueEdges, clock: any WallClock,
    serverTime: @escaping @Sendable () -> Timestamp
  ) {
    self.lambda = lambda
    self.rules = rules
    self.schedules = schedules
    self.topics = topics
    self.apis = apis
    self.buckets = buckets
    self.queues = queues
    self.clock = clock
    self.serverTime = serverTime
  }
}
