internal import Triggers

extension Operation {
  private static func edge(_ service: String, _ name: String) -> Operation {
    Operation(name, "\(service):\(name)", .edges)
  }

  private static func edges(_ service: String, _ names: [String]) -> [Operation] {
    names.map { edge(service, $0) }
  }

  /// The permissions of aliases, which every kind that pushes needs.
  private static let permissions: [Operation] = [
    .getPolicy, Operation("AddPermission", "lambda:AddPermission", .functions),
    Operation("RemovePermission", "lambda:RemovePermission", .functions),
  ]

  /// What each kind of trigger reads, and what it writes beside that. API Gateway knows actions by method alone.
  static func calls(of kind: TriggerKind) -> (reads: [Operation], writes: [Operation]) {
    switch kind {
    case .functionUrl:
      (
        [.getURL],
        ["Create", "Update", "Delete"].map {
          Operation("\($0)FunctionUrlConfig", "lambda:\($0)FunctionUrlConfig", .functions)
        }
      )
    case .eventInvoke:
      (
        [Operation("GetFunctionEventInvokeConfig", "lambda:GetFunctionEventInvokeConfig", .functions)],
        ["Put", "Delete"].map {
          Operation("\($0)FunctionEventInvokeConfig", "lambda:\($0)FunctionEventInvokeConfig", .functions)
        }
      )
    case .eventSource:
      (
        [.listMappings] + edges("lambda", ["GetEventSourceMapping", "ListTags"])
          + edges("sqs", ["GetQueueUrl", "GetQueueAttributes"]),
        edges(
          "lambda",
          [
            "CreateEventSourceMapping", "UpdateEventSourceMapping", "DeleteEventSourceMapping", "TagResource",
          ])
      )
    case .rule:
      (
        edges("events", ["DescribeRule", "ListTargetsByRule", "ListTagsForResource"]),
        edges("events", ["PutRule", "PutTargets", "RemoveTargets", "DeleteRule", "TagResource"])
      )
    case .schedule:
      (
        edges("scheduler", ["ListSchedules", "GetSchedule"]),
        edges(
          "scheduler", ["CreateScheduleGroup", "CreateSchedule", "UpdateSchedule", "DeleteSchedule"])
          + [Operation("PassRole", "iam:PassRole", .scheduleRoles)]
      )
    case .sns:
      (
        edges("sns", ["ListSubscriptionsByTopic", "GetSubscriptionAttributes"]),
        edges("sns", ["Subscribe", "SetSubscriptionAttributes", "Unsubscribe"])
      )
    case .httpApi:
      (edges("apigateway", ["GET"]) + owners, edges("apigateway", ["POST", "PATCH", "DELETE"]))
    case .s3:
      (
        [Operation("GetBucketNotificationConfiguration", "s3:GetBucketNotification", .edges)] + owners,
        [Operation("PutBucketNotificationConfiguration", "s3:PutBucketNotification", .edges)]
      )
    case .grant: ([], [])
    }
  }

  /// Whose a route or an entry is that another function has stands in that function's tags.
  private static let owners = [Operation("ListTags", "lambda:ListTags", .functions)]

  /// What reading, or writing, triggers of these kinds calls.
  static func calls(of kinds: Set<TriggerKind>, writing: Bool) -> [Operation] {
    guard !kinds.isEmpty else { return [] }
    let needsPolicy = kinds != [.eventInvoke]
    var operations: [Operation] = needsPolicy ? (writing ? permissions : [.getPolicy]) : []
    if writing { operations.append(.tagResource) }
    for kind in kinds.sorted() {
      let calls = calls(of: kind)
      operations += calls.reads + (writing ? calls.writes : [])
    }
    return operations
  }

  /// What makes previews, or moves them on.
  static func makingPreviews(_ needs: PolicyNeeds) -> [Operation] {
    var operations = [.listAliases, .getPolicy, .getURL] + (needs.previewURL ? addresses : [])
    if needs.previewRole {
      operations += edges(
        "scheduler", ["ListSchedules", "CreateScheduleGroup", "CreateSchedule", "UpdateSchedule"])
      operations.append(Operation("PassRole", "iam:PassRole", .previewRole))
    } else {
      // Schedules of the time when there was a role.
      operations += edges("scheduler", ["ListSchedules", "DeleteSchedule"])
    }
    return operations
  }

  /// What takes previews away.
  static func endingPreviews(_ needs: PolicyNeeds) -> [Operation] {
    [.getPolicy, .getURL, Operation("RemovePermission", "lambda:RemovePermission", .functions), .deleteURL]
      + edges("scheduler", ["DeleteSchedule"])
  }

  /// What gives previews their addresses, and takes them away.
  private static let addresses = permissions + calls(of: .functionUrl).writes

  /// What tells what calls functions, by whatever name.
  static let hanging: [Operation] =
    calls(of: Set(TriggerKind.allCases), writing: false) + edges("events", ["ListRuleNamesByTarget"])
    + [Operation("ListProvisionedConcurrencyConfigs", "lambda:ListProvisionedConcurrencyConfigs", .functions)]

  /// What leads callers to the alias, and takes it back.
  static let moving: [Operation] =
    permissions + edges("lambda", ["UpdateEventSourceMapping", "TagResource", "UntagResource"])
    + calls(of: .eventInvoke).writes + edges("events", ["PutTargets"])
    + edges("scheduler", ["UpdateSchedule", "ListTagsForResource"])
    + [Operation("PassRole", "iam:PassRole", .scheduleRoles)] + edges("sns", ["Subscribe", "Unsubscribe"])
    + edges("apigateway", ["PATCH"]) + calls(of: .s3).writes
}
