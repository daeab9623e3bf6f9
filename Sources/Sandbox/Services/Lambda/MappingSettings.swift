internal import Core

/// The members of a mapping, checked by the rules that queues have.
struct MappingSettings: Sendable {
  /// As they are kept.
  let members: JSONObject

  private static let kept = [
    "EventSourceArn", "BatchSize", "MaximumBatchingWindowInSeconds", "FilterCriteria",
    "FunctionResponseTypes",
    "ScalingConfig", "DestinationConfig", "KMSKeyArn", "StartingPosition", "StartingPositionTimestamp",
    "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "MaximumRetryAttempts",
    "ParallelizationFactor",
    "TumblingWindowInSeconds", "Topics", "Queues", "SourceAccessConfigurations", "SelfManagedEventSource",
    "AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig",
    "MetricsConfig", "ProvisionedPollerConfig", "LoggingConfig",
  ]
  /// What is cleared by an empty value.
  private static let cleared: Set<String> = [
    "FilterCriteria", "ScalingConfig", "DestinationConfig", "ProvisionedPollerConfig", "MetricsConfig",
    "KMSKeyArn",
  ]

  /// - Parameters:
  ///   - present: what is kept so far.
  ///   - isNew: whether the source may be named: it never changes.
  init(_ present: JSONObject, changedBy body: JSON, isNew: Bool) throws(ServiceError) {
    var members = present
    for key in Self.kept where isNew || !key.hasPrefix("EventSource") {
      guard let value = body[key], value != .null else { continue }
      // Not by a conditional value: its nil would be the JSON null.
      if Self.cleared.contains(key), Self.isEmpty(value) {
        members[key] = nil
      } else {
        members[key] = value
      }
    }
    try Self.check(members)
    self.members = members
  }

  private static func isEmpty(_ value: JSON) -> Bool {
    guard let object = value.object else { return value == "" }
    return object.members.allSatisfy { $0.value.array?.isEmpty == true }
  }

  private static func check(_ members: JSONObject) throws(ServiceError) {
    var validation = Validation()
    if let source = members["EventSourceArn"]?.string, !isARN(source) {
      validation.fail(
        source, at: "eventSourceArn",
        "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:"
          + "([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)")
    }
    validation.range(members["BatchSize"], "batchSize", 1...10_000)
    validation.range(members["MaximumBatchingWindowInSeconds"], "maximumBatchingWindowInSeconds", 0...300)
    validation.range(
      members["ScalingConfig"]?["MaximumConcurrency"], "scalingConfig.maximumConcurrency", 2...1_000)
    for type in members["FunctionResponseTypes"]?.array ?? [] {
      validation.word(type, "functionResponseTypes", ["ReportBatchItemFailures"])
    }
    try validation.check()
    let source = members["EventSourceArn"]?.string ?? ""
    if source.contains(":kinesis:") || source.contains(":dynamodb:"), members["StartingPosition"] == nil {
      throw .invalid("StartingPosition is required for Kinesis and DynamoDB event sources")
    }
    let isQueue = source.contains(":sqs:")
    let window = members["MaximumBatchingWindowInSeconds"]?.int ?? 0
    if isQueue, (members["BatchSize"]?.int ?? 10) > 10, window < 1 {
      throw .invalid(
        "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
    }
    if isQueue, members["DestinationConfig"]?["OnSuccess"] != nil {
      throw .invalid("Destinations are not supported for the event source mapping")
    }
    let filters = members["FilterCriteria"]?["Filters"]?.array ?? []
    guard filters.count <= 10 else { throw .invalid("Too many filters: at most 10 are allowed") }
    for filter in filters {
      do throws(PatternError) {
        _ = try EventPattern(parsing: filter["Pattern"]?.string ?? "")
      } catch {
        throw .invalid("Invalid filter pattern definition.")
      }
    }
  }

  private static func isARN(_ text: String) -> Bool {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    let isAccount = { (text: Substring) in
      text.isEmpty || text.utf8.count == 12 && text.utf8.allSatisfy { (48...57).contains($0) }
    }
    return parts.count == 6 && parts[0] == "arn" && parts[1].hasPrefix("aws") && !parts[2].isEmpty
      && isAccount(parts[4])
  }

  /// As Lambda shows them, with the defaults of those that were left out.
  static func shown(_ members: JSONObject) -> JSONObject {
    let isQueue = members["EventSourceArn"]?.string?.contains(":sqs:") == true
    var shown = JSONObject([
      ("BatchSize", isQueue ? 10 : 100), ("MaximumBatchingWindowInSeconds", 0), ("FunctionResponseTypes", []),
    ])
    for (key, value) in members.members { shown[key] = value }
    return shown
  }
}
