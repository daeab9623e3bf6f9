internal import LambdaSettings

// What calls a function: one table a kind, under the names of its API with the first letter in lower case. Keys without
// such a name are lamctl's own. What a kind cannot do without is checked once all layers are merged: an environment may
// state a part of it.
extension ConfigTable {
  /// `triggers` of a function: names, and one kind each.
  static let triggers = ConfigKey(
    "triggers", .map(.optional(.object(trigger))),
    "What calls the function's alias, by name; null takes one out. Absent: never touched; {}: what lamctl made goes."
  )

  /// The kinds of triggers; of each trigger exactly one is stated.
  static let trigger = ConfigTable(
    title: "trigger",
    keys: [
      ConfigKey(
        "functionUrl", .object(functionURL), "An address of its own for HTTPS requests.", api: "functionUrl"),
      kind("httpApi", "Routes of an HTTP API that exists.", httpAPI),
      kind("s3", "Events of a bucket that exists.", bucket),
      kind("rule", "Events on a bus of EventBridge that match a pattern.", rule),
      kind("schedule", "A schedule of EventBridge Scheduler.", schedule),
      kind("eventSource", "A queue, stream, table or topic that Lambda reads.", eventSource),
      kind("sns", "Messages of a topic.", topic),
      kind("grant", "The permission alone, for what lamctl does not connect.", grant),
    ])

  /// `eventInvoke`, also in `defaults`.
  static let eventInvoke = ConfigKey(
    "eventInvoke",
    .optional(
      .object(
        ConfigTable(
          title: "eventInvoke",
          keys: [
            member("MaximumRetryAttempts", .integer(0...2), "How often a failed event is tried again."),
            member(
              "MaximumEventAgeInSeconds", .integer(60...21_600),
              "How old an event may get before it is dropped."
            ),
            member(
              "DestinationConfig",
              object(
                "eventDestinations",
                [
                  member(
                    "OnSuccess", destination, "Where the results of events go that were handled."),
                  member("OnFailure", destination, "Where events go that failed for good."),
                ]), "Where events go afterwards."),
          ]))),
    "What becomes of events that nobody waits for; null leaves it to Lambda's own rules.")

  private static let destination = object(
    "destination", [member("Destination", .string, "ARN of a queue, topic, function, bus or bucket.")])

  static func kind(_ name: String, _ doc: String, _ keys: [ConfigKey]) -> ConfigKey {
    ConfigKey(name, .object(ConfigTable(title: name, keys: keys)), doc, api: name)
  }

  static func object(_ title: String, _ keys: [ConfigKey]) -> ConfigType {
    .object(ConfigTable(title: title, keys: keys))
  }

  /// A member of the API's.
  static func member(_ api: String, _ type: ConfigType, _ doc: String) -> ConfigKey {
    let name = api.hasPrefix("KMS") ? "kms" + api.dropFirst(3) : api == "URI" ? "uri" : lowered(api)
    return ConfigKey(name, type, doc, api: api)
  }

