// The members of CreateEventSourceMapping but FunctionName and Tags. A mapping has no destination for what succeeded.
extension ConfigTable {
  private static let texts = ConfigType.list(.string)

  static let eventSource: [ConfigKey] = [
    member(
      "EventSourceArn", .text(.arn(service: nil)), "ARN of the queue, stream, table, cluster or broker."),
    member(
      "SelfManagedEventSource",
      object(
        "selfManagedEventSource",
        [member("Endpoints", .map(texts), "Addresses of a cluster, under KAFKA_BOOTSTRAP_SERVERS.")]),
      "A Kafka cluster outside of AWS."),
    member("Enabled", .boolean, "Whether it is read; true by default."),
    member("BatchSize", .integer(1...10_000), "The most records of a batch."),
    member(
      "FilterCriteria",
      object(
        "filterCriteria",
        [
          member(
            "Filters",
            .list(object("filter", [member("Pattern", .string, "A pattern of records, as JSON text.")])),
            "Records that match any of these are taken.")
        ]), "Which records are taken."),
    member("KMSKeyArn", .string, "Key that the filter is kept with."),
    member(
      "MaximumBatchingWindowInSeconds", .integer(0...300), "How long records are gathered for a batch."),
    member("ParallelizationFactor", .integer(1...10), "Batches of one shard at the same time."),
    member(
      "StartingPosition", .choice(["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"]),
      "Where reading begins, which streams need; it cannot be changed later."),
    member("StartingPositionTimestamp", .number(0...99_999_999_999), "The moment, in seconds since 1970."),
    member(
      "DestinationConfig",
      object(
        "failureDestination",
        [
          member(
            "OnFailure",
            object(
              "destination",
              [member("Destination", .string, "ARN of a queue, topic, function, bus or bucket.")]),
            "Where records go that failed for good.")
        ]), "Where records go that failed for good."),
    member("MaximumRecordAgeInSeconds", .integer(-1...604_800), "How old a record may get; -1 for any age."),
    member("BisectBatchOnFunctionError", .boolean, "Whether a failed batch is halved and tried again."),
    member(
      "MaximumRetryAttempts", .integer(-1...10_000), "How often a failed batch is tried again; -1 for ever."),
    member("TumblingWindowInSeconds", .integer(0...900), "Length of a window that a state is kept over."),
    member("Topics", texts, "The topic of a Kafka cluster."),
    member("Queues", texts, "The queue of a broker."),
    member(
      "SourceAccessConfigurations",
      .list(
        object(
          "sourceAccess",
          [
            member("Type", .string, "What it is, such as BASIC_AUTH or VPC_SUBNET."),
            member("URI", .string, "The value, such as the ARN of a secret."),
          ])), "How the source is reached and logged in to."),
    member(
      "FunctionResponseTypes", .list(.choice(["ReportBatchItemFailures"])),
      "Whether the function tells which records of a batch failed."),
    member("AmazonManagedKafkaEventSourceConfig", kafka("managedKafka", []), "Settings of a cluster of MSK."),
    member(
      "SelfManagedKafkaEventSourceConfig",
      kafka(
        "selfManagedKafka", [member("ConsumptionMode", .choice(["Stream", "Queue"]), "How it is read.")]),
      "Settings of a cluster outside of AWS."),
    member(
      "ScalingConfig",
      object(
        "scalingConfig",
        [member("MaximumConcurrency", .integer(2...1_000), "Batches of a queue at the same time.")]),
      "How far it scales."),
    member(
      "DocumentDBEventSourceConfig",
      object(
        "documentDB",
        [
          member("DatabaseName", .string, "The database."),
          member("CollectionName", .string, "The collection; all without it."),
          member(
            "FullDocument", .choice(["UpdateLookup", "Default"]), "Whether updates carry the whole document."),
        ]), "What of DocumentDB is read."),
    member(
      "MetricsConfig",
      object(
        "metricsConfig",
        [
          member(
            "Metrics", .list(.choice(["EventCount", "ErrorCount", "KafkaMetrics"])), "Kinds of metrics.")
        ]), "Further metrics."),
    member(
      "LoggingConfig",
      object(
        "mappingLogging",
        [member("SystemLogLevel", .choice(["DEBUG", "INFO", "WARN"]), "How much the poller logs.")]),
      "What the poller logs."),
    member(
      "ProvisionedPollerConfig",
      object(
        "provisionedPollers",
        [
          member("MinimumPollers", .integer(1...200), "Pollers that are always there."),
          member("MaximumPollers", .integer(1...10_000), "The most pollers."),
          member("PollerGroupName", .string, "Group of mappings that share them."),
        ]), "Pollers that are kept ready."),
  ]

  private static func kafka(_ title: String, _ more: [ConfigKey]) -> ConfigType {
    object(
      title,
      [
        member("ConsumerGroupId", .string, "The consumer group; it cannot be changed later."),
        member(
          "SchemaRegistryConfig",
          object(
            "schemaRegistry",
            [
              member("SchemaRegistryURI", .string, "Address or ARN of the registry."),
              member("EventRecordFormat", .choice(["JSON", "SOURCE"]), "Form of the records."),
              member(
                "AccessConfigs",
                .list(
                  object(
                    "registryAccess",
                    [member("Type", .string, "What it is."), member("URI", .string, "ARN of the secret.")])),
                "How the registry is logged in to."),
              member(
                "SchemaValidationConfigs",
                .list(
                  object(
                    "schemaValidation", [member("Attribute", .choice(["KEY", "VALUE"]), "What is checked.")])
                ), "What of a record is checked."),
            ]), "The registry of schemas."),
      ] + more)
  }
}
