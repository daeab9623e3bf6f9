internal import Core

extension EdgeSubject {
  /// 32 hexadecimal digits over everything that is wanted: `lamctl-trg-1`, the alias's ARN, the triggers by name without
  /// what is a default anyway, and what becomes of events.
  package var digest: String {
    var lines = ["lamctl-trg-1", scope.aliasARN]
    if let triggers {
      for trigger in triggers.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
        lines.append("\(trigger.name) \(trigger.kind.rawValue) \(trigger.stated.canonical)")
      }
    } else {
      lines.append("-")
    }
    switch eventInvoke {
    case nil: lines.append("-")
    case .some(.none): lines.append("null")
    case .settings(let settings): lines.append(settings.canonical)
    }
    return Marks.digits(of: lines.joined(separator: "\n"), 32)
  }
}

extension Trigger {
  /// The settings without those that are what they would be anyway.
  var stated: JSONObject {
    let defaults = Self.defaults[kind] ?? [:]
    return JSONObject(
      settings.members.filter { key, value in defaults[key] != value }.map { ($0.key, $0.value) })
  }

  private static let defaults: [TriggerKind: [String: JSON]] = [
    .functionUrl: ["InvokeMode": "BUFFERED"],
    .httpApi: ["PayloadFormatVersion": "2.0", "AuthorizationType": "NONE", "TimeoutInMillis": 30_000],
    .s3: ["via": "notification", "prefix": "", "suffix": ""],
    .rule: ["EventBusName": "default", "State": "ENABLED"],
    .schedule: [
      "State": "ENABLED", "FlexibleTimeWindow": ["Mode": "OFF"], "ActionAfterCompletion": "NONE",
      "ScheduleExpressionTimezone": "UTC",
    ],
    .eventSource: ["Enabled": true],
    .sns: ["FilterPolicyScope": "MessageAttributes"],
    .grant: ["Action": "lambda:InvokeFunction"],
  ]
}
