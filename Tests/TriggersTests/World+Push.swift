import AWSClient
import Core

@testable import Triggers

extension World: RuleEdges {
  func rule(_ name: String, bus: String) async throws(AWSError) -> JSONObject? {
    try call("DescribeRule") { contents throws(AWSError) in
      guard !contents.gone.contains(bus) else {
        throw World.fault(400, "ResourceNotFoundException", "Event bus \(bus) does not exist.")
      }
      return contents.rules["\(bus)/\(name)"]
    }
  }

  func targets(_ rule: String, bus: String) async throws(AWSError) -> [JSONObject] {
    try call("ListTargetsByRule") { contents throws(AWSError) in contents.targets["\(bus)/\(rule)"] ?? [] }
  }

  func putRule(_ members: JSONObject) async throws(AWSError) {
    try call("PutRule") { contents throws(AWSError) in
      let (name, bus) = (members["Name"]?.string ?? "", members["EventBusName"]?.string ?? "")
      if contents.rules["\(bus)/\(name)"] == nil {
        let arn = RuleEdgeKind.arn(name, bus: bus, in: World.scope)
        let tags = members["Tags"]?.array ?? []
        contents.tags[arn] = Dictionary(
          tags.map { ($0["Key"]?.string ?? "", $0["Value"]?.string ?? "") }
        ) { $1 }
      }
      contents.rules["\(bus)/\(name)"] = members.without(["Tags"])
    }
  }

  func putTargets(_ rule: String, bus: String, _ targets: [JSONObject]) async throws(AWSError) {
    try call("PutTargets") { contents throws(AWSError) in
      guard contents.rules["\(bus)/\(rule)"] != nil else { throw World.missing }
      let ids = Set(targets.map { $0["Id"] })
      contents.targets["\(bus)/\(rule)", default: []].removeAll { ids.contains($0["Id"]) }
      contents.targets["\(bus)/\(rule)", default: []] += targets
    }
  }

  func removeTargets(_ rule: String, bus: String, ids: [String]) async throws(AWSError) {
    try call("RemoveTargets") { contents throws(AWSError) in
      contents.targets["\(bus)/\(rule)"]?.removeAll { ids.contains($0["Id"]?.string ?? "") }
    }
  }

  func deleteRule(_ name: String, bus: String) async throws(AWSError) {
    try call("DeleteRule") { contents throws(AWSError) in
      guard contents.targets["\(bus)/\(name)"]?.isEmpty ?? true else { throw World.conflict }
      contents.rules["\(bus)/\(name)"] = nil
    }
  }
}

extension World {
  func ruleNames(calling target: String, bus: String) async throws(AWSError) -> [String] {
    try call("ListRuleNamesByTarget") { contents throws(AWSError) in
      contents.targets.filter { key, targets in
        key.hasPrefix("\(bus)/") && targets.contains { $0["Arn"]?.string == target }
      }.map { String($0.key.dropFirst(bus.count + 1)) }.sorted()
    }
  }
}

extension World {
  /// Whether a role can be assumed by now.
  var isRoleHeard: Bool { state.withLock { run in run.rolesCount.map { $0 <= run.now } ?? true } }
}

extension World: ScheduleEdges {
  func createGroup(_ name: String) async throws(AWSError) {
    try call("CreateScheduleGroup") { contents throws(AWSError) in _ = contents.groups.insert(name) }
  }

  func schedules(_ group: String?) async throws(AWSError) -> [JSONObject] {
    try call("ListSchedules") { contents throws(AWSError) in
      contents.schedules.filter { group == nil || $0.key.hasPrefix("\(group ?? "")/") }
        .sorted { $0.key < $1.key }.map { key, schedule in
          let parts = key.split(separator: "/", maxSplits: 1).map(String.init)
          return JSONObject([
            ("Name", .string(parts[1])), ("GroupName", .string(parts[0])),
            ("Target", ["Arn": schedule["Target"]?["Arn"] ?? .null]),
          ])
        }
    }
  }

  func groupTags(_ arn: String) async throws(AWSError) -> [String: String] {
    try call("ListTagsForResource") { contents throws(AWSError) in contents.tags[arn] ?? [:] }
  }

  func schedule(_ name: String, group: String) async throws(AWSError) -> JSONObject? {
    try call("GetSchedule") { contents throws(AWSError) in contents.schedules["\(group)/\(name)"] }
  }