  private static func lowered(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

  /// A key of lamctl's own.
  private static func own(_ name: String, _ type: ConfigType, _ doc: String) -> ConfigKey {
    ConfigKey(name, type, doc, api: name)
  }

  private static let texts = ConfigType.list(.string)

  /// `functionUrl` of a trigger and of previews.
  static let functionURL = ConfigTable(
    title: "functionUrl",
    keys: [
      member("AuthType", .choice(["AWS_IAM", "NONE"]), "Whether callers sign their requests."),
      member(
        "Cors",
        object(
          "cors",
          [
            member("AllowCredentials", .boolean, "Whether browsers may send credentials."),
            member("AllowHeaders", texts, "Headers that browsers may send."),
            member("AllowMethods", texts, "Methods that browsers may use."),
            member("AllowOrigins", texts, "Origins that may call."),
            member("ExposeHeaders", texts, "Headers that pages may read."),
            member("MaxAge", .integer(0...86_400), "How many seconds browsers may keep these answers."),
          ]), "What browsers are told of other origins."),
      member(
        "InvokeMode", .choice(["BUFFERED", "RESPONSE_STREAM"]), "Whether the answer is sent as it is made."),
      own(
        "callers",
        object(
          "callers",
          [
            own("distributions", texts, "ARNs of CloudFront distributions that may call."),
            own("accounts", texts, "Accounts that may call, 12 digits."),
            own("roles", texts, "ARNs of roles that may call."),
          ]), "Who may call where requests are signed."),
    ])

  private static let httpAPI: [ConfigKey] = [
    own("api", .string, "Id or unique name of the API."),
    own("routes", texts, "Route keys, such as GET /orders/{id} or $default."),
    member("PayloadFormatVersion", .choice(["1.0", "2.0"]), "Form of the event; 2.0 by default."),
    member("TimeoutInMillis", .integer(50...30_000), "How long the API waits for the function."),
    member("AuthorizationType", .choice(["NONE", "AWS_IAM", "CUSTOM", "JWT"]), "Who may call the routes."),
    member("AuthorizerId", .string, "Id of the authorizer."),
    member("AuthorizationScopes", texts, "Scopes that a token needs."),
    own(
      "deploy", .string,
      "A stage without automatic deployment that is deployed after changes, with all that is pending."),
  ]

  private static let bucket: [ConfigKey] = [
    own("bucket", .string, "The bucket's name."),
    own("events", texts, "Kinds of events, such as s3:ObjectCreated:*."),
    own("prefix", .string, "How the keys of objects begin."),
    own("suffix", .string, "How the keys of objects end."),
    own(
      "via", .choice(["notification", "eventbridge"]),
      "The bucket's own notifications (default), or a rule on the default bus."),
  ]

  private static let retryPolicy = member(
    "RetryPolicy",
    object(
      "retryPolicy",
      [
        member("MaximumEventAgeInSeconds", .integer(60...86_400), "How old an event may get."),
        member("MaximumRetryAttempts", .integer(0...185), "How often it is tried again."),
      ]), "How often a call is tried again.")

  private static let deadLetters = member(
    "DeadLetterConfig",
    object("deadLetters", [member("Arn", .string, "ARN of a queue.")]), "Where events go that were not taken."
  )

  private static let rule: [ConfigKey] = [
    member("EventPattern", .any, "The pattern of events, as JSON or JSON text."),
    member("EventBusName", .string, "Name of the bus; default without it."),
    member("State", .choice(["ENABLED", "DISABLED"]), "Whether the rule is in force; ENABLED by default."),
    member("Input", .any, "A fixed event instead of the one that matched."),
    member("InputPath", .string, "The part of the event that is passed on."),
    member(
      "InputTransformer",
      object(
        "inputTransformer",
        [
          member("InputPathsMap", .map(.string), "Names for parts of the event."),
          member("InputTemplate", .string, "The event that is passed on, with those names."),
        ]), "Another event made from the one that matched."),
    retryPolicy, deadLetters,
  ]

  private static let schedule: [ConfigKey] = [
    member("ScheduleExpression", .text(.schedule), "at(…), rate(…) or cron(…)."),
    member("RoleArn", .text(.role), "Role that the scheduler assumes to call the function."),
    member("ScheduleExpressionTimezone", .string, "Time zone of the expression; UTC by default."),
    member("StartDate", .string, "When it begins, such as 2027-01-20T10:00:00Z."),
    member("EndDate", .string, "When it ends."),
    member("State", .choice(["ENABLED", "DISABLED"]), "Whether it is in force; ENABLED by default."),
    member("KmsKeyArn", .string, "Key that the event is kept with."),
    member(
      "FlexibleTimeWindow",
      object(
        "flexibleTimeWindow",
        [
          member("Mode", .choice(["OFF", "FLEXIBLE"]), "Whether calls may come later."),
          member("MaximumWindowInMinutes", .integer(1...1_440), "How much later."),
        ]), "How much later a call may come; OFF by default."),
    member("ActionAfterCompletion", .choice(["NONE", "DELETE"]), "What becomes of a schedule that is over."),
    member("Input", .any, "The event, as JSON or JSON text."),
    retryPolicy, deadLetters,
  ]

  private static let topic: [ConfigKey] = [
    member("TopicArn", .text(.arn(service: "sns")), "ARN of the topic."),
    member("FilterPolicy", .any, "Which messages, as JSON or JSON text."),
    member(
      "FilterPolicyScope", .choice(["MessageAttributes", "MessageBody"]), "What the filter looks at."),
    member("RedrivePolicy", .any, "Where messages go that were not taken, as JSON or JSON text."),
  ]

  private static let grant: [ConfigKey] = [
    member("Principal", .text(.principal), "A service such as events.amazonaws.com, an account, or *."),
    member("Action", .string, "lambda:InvokeFunction by default."),
    member("SourceArn", .text(.arn(service: nil)), "ARN of what calls, with * for any part."),
    member("SourceAccount", .text(.account), "Account of what calls."),
    member("PrincipalOrgID", .string, "Organization of who calls."),
    member("EventSourceToken", .string, "Token that a skill must show."),
  ]
}
