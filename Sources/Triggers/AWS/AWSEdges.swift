package import AWSClient
package import Core

extension EdgeServices {
  /// The services of an account.
  package init(_ aws: AWS, clock: any WallClock, serverTime: @escaping @Sendable () -> Timestamp) {
    self.init(
      lambda: AWSLambdaEdges(client: aws.lambda), rules: AWSRuleEdges(client: aws.eventBridge),
      schedules: AWSScheduleEdges(client: aws.scheduler), topics: AWSTopicEdges(client: aws.sns),
      apis: AWSRouteEdges(client: aws.apiGateway), buckets: AWSBucketEdges(client: aws.s3),
      queues: AWSQueueEdges(client: aws.sqs), clock: clock, serverTime: serverTime)
  }
}

struct AWSLambdaEdges: LambdaEdges {
  let client: LambdaClient

  func statements(_ function: String, alias: String?) async throws(AWSError) -> [JSONObject] {
    try await client.getPolicy(function, qualifier: alias)?.statements.map(\.members) ?? []
  }

  func addPermission(_ function: String, alias: String?, statement: JSONObject) async throws(AWSError) {
    try await client.addPermission(function, qualifier: alias, statement: statement)
  }

  func removePermission(_ function: String, alias: String?, sid: String) async throws(AWSError) {
    try await client.removePermission(function, statementID: sid, qualifier: alias)
  }

  func mappings() async throws(AWSError) -> [JSONObject] {
    try await client.listAllEventSourceMappings().map(\.members)
  }

  func mapping(_ id: String) async throws(AWSError) -> JSONObject? {
    try await client.getEventSourceMapping(id)?.members
  }

  func createMapping(_ members: JSONObject) async throws(AWSError) -> JSONObject {
    try await client.createEventSourceMapping(members).members
  }

  func updateMapping(_ id: String, _ members: JSONObject) async throws(AWSError) {
    _ = try await client.updateEventSourceMapping(id, changes: members)
  }

  func deleteMapping(_ id: String) async throws(AWSError) {
    try await client.deleteEventSourceMapping(id)
  }

  func url(_ function: String, alias: String?) async throws(AWSError) -> JSONObject? {
    try await client.getFunctionURL(function, qualifier: alias)?.members
  }

  func createURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    _ = try await client.createFunctionURLConfig(function, qualifier: alias, configuration: members)
  }

  func updateURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    _ = try await client.updateFunctionURLConfig(function, qualifier: alias, changes: members)
  }

  func deleteURL(_ function: String, alias: String) async throws(AWSError) {
    try await client.deleteFunctionURLConfig(function, qualifier: alias)
  }

  func eventInvoke(_ function: String, alias: String?) async throws(AWSError) -> JSONObject? {
    try await client.getFunctionEventInvokeConfig(function, qualifier: alias)?.members
  }

  func putEventInvoke(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    _ = try await client.putFunctionEventInvokeConfig(function, qualifier: alias, configuration: members)
  }

  func deleteEventInvoke(_ function: String, alias: String) async throws(AWSError) {
    try await client.deleteFunctionEventInvokeConfig(function, qualifier: alias)
  }

  func provisioned(_ function: String) async throws(AWSError) -> [String: Int] {
    let all = try await client.listProvisionedConcurrencyConfigs(function)
    return Dictionary(all.compactMap { one in one.functionARN.map { ($0, one.requested) } }) { $1 }
  }

  func tags(_ arn: String) async throws(AWSError) -> [String: String] { try await client.listTags(arn) }

  func tag(_ arn: String, _ tags: [String: String]) async throws(AWSError) {
    try await client.tagResource(arn, tags: tags)
  }

  func untag(_ arn: String, _ keys: [String]) async throws(AWSError) {
    try await client.untagResource(arn, keys: keys)
  }
}

struct AWSRuleEdges: RuleEdges {
  let client: EventBridgeClient

  func rule(_ name: String, bus: String) async throws(AWSError) -> JSONObject? {
    try await client.describeRule(name, bus: bus)
  }

  func targets(_ rule: String, bus: String) async throws(AWSError) -> [JSONObject] {
    try await client.listTargetsByRule(rule, bus: bus) ?? []
  }

  func putRule(_ members: JSONObject) async throws(AWSError) {
    try await client.putRule(
      members["Name"]?.string ?? "", bus: members["EventBusName"]?.string,
      settings: members.without(["Name", "EventBusName"]))
  }

  func putTargets(_ rule: String, bus: String, _ targets: [JSONObject]) async throws(AWSError) {
    try await client.putTargets(rule: rule, bus: bus, targets: targets)
  }

  func removeTargets(_ rule: String, bus: String, ids: [String]) async throws(AWSError) {
    do throws(AWSError) {
      try await client.removeTargets(rule: rule, bus: bus, ids: ids)
    } catch {
      if !error.isNotFound { throw error }
    }
  }

  func deleteRule(_ name: String, bus: String) async throws(AWSError) {
    try await client.deleteRule(name, bus: bus)
  }

  func ruleNames(calling target: String, bus: String) async throws(AWSError) -> [String] {
    try await client.listRuleNamesByTarget(target, bus: bus)
  }

  func tags(_ arn: String) async throws(AWSError) -> [String: String] { try await client.listTags(arn) }
}

