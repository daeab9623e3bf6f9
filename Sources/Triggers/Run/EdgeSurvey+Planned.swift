internal import Core

extension EdgeSurveyor {
  /// What functions are to have that do not exist yet: of them nothing can be read, of their queues something can.
  ///
  /// - Throws: ``EdgeError`` when AWS cannot be read.
  public func planned(_ subjects: [EdgeSubject]) async throws(EdgeError) -> [EdgeSurvey] {
    let readings = Readings(services)
    return try await Concurrent.map(subjects, limit: parallel) { subject throws(EdgeError) in
      var survey = EdgeSurvey(planned: subject)
      try await survey.hold(
        against: EdgeLook(
          scope: subject.scope, wanted: [], placed: [], mayBeThere: false, isRecorded: false,
          readings: readings))
      return survey
    }
  }
}

extension EdgeSurvey {
  /// What a function that does not exist yet is to have: all of it is to be made.
  fileprivate init(planned subject: EdgeSubject) {
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
