internal import Core

extension EdgeSurveyor {
  /// What functions are to have that have no alias yet: of them nothing can be read, but of what is to call them.
  ///
  /// - Parameter functions: ARNs of those that have an alias and are released by the same run.
  /// - Throws: ``EdgeError`` when AWS cannot be read.
  package func planned(
    _ subjects: [EdgeSubject], beside functions: Set<String> = []
  ) async throws(EdgeError) -> [EdgeSurvey] {
    let readings = Readings(services, functions: functions)
    return try await Concurrent.map(subjects, limit: parallel) { subject throws(EdgeError) in
      let look: (TriggerKind?) -> EdgeLook = { kind in
        EdgeLook(
          scope: subject.scope, wanted: (subject.triggers ?? []).filter { $0.kind == kind }, placed: [],
          mayBeThere: false, isRecorded: false, readings: readings)
      }
      var findings: [EdgeFindings] = []
      for kind in Self.apart where !look(kind.kind).wanted.isEmpty {
        findings.append(try await kind.find(look(kind.kind)))
      }
      var survey = EdgeSurvey(planned: subject, findings)
      try await survey.hold(against: look(nil))
      return survey
    }
  }

  /// The kinds whose edges lie outside of the function: what is in their way is there before it.
  private static let apart: [any EdgeKind] = [
    HTTPAPIEdges(), NotificationEdges(), RuleEdgeKind(), ScheduleEdgeKind(), MappingEdges(), TopicEdgeKind(),
  ]
}

extension EdgeSurvey {
  /// What a function that has no alias yet is to have: all of it is to be made, but for what is in the way.
  fileprivate init(planned subject: EdgeSubject, _ findings: [EdgeFindings]) {
    self.init(subject)
    obstacles = findings.flatMap(\.obstacles)
    let found = findings.flatMap(\.steps)
    steps = (subject.triggers ?? []).map { trigger in
      found.first { $0.trigger == trigger.name && $0.kind == trigger.kind } ?? Self.step(trigger)
    }
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
