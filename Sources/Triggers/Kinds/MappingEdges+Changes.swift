internal import AWSClient
internal import Core

/// What an event source mapping has beside what a trigger states goes, where Lambda has a call for that.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
extension MappingEdges {
  /// Members that are set at birth and never again.
  private static let immutable: Set<String> = [
    "EventSourceArn", "SelfManagedEventSource", "Topics", "Queues", "StartingPosition",
    "StartingPositionTimestamp",
  ]

  /// What clears a member that is not stated any more.
  private static let cleared: [(String, JSON)] = [
    ("FilterCriteria", .object(JSONObject())), ("ScalingConfig", .object(JSONObject())),
    ("DestinationConfig", .object(JSONObject())), ("ProvisionedPollerConfig", .object(JSONObject())),
    ("MetricsConfig", ["Metrics": .array([])]), ("SourceAccessConfigurations", .array([])),
    ("KMSKeyArn", ""), ("MaximumRetryAttempts", -1), ("MaximumRecordAgeInSeconds", -1),
    ("BisectBatchOnFunctionError", false), ("TumblingWindowInSeconds", 0), ("ParallelizationFactor", 1),
    ("FunctionResponseTypes", .array([])),
  ]

  /// Members that are replaced as a whole, so that one in them that is not stated any more goes with the others.
  private static let whole: [String: JSONObject] = [
    "DestinationConfig": JSONObject(), "MetricsConfig": JSONObject(), "ScalingConfig": JSONObject(),
    "DocumentDBEventSourceConfig": JSONObject([("FullDocument", "Default")]),
  ]

  private static let kafka = ["AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig"]

  /// The members of UpdateEventSourceMapping that make a mapping what a trigger wants.
  static func changes(to present: JSONObject, for trigger: Trigger) -> JSONObject {
    let wanted = trigger.settings
    var changes = JSONObject()
    for (name, value) in wanted.members
    where !immutable.contains(name) && name != "Enabled" && !kafka.contains(name) {
      let isAsWanted =
        whole[name].map { Likeness.alike(value, present[name], defaults: $0) }
        ?? Likeness.matches(value, present[name])
      if !isAsWanted { changes[name] = value }
    }
    let isEnabled = !["Disabled", "Disabling"].contains(present["State"]?.string ?? "Enabled")
    if (wanted["Enabled"]?.bool ?? true) != isEnabled { changes["Enabled"] = .bool(!isEnabled) }
    for (name, empty) in cleared where wanted[name] == nil {
      guard let actual = present[name], actual != .null, !Likeness.alike(empty, actual) else { continue }
      changes[name] = empty
    }
    for name in kafka { changes[name] = registry(name, present, wanted) }
    if wanted["BatchSize"] == nil, let size = present["BatchSize"]?.int {
      let usual = source(present).contains(":sqs:") ? 10 : 100
      if size != usual { changes["BatchSize"] = .int(usual) }
    }
    if wanted["MaximumBatchingWindowInSeconds"] == nil, hasNoWindow(present),
      present["MaximumBatchingWindowInSeconds"]?.int ?? 0 != 0
    {
      changes["MaximumBatchingWindowInSeconds"] = 0
    }
    return changes
  }

  /// A cluster's settings where they differ: the registry goes where it is not stated any more, the consumer group stays.
  private static func registry(_ name: String, _ present: JSONObject, _ wanted: JSONObject) -> JSON? {
    let (stated, actual) = (wanted[name]?.object ?? JSONObject(), present[name]?.object ?? JSONObject())
    var members = stated.without(["ConsumerGroupId"])
    let rest = actual.without(["ConsumerGroupId"])
    guard
      !Likeness.alike(.object(members), .object(rest), defaults: JSONObject([("ConsumptionMode", "Stream")]))
    else {
      return nil
    }
    if members["SchemaRegistryConfig"] == nil, rest["SchemaRegistryConfig"] != nil {
      members["SchemaRegistryConfig"] = .object(JSONObject())
    }
    if members["ConsumptionMode"] == nil, rest["ConsumptionMode"] != nil {
      members["ConsumptionMode"] = "Stream"
    }
    return .object(members)
  }

  /// Whether batches are not waited for where nobody says so. Elsewhere it is half a second, which a whole number cannot
  /// bring back.
  private static func hasNoWindow(_ mapping: JSONObject) -> Bool {
    [":sqs:", ":kinesis:", ":dynamodb:"].contains { source(mapping).contains($0) }
  }

  /// What stays as it is although the trigger states it otherwise, or no more: Lambda has no call that changes it.
  static func kept(of present: JSONObject, for trigger: Trigger) -> [String] {
    let wanted = trigger.settings
    var notes: [String] = []
    if let position = wanted["StartingPosition"], let actual = present["StartingPosition"], position != actual
    {
      notes.append("startingPosition counts when the mapping is made; this one keeps its place")
    }
    for name in kafka {
      guard let group = wanted[name]?["ConsumerGroupId"]?.string,
        let actual = present[name]?["ConsumerGroupId"]?.string, group != actual
      else { continue }
      notes.append("consumerGroupId counts when the mapping is made; this one stays with \(actual)")
    }
    if wanted["MaximumBatchingWindowInSeconds"] == nil, !hasNoWindow(present),
      let window = present["MaximumBatchingWindowInSeconds"]?.int, window != 0
    {
      notes.append(
        "maximumBatchingWindowInSeconds stays \(window): Lambda cannot bring back the half second of a new mapping"
      )
    }
    if wanted["LoggingConfig"] == nil, let level = present["LoggingConfig"]?["SystemLogLevel"]?.string {
      notes.append(
        "loggingConfig stays \(level): Lambda has no call that takes it away; state the level that is wanted")
    }
    return notes
  }
}
