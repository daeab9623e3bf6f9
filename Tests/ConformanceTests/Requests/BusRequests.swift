import Core
import Testing

@testable import AWSClient

/// Everything the client can ask of the services that call functions.
enum BusRequests {
  static let all = rules + schedules + topics + queues

  private static let alias = "arn:aws:lambda:eu-central-1:123456789012:function:orders:live"
  private static let bus = "arn:aws:events:eu-central-1:123456789012:event-bus/shop"
  private static let queue = "arn:aws:sqs:eu-central-1:123456789012:dead"
  private static let role = "arn:aws:iam::123456789012:role/scheduler"

  private static let rules: [RequestCase] = {
    let rule = "arn:aws:events:eu-central-1:123456789012:rule/shop/lamctl-shop-orders-live-paid"
    let target: JSONObject = [
      "Id": "alias", "Arn": .string(alias),
      "InputTransformer": ["InputPathsMap": ["id": "$.detail.id"], "InputTemplate": "{\"id\": <id>}"],
      "RetryPolicy": ["MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 60],
      "DeadLetterConfig": ["Arn": .string(queue)],
    ]
    return [
      RequestCase("putRule") {
        try await $0.eventBridge.putRule("paid", settings: ["EventPattern": "{\"source\":[\"shop\"]}"])
      },
      RequestCase("putRule, all of it") {
        try await $0.eventBridge.putRule(
          "lamctl-shop.orders_live", bus: bus,
          settings: [
            "EventPattern": "{\"source\":[\"é\"]}", "State": "DISABLED", "Description": "Größe",
            "Tags": [["Key": "lamctl", "Value": "shop/orders/live/paid"]],
          ])
      },
      RequestCase("putRule, by time") {
        try await $0.eventBridge.putRule(
          "nightly", settings: ["ScheduleExpression": "cron(0 2 * * ? *)", "RoleArn": .string(role)])
      },
      RequestCase("describeRule") { _ = try await $0.eventBridge.describeRule("paid") },
      RequestCase("describeRule, of a bus") {
        _ = try await $0.eventBridge.describeRule("paid", bus: "shop")
      },
      RequestCase("deleteRule") { try await $0.eventBridge.deleteRule("paid", bus: "shop") },
      RequestCase("putTargets") {
        try await $0.eventBridge.putTargets(rule: "paid", targets: [["Id": "alias", "Arn": .string(alias)]])
      },
      RequestCase("putTargets, all of it") {
        try await $0.eventBridge.putTargets(
          rule: "paid", bus: bus,
          targets: [
            target, ["Id": "q", "Arn": .string(queue), "Input": "{}"],
            ["Id": "p", "Arn": .string(queue), "InputPath": "$.detail"],
          ])
      },
      RequestCase("removeTargets") {
        try await $0.eventBridge.removeTargets(rule: "paid", bus: "shop", ids: ["alias", "a.b_c-1"])
      },
      RequestCase("listTargetsByRule, in pages") {
        _ = try await $0.eventBridge.listTargetsByRule("paid", bus: bus)
      }.inPages(),
      RequestCase("listRuleNamesByTarget, in pages") {
        _ = try await $0.eventBridge.listRuleNamesByTarget(alias)
      }.inPages(),
      RequestCase("listRules") { _ = try await $0.eventBridge.listRules() },
      RequestCase("listRules, in pages") {
        _ = try await $0.eventBridge.listRules(prefix: "lamctl-", bus: "shop")
      }.inPages(),
      RequestCase("tags of rules") {
        _ = try await $0.eventBridge.listTags(rule)
        try await $0.eventBridge.tagResource(rule, tags: ["lamctl": "shop/orders/live/paid", "a": ""])
      },
    ]
  }()

  private static let schedules: [RequestCase] = {
    let least: JSONObject = [
      "ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": ["Mode": "OFF"],
      "Target": ["Arn": .string(alias), "RoleArn": .string(role)],
    ]
    let most: JSONObject = [
      "ScheduleExpression": "cron(0 2 * * ? *)", "ScheduleExpressionTimezone": "Europe/Berlin",
      "StartDate": 1_763_704_200, "EndDate": 1_863_704_200, "Description": "Größe", "State": "DISABLED",
      "ActionAfterCompletion": "NONE",
      "KmsKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/0123abcd",
      "FlexibleTimeWindow": ["Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15],
      "Target": [
        "Arn": .string(alias), "RoleArn": .string(role), "Input": "{\"a\": \"é\"}",
        "RetryPolicy": ["MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60],
        "DeadLetterConfig": ["Arn": .string(queue)],
      ],
    ]
    return [
      RequestCase("createScheduleGroup") { try await $0.scheduler.createScheduleGroup("lamctl-shop") },
      RequestCase("createScheduleGroup, with tags") {
        try await $0.scheduler.createScheduleGroup("lamctl-shop", tags: ["lamctl": "shop"])
      },
      RequestCase("schedules in all their members") {
        for settings in [least, most] {
          try await $0.scheduler.createSchedule("nightly", group: "lamctl-shop", settings: settings)
          try await $0.scheduler.updateSchedule("nightly", group: "lamctl-shop", settings: settings)
          try await $0.scheduler.createSchedule("a.b_c-1", settings: settings)
        }
      },
      RequestCase("the schedules that take a preview away") {
        for (operation, member) in [("deleteFunctionUrlConfig", "Qualifier"), ("deleteAlias", "Name")] {
          let settings: JSONObject = [
            "ScheduleExpression": "at(2026-12-04T05:49:00)", "FlexibleTimeWindow": ["Mode": "OFF"],
            "ActionAfterCompletion": "DELETE", "State": "ENABLED",
            "Description": "orders: the preview pr-1 ends, by lamctl",
            "Target": [
              "Arn": .string("arn:aws:scheduler:::aws-sdk:lambda:\(operation)"), "RoleArn": .string(role),
              "Input": .string("{\"FunctionName\":\"shop-orders\",\"\(member)\":\"pr-1\"}"),
            ],
          ]
          try await $0.scheduler.createSchedule("preview", group: "lamctl-shop", settings: settings)
          try await $0.scheduler.updateSchedule("preview", group: "lamctl-shop", settings: settings)
        }
      },
      RequestCase("scheduleSettings") {
        _ = try await $0.scheduler.scheduleSettings("nightly")
        _ = try await $0.scheduler.scheduleSettings("nightly", group: "lamctl-shop")
      },
      RequestCase("listSchedules") { _ = try await $0.scheduler.listSchedules() },
      RequestCase("listSchedules, of a group, in pages") {
        _ = try await $0.scheduler.listSchedules(group: "lamctl-shop", prefix: "lamctl-")
      }.inPages(),
      RequestCase("tags of schedule groups") {
        _ = try await $0.scheduler.listTags(
          "arn:aws:scheduler:eu-central-1:123456789012:schedule-group/lamctl-shop")
      },
    ]
  }()

  private static let topics: [RequestCase] = {
    let topic = "arn:aws:sns:eu-central-1:123456789012:paid"
    let subscription = "\(topic):0f0e0d0c-0b0a-0908-0706-050403020100"
    return [
      RequestCase("subscribe") {
        _ = try await $0.sns.subscribe(topic: topic, protocolName: "lambda", endpoint: alias)
      },
      RequestCase("subscribe, all of it") {
        _ = try await $0.sns.subscribe(
          topic: topic, protocolName: "lambda", endpoint: alias,
          attributes: [
            "FilterPolicy": "{\"kind\":[\"é & ü\"]}", "FilterPolicyScope": "MessageBody",
            "RedrivePolicy": "{\"deadLetterTargetArn\":\"\(queue)\"}",
          ])
      },
      RequestCase("unsubscribe") { try await $0.sns.unsubscribe(subscription) },
      RequestCase("getSubscriptionAttributes") {
        _ = try await $0.sns.getSubscriptionAttributes(subscription)
      },
      RequestCase("setSubscriptionAttributes") {
        for (name, value) in [
          ("FilterPolicy", nil), ("RedrivePolicy", nil), ("FilterPolicyScope", "MessageBody"),
        ] as [(String, String?)] {
          try await $0.sns.setSubscriptionAttributes(subscription, name: name, value: value)
        }
      },
      RequestCase("listSubscriptionsByTopic, in pages") {
        _ = try await $0.sns.listSubscriptionsByTopic(topic)
      }.inPages(),
      RequestCase("getTopicAttributes") { _ = try await $0.sns.getTopicAttributes(topic) },
    ]
  }()

  private static let queues = [
    RequestCase("getQueueURL") { _ = try await $0.sqs.getQueueURL(name: "jobs") },
    RequestCase("getQueueURL, of another account") {
      _ = try await $0.sqs.getQueueURL(name: "jobs.fifo", account: "123456789012")
    },
    RequestCase("getQueueAttributes") {
      let url = "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs"
      _ = try await $0.sqs.getQueueAttributes(url: url)
      _ = try await $0.sqs.getQueueAttributes(url: url, names: ["VisibilityTimeout", "RedrivePolicy"])
    },
  ]
}