  func createSchedule(_ name: String, _ members: JSONObject) async throws(AWSError) {
    let isHeard = isRoleHeard
    try call("CreateSchedule") { contents throws(AWSError) in
      guard isHeard else {
        throw World.fault(
          400, "ValidationException",
          "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")
      }
      let group = members["GroupName"]?.string ?? ""
      guard contents.groups.contains(group) else { throw World.missing }
      guard contents.schedules["\(group)/\(name)"] == nil else { throw World.conflict }
      contents.schedules["\(group)/\(name)"] = members
    }
  }

  func updateSchedule(_ name: String, _ members: JSONObject) async throws(AWSError) {
    try call("UpdateSchedule") { contents throws(AWSError) in
      let key = "\(members["GroupName"]?.string ?? "")/\(name)"
      guard contents.schedules[key] != nil else { throw World.missing }
      contents.schedules[key] = members
    }
  }

  func deleteSchedule(_ name: String, group: String) async throws(AWSError) {
    try call("DeleteSchedule") { contents throws(AWSError) in contents.schedules["\(group)/\(name)"] = nil }
  }
}

extension World: TopicEdges {
  func subscriptions(_ topic: String) async throws(AWSError) -> [JSONObject] {
    try call("ListSubscriptionsByTopic") { contents throws(AWSError) in
      guard !contents.goneTopics.contains(topic) else { throw World.missing }
      guard !contents.hiddenTopics.contains(topic) else { throw World.forbidden }
      return contents.subscriptions.filter { $0["TopicArn"]?.string == topic }.map { item in
        var item = item
        let attributes = contents.attributes[item["SubscriptionArn"]?.string ?? ""]
        if attributes?["PendingConfirmation"] == "true" { item["SubscriptionArn"] = "PendingConfirmation" }
        return item
      }
    }
  }

  func attributes(_ subscription: String) async throws(AWSError) -> [String: String]? {
    try call("GetSubscriptionAttributes") { contents throws(AWSError) in
      guard subscription.hasPrefix("arn:") else {
        throw World.fault(400, "InvalidParameter", "Invalid parameter: SubscriptionArn")
      }
      return contents.attributes[subscription]?.filter {
        // A scope without a filter is not shown.
        $0.key != "FilterPolicyScope" || contents.attributes[subscription]?["FilterPolicy"] != nil
      }
    }
  }

  func subscribe(
    _ topic: String, endpoint: String, attributes: [String: String]
  ) async throws(AWSError) -> String {
    try call("Subscribe") { contents throws(AWSError) in
      let present = contents.subscriptions.first {
        $0["TopicArn"]?.string == topic && $0["Endpoint"]?.string == endpoint
      }
      if let arn = present?["SubscriptionArn"]?.string { return arn }
      let arn = "\(topic):\(World.id(&contents, "sub-"))"
      contents.subscriptions.append(
        JSONObject([
          ("SubscriptionArn", .string(arn)), ("Protocol", "lambda"), ("Endpoint", .string(endpoint)),
          ("TopicArn", .string(topic)),
        ]))
      contents.attributes[arn] = attributes
      if contents.guardedTopics.contains(topic) { contents.attributes[arn]?["PendingConfirmation"] = "true" }
      return arn
    }
  }

  func setAttribute(_ subscription: String, _ name: String, _ value: String?) async throws(AWSError) {
    try call("SetSubscriptionAttributes") { contents throws(AWSError) in
      var attributes = contents.attributes[subscription] ?? [:]
      attributes[name] = value
      let policy = attributes["FilterPolicy"].flatMap { try? JSON(parsing: $0) }?.object
      let isNested = policy?.members.contains { $0.value.object != nil } ?? false
      guard !isNested || attributes["FilterPolicyScope"] == "MessageBody" else {
        throw World.fault(400, "InvalidParameter", "FilterPolicy: filter policy scope MessageAttributes")
      }
      contents.attributes[subscription] = attributes
    }
  }

  func unsubscribe(_ subscription: String) async throws(AWSError) {
    try call("Unsubscribe") { contents throws(AWSError) in
      contents.subscriptions.removeAll { $0["SubscriptionArn"]?.string == subscription }
      contents.attributes[subscription] = nil
    }
  }
}

extension World: RouteEdges {
  func apis() async throws(AWSError) -> [JSONObject] {
    try call("GetApis") { contents throws(AWSError) in contents.apis }
  }

  func routes(_ api: String) async throws(AWSError) -> [JSONObject] {
    try call("GetRoutes") { contents throws(AWSError) in contents.routes }
  }

