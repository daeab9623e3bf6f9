internal import AWSClient
internal import Core

extension EdgeWriter {
  private static let (pause, longest) = (TimeSpan.seconds(2), TimeSpan.minutes(5))
  /// For how long a list may show a mapping that is at rest as it was before a change.
  private static let lagging = TimeSpan.seconds(60)

  /// Makes a mapping. One that is there although no list has shown it is ours where its tag says so, and is changed.
  func createMapping(_ members: JSONObject, _ trigger: String) async throws(EdgeError) {
    do throws(EdgeError) {
      try await trying(trigger) { () async throws(AWSError) in
        _ = try await services.lambda.createMapping(members)
      }
    } catch {
      guard error.cause?.isConflict ?? false else { throw error }
      let all = try await trying(trigger) { () async throws(AWSError) in try await services.lambda.mappings()
      }
      let wanted = Trigger(
        name: trigger, kind: .eventSource, settings: members.without(["FunctionName", "Tags"]))
      let present = all.first {
        $0["FunctionArn"]?.string == scope.aliasARN && MappingEdges.isSource(of: wanted, $0)
      }
      guard let present, let id = present["UUID"]?.string else { throw error }
      let arn =
        present["EventSourceMappingArn"]?.string
        ?? "arn:\(scope.partition):lambda:\(scope.region):\(scope.account):event-source-mapping:\(id)"
      let tags = try await trying(trigger) { () async throws(AWSError) in
        try await services.lambda.tags(arn)
      }
      guard tags[Marks.tagKey]?.hasPrefix(Marks.tag(of: "", in: scope)) ?? false else {
        throw .foreign(scope, trigger, "the event source mapping \(id)")
      }
      let changes = MappingEdges.changes(to: present, for: wanted)
      guard !changes.isEmpty else { return }
      try await trying(trigger) { () async throws(AWSError) in
        try await services.lambda.updateMapping(id, changes)
      }
    }
  }

  /// Stops a mapping, waits until no batch of it is read any more, and takes it away.
  func deleteMapping(_ id: String, _ trigger: String) async throws(EdgeError) {
    do throws(EdgeError) {
      try await trying(trigger) { () async throws(AWSError) in
        try await services.lambda.updateMapping(id, JSONObject([("Enabled", false)]))
      }
    } catch {
      // Another run may have been faster.
      guard error.cause?.isNotFound ?? false else { throw error }
      return
    }
    var waited = TimeSpan.zero
    while true {
      let present = try await trying(trigger) { () async throws(AWSError) in
        try await services.lambda.mapping(id)
      }
      guard let present else { return }
      if present["State"]?.string == "Disabled" { break }
      try await rest(&waited, trigger, "the event source mapping \(id) does not come to a stop")
    }
    try await trying(trigger) { () async throws(AWSError) in try await services.lambda.deleteMapping(id) }
  }

  /// Waits until mappings are what they are to be: their changes go on after the answer.
  func settle(_ triggers: [Trigger]) async throws(EdgeError) {
    guard let first = triggers.first else { return }
    var waited = TimeSpan.zero
    while true {
      let all = try await trying(first.name) { () async throws(AWSError) in
        try await services.lambda.mappings()
      }.filter { $0["FunctionArn"]?.string == scope.aliasARN && $0["State"]?.string != "Deleting" }
      let open = triggers.lazy.compactMap { trigger in Self.lag(of: trigger, all).map { (trigger, $0) } }
        .first
      guard let (trigger, lag) = open else { return }
      let source = MappingEdges.source(trigger.settings)
      if !lag.isEmpty, waited >= Self.lagging {
        throw EdgeError(
          scope, trigger.name,
          "Lambda keeps \(lag.joined(separator: ", ")) of the event source mapping of \(source) as it was",
          fix: "state what it has, or delete the mapping, so that the next deploy makes a new one")
      }
      try await rest(
        &waited, trigger.name, "the event source mapping of \(source) does not get ready")
    }
  }

  /// What a mapping that has come to rest has otherwise than it is wanted, empty while it has not; nil where all is well.
  private static func lag(of trigger: Trigger, _ all: [JSONObject]) -> [String]? {
    guard let present = all.first(where: { MappingEdges.isSource(of: trigger, $0) }) else { return [] }
    let state = trigger.settings["Enabled"]?.bool ?? true ? "Enabled" : "Disabled"
    guard present["State"]?.string == state else { return [] }
    let changes = MappingEdges.changes(to: present, for: trigger)
    return changes.isEmpty ? nil : changes.keys.map(Likeness.key)
  }

  private func rest(_ waited: inout TimeSpan, _ trigger: String, _ reason: String) async throws(EdgeError) {
    guard waited < Self.longest else { throw EdgeError(scope, trigger, reason) }
    do { try await services.clock.sleep(for: Self.pause) } catch {
      throw EdgeError(scope, trigger, .cancelled("a wait for an event source mapping"))
    }
    waited = waited + Self.pause
  }
}
