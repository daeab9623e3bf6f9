internal import Core

extension EdgeSurvey {
  /// What a function that does not exist yet is to have: all of it is to be made, and nothing can be read.
  public init(planned subject: EdgeSubject) {
    self.init(subject)
    steps = (subject.triggers ?? []).map { Self.step($0) }
    if case .settings(let settings)? = subject.eventInvoke {
      let detail = settings.members.map { "\(Likeness.key($0.key)) \($0.value.text())" }
      steps.append(
        EdgeStep(
          "eventInvoke", .eventInvoke, .add, source: subject.scope.functionName,
          detail: detail.joined(separator: ", ")))
    }
  }

  private static func step(_ trigger: Trigger) -> EdgeStep {
    let settings = trigger.settings
    let text = { (name: String) in settings[name]?.string ?? "" }
    let texts = { (name: String) in settings[name]?.array?.compactMap(\.string).joined(separator: ", ") ?? ""
    }
    let (source, detail): (String, String?) =
      switch trigger.kind {
      case .functionUrl: ("", text("AuthType"))
      case .httpApi: (text("api"), "\(text("api")) \(texts("routes"))")
      case .s3:
        (text("bucket"), "\(text("bucket")) \(text("prefix"))*\(text("suffix")) \(texts("events"))")
      case .rule: (settings["EventBusName"]?.string ?? "default", nil)
      case .schedule: (text("ScheduleExpression"), nil)
      case .eventSource: (MappingEdges.source(settings), nil)
      case .sns: (text("TopicArn"), nil)
      case .grant:
        (
          text("SourceArn"),
          [text("Principal"), text("SourceArn")].filter { !$0.isEmpty }.joined(separator: " ")
        )
      case .eventInvoke: ("", nil)
      }
    return EdgeStep(trigger.name, trigger.kind, .add, source: source, detail: detail)
  }
}