struct AWSScheduleEdges: ScheduleEdges {
  let client: SchedulerClient

  func createGroup(_ name: String) async throws(AWSError) { try await client.createScheduleGroup(name) }

  func schedules(_ group: String?) async throws(AWSError) -> [JSONObject] {
    try await client.listSchedules(group: group).map {
      JSONObject([
        ("Name", .string($0.name)), ("GroupName", .string($0.group)),
        ("Target", ["Arn": .string($0.targetARN)]),
      ])
    }
  }

  func schedule(_ name: String, group: String) async throws(AWSError) -> JSONObject? {
    try await client.scheduleSettings(name, group: group)
  }

  func createSchedule(_ name: String, _ members: JSONObject) async throws(AWSError) {
    try await client.createSchedule(
      name, group: members["GroupName"]?.string, settings: members.without(["GroupName"]))
  }

  func updateSchedule(_ name: String, _ members: JSONObject) async throws(AWSError) {
    try await client.updateSchedule(
      name, group: members["GroupName"]?.string, settings: members.without(["GroupName"]))
  }

  func deleteSchedule(_ name: String, group: String) async throws(AWSError) {
    try await client.deleteSchedule(name: name, group: group)
  }

  func groupTags(_ arn: String) async throws(AWSError) -> [String: String] { try await client.listTags(arn) }
}

struct AWSTopicEdges: TopicEdges {
  let client: SNSClient

  func subscriptions(_ topic: String) async throws(AWSError) -> [JSONObject] {
    try await client.listSubscriptionsByTopic(topic).map {
      JSONObject([
        ("SubscriptionArn", .string($0.arn)), ("Protocol", .string($0.protocolName)),
        ("Endpoint", .string($0.endpoint)),
      ])
    }
  }

  func attributes(_ subscription: String) async throws(AWSError) -> [String: String]? {
    try await client.getSubscriptionAttributes(subscription)
  }

  func subscribe(
    _ topic: String, endpoint: String, attributes: [String: String]
  ) async throws(AWSError) -> String {
    try await client.subscribe(
      topic: topic, protocolName: "lambda", endpoint: endpoint, attributes: attributes)
  }

  func setAttribute(_ subscription: String, _ name: String, _ value: String?) async throws(AWSError) {
    try await client.setSubscriptionAttributes(subscription, name: name, value: value)
  }

  func unsubscribe(_ subscription: String) async throws(AWSError) {
    try await client.unsubscribe(subscription)
  }
}

struct AWSRouteEdges: RouteEdges {
  let client: APIGatewayClient

  func apis() async throws(AWSError) -> [JSONObject] { try await client.getAPIs().map(\.members) }

  func routes(_ api: String) async throws(AWSError) -> [JSONObject] {
    try await client.getRoutes(api).map(\.members)
  }

  func integrations(_ api: String) async throws(AWSError) -> [JSONObject] {
    try await client.getIntegrations(api).map(\.members)
  }

  func stages(_ api: String) async throws(AWSError) -> [JSONObject] {
    try await client.getStages(api).map(\.members)
  }

  func createIntegration(_ api: String, _ members: JSONObject) async throws(AWSError) -> String {
    try await client.createIntegration(api, integration: members).integrationID
  }

  func updateIntegration(_ api: String, _ id: String, _ members: JSONObject) async throws(AWSError) {
    _ = try await client.updateIntegration(api, integrationID: id, changes: members)
  }

  func deleteIntegration(_ api: String, _ id: String) async throws(AWSError) {
    try await client.deleteIntegration(api, integrationID: id)
  }

  func createRoute(_ api: String, _ members: JSONObject) async throws(AWSError) {
    _ = try await client.createRoute(api, route: members)
  }

  func updateRoute(_ api: String, _ id: String, _ members: JSONObject) async throws(AWSError) {
    _ = try await client.updateRoute(api, routeID: id, changes: members)
  }

  func deleteRoute(_ api: String, _ id: String) async throws(AWSError) {
    try await client.deleteRoute(api, routeID: id)
  }

  func deploy(_ api: String, stage: String) async throws(AWSError) {
    try await client.createDeployment(api, stage: stage)
  }
}

struct AWSBucketEdges: BucketEdges {
  let client: S3Client

  func notifications(_ bucket: String, owner: String) async throws(AWSError) -> [UInt8] {
    try await client.getBucketNotificationConfiguration(bucket: bucket, expectedOwner: owner)
  }

  func putNotifications(
    _ bucket: String, owner: String, _ document: [UInt8], skipsValidation: Bool
  ) async throws(AWSError) {
    try await client.putBucketNotificationConfiguration(
      document, bucket: bucket, expectedOwner: owner, skipsDestinationValidation: skipsValidation)
  }
}

struct AWSQueueEdges: QueueEdges {
  let client: SQSClient

  func visibilityTimeout(_ queue: String) async throws(AWSError) -> TimeSpan? {
    // arn:aws:sqs:eu-west-1:123456789012:jobs
    let parts = queue.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6, let url = try await client.getQueueURL(name: parts[5], account: parts[4]),
      let attributes = try await client.getQueueAttributes(url: url, names: ["VisibilityTimeout"])
    else { return nil }
    return attributes["VisibilityTimeout"].flatMap(Int.init).map { .seconds(Double($0)) }
  }
}
