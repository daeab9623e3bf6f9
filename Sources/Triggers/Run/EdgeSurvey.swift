internal import AWSClient
internal import Core

/// What one function has, what it is to have, and the way from one to the other.
package struct EdgeSurvey: Sendable {
  /// What is wanted.
  package let subject: EdgeSubject
  /// Every trigger, by name; those that are not wanted any more behind.
  package internal(set) var steps: [EdgeStep] = []
  /// Edges to the alias that lamctl did not make.
  package internal(set) var foreign: [ForeignEdge] = []
  /// What keeps all of it from being written; empty when nothing does.
  package internal(set) var obstacles: [EdgeError] = []
  /// Permissions to add.
  var added: [Statement] = []
  /// Permissions to take away, once nothing needs them any more.
  var removed: [PlacedStatement] = []
  /// The ids of those of them that this run leaves: a stage that is not deployed yet still calls by them.
  var held: Set<String> = []
  /// The entries that buckets are to have.
  var entries: [String: [NotificationEntry]] = [:]

  init(_ subject: EdgeSubject) {
    self.subject = subject
  }

  /// Whether something is not as it is wanted: an edge is to be written, or cannot be. A permission that waits for its end
  /// is no difference.
  package var differs: Bool { !obstacles.isEmpty || steps.contains { $0.change != .none } }
}

/// Finds out what functions have, and compares.
package struct EdgeSurveyor: Sendable {
  let services: EdgeServices
  let parallel: Int

  /// A surveyor that looks at so many functions at once.
  package init(_ services: EdgeServices, parallel: Int) {
    self.services = services
    self.parallel = parallel
  }

  /// Reads the edges of functions. It writes nothing.
  ///
  /// - Throws: ``EdgeError`` when AWS cannot be read.
  package func survey(_ subjects: [EdgeSubject]) async throws(EdgeError) -> [EdgeSurvey] {
    let readings = Readings(services, functions: Set(subjects.map(\.scope.functionARN)))
    return try await Concurrent.map(subjects, limit: parallel) { subject throws(EdgeError) in
      try await Self.survey(subject, readings)
    }
  }

  private static func survey(
    _ subject: EdgeSubject, _ readings: Readings
  ) async throws(EdgeError) -> EdgeSurvey {
    var survey = EdgeSurvey(subject)
    let look: (TriggerKind, [Trigger], [PlacedStatement]) -> EdgeLook = { kind, wanted, placed in
      EdgeLook(
        scope: subject.scope, wanted: wanted, placed: placed.filter { $0.kind == kind },
        mayBeThere: subject.recorded?.kinds.contains(kind) ?? true,
        isRecorded: subject.recorded?.kinds.contains(kind) ?? false, removals: subject.recorded?.removals,
        readings: readings)
    }
    if let wish = subject.eventInvoke,
      let step = try await EventInvokeEdges.find(wish, look(.eventInvoke, [], []))
    {
      survey.steps.append(step)
    }
    guard let triggers = subject.triggers else { return survey }
    let (name, alias) = (subject.scope.functionName, subject.scope.alias)
    let statements = try await look(.grant, [], []).reading { () async throws(AWSError) in
      try await readings.services.lambda.statements(name, alias: alias)
    }
    let placed = statements.compactMap(PlacedStatement.init)
    var findings: [EdgeFindings] = []
    for kind in EdgeKinds.all {
      findings.append(
        try await kind.find(look(kind.kind, triggers.filter { $0.kind == kind.kind }, placed)))
    }
    for found in findings {
      survey.steps += found.steps
      survey.foreign += found.foreign
      survey.obstacles += found.obstacles
      survey.held.formUnion(found.held)
      survey.entries.merge(found.entries) { $0 + $1 }
    }
    try await survey.hold(against: look(.eventSource, [], []))
    survey.compare(findings.flatMap(\.statements), with: placed)
    survey.steps.sort { a, b in
      (a.change == .remove ? 1 : 0, a.trigger, a.kind) < (b.change == .remove ? 1 : 0, b.trigger, b.kind)
    }
    return survey
  }
}

extension EdgeSurvey {
  /// Which permissions come and go. One that is to be changed has another id: it comes first, then the edge changes, then
  /// the old one goes.
  fileprivate mutating func compare(_ wanted: [Statement], with placed: [PlacedStatement]) {
    let present = Set(placed.map(\.sid))
    var seen: Set<JSONObject> = []
    // Two triggers with one source share a permission.
    let needed = wanted.sorted { $0.trigger < $1.trigger }.filter { seen.insert($0.members).inserted }
    added = needed.filter { !present.contains($0.sid) }
    let ids = Set(needed.map(\.sid))
    removed = placed.filter { !ids.contains($0.sid) }
    for statement in added {
      for index in steps.indices
      where steps[index].trigger == statement.trigger && steps[index].change == .none {
        steps[index].change = .modify
        steps[index].differs.append("permission")
      }
    }
  }
}
