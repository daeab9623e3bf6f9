extension ConfigTable {
  /// `sandbox.resources`: what triggers hang on, and nobody deploys to a sandbox.
  static let sandboxResources = ConfigTable(
    title: "sandbox.resources",
    keys: [
      ConfigKey(
        "apis",
        .map(
          .object(
            ConfigTable(
              title: "API",
              keys: [
                ConfigKey("stage", .string, "The stage's name; $default by default, which has no path."),
                ConfigKey("autoDeploy", .boolean, "Whether changes are published at once; true by default."),
              ]))), "HTTP APIs, by name."),
      ConfigKey("buckets", .list(.string), "Buckets of S3."),
      ConfigKey(
        "queues",
        .map(
          .object(
            ConfigTable(
              title: "queue",
              keys: [
                ConfigKey(
                  "visibilityTimeout", .integer(0...43_200),
                  "Seconds for which nobody else gets a message that somebody has; 30 by default."),
                ConfigKey(
                  "deadLetterQueue", .string, "The queue that gets what was received too often; one of these."
                ),
                ConfigKey("maxReceiveCount", .integer(1...1_000), "How often that is; 10 by default."),
              ]))), "Queues of SQS, by name."),
      ConfigKey("topics", .list(.string), "Topics of SNS."),
      ConfigKey("buses", .list(.string), "Event buses."),
      ConfigKey(
        "rules",
        .map(
          .object(
            ConfigTable(
              title: "ruleToQueue",
              keys: [
                ConfigKey("bus", .string, "The event bus; default by default."),
                ConfigKey("eventPattern", .any, "The pattern of events, as JSON or JSON text."),
                ConfigKey("queue", .string, "The queue that gets the events; one of these."),
              ]))), "Rules that lead events to queues, by name."),
    ])
}