  func integrations(_ api: String) async throws(AWSError) -> [JSONObject] {
    try call("GetIntegrations") { contents throws(AWSError) in contents.integrations }
  }

  func stages(_ api: String) async throws(AWSError) -> [JSONObject] {
    try call("GetStages") { contents throws(AWSError) in contents.stages }
  }

  func createIntegration(_ api: String, _ members: JSONObject) async throws(AWSError) -> String {
    try call("CreateIntegration") { contents throws(AWSError) in
      let id = World.id(&contents, "int-")
      contents.integrations.append(members.merging(JSONObject([("integrationId", .string(id))])))
      return id
    }
  }

  func updateIntegration(_ api: String, _ id: String, _ members: JSONObject) async throws(AWSError) {
    try call("UpdateIntegration") { contents throws(AWSError) in
      for index in contents.integrations.indices
      where contents.integrations[index]["integrationId"]?.string == id {
        contents.integrations[index] = contents.integrations[index].replacing(members)
      }
    }
  }

  func deleteIntegration(_ api: String, _ id: String) async throws(AWSError) {
    try call("DeleteIntegration") { contents throws(AWSError) in
      contents.integrations.removeAll { $0["integrationId"]?.string == id }
    }
  }

  func createRoute(_ api: String, _ members: JSONObject) async throws(AWSError) {
    try call("CreateRoute") { contents throws(AWSError) in
      guard !contents.routes.contains(where: { $0["routeKey"] == members["routeKey"] }) else {
        throw World.conflict
      }
      let id = World.id(&contents, "route-")
      contents.routes.append(members.merging(JSONObject([("routeId", .string(id))])))
    }
  }

  func updateRoute(_ api: String, _ id: String, _ members: JSONObject) async throws(AWSError) {
    try call("UpdateRoute") { contents throws(AWSError) in
      for index in contents.routes.indices where contents.routes[index]["routeId"]?.string == id {
        contents.routes[index] = contents.routes[index].replacing(members)
      }
    }
  }

  func deleteRoute(_ api: String, _ id: String) async throws(AWSError) {
    try call("DeleteRoute") { contents throws(AWSError) in
      contents.routes.removeAll { $0["routeId"]?.string == id }
    }
  }

  func deploy(_ api: String, stage: String) async throws(AWSError) {
    let now = state.withLock { $0.now }
    try call("CreateDeployment") { contents throws(AWSError) in
      for index in contents.stages.indices where contents.stages[index]["stageName"]?.string == stage {
        contents.stages[index]["lastUpdatedDate"] = .string(now.iso8601)
      }
    }
  }
}

extension World: BucketEdges {
  static let empty =
    #"<?xml version="1.0" encoding="UTF-8"?><NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>"#

  func notifications(_ bucket: String, owner: String) async throws(AWSError) -> [UInt8] {
    try call("GetBucketNotificationConfiguration") { contents throws(AWSError) in
      guard !contents.closedBuckets.contains(bucket) else { throw World.forbidden }
      guard !contents.gone.contains(bucket) else {
        throw World.fault(404, "NoSuchBucket", "The specified bucket does not exist")
      }
      return Array((contents.buckets[bucket] ?? World.empty).utf8)
    }
  }

  func putNotifications(
    _ bucket: String, owner: String, _ document: [UInt8], skipsValidation: Bool
  ) async throws(AWSError) {
    let isHeard = state.withLock { run in run.permissionsCount.map { $0 <= run.now } ?? true }
    try call("PutBucketNotificationConfiguration") { contents throws(AWSError) in
      let hasPermission = contents.statements.values.contains {
        $0["Principal"]?["Service"] == "s3.amazonaws.com"
      }
      let isOurs = String(decoding: document, as: UTF8.self).contains(World.scope.aliasARN)
      guard isHeard, hasPermission || !isOurs else {
        throw World.fault(
          400, "InvalidArgument", "Unable to validate the following destination configurations")
      }
      contents.buckets[bucket] = String(decoding: document, as: UTF8.self)
    }
  }
}

extension World: QueueEdges {
  func visibilityTimeout(_ queue: String) async throws(AWSError) -> TimeSpan? {
    try call("GetQueueAttributes") { contents throws(AWSError) in
      guard !contents.hidesQueues else { throw World.fault(403, "AccessDeniedException", "not authorized") }
      return contents.gone.contains(queue) ? nil : contents.visibilityTimeouts[queue] ?? .minutes(15)
    }
  }
}
