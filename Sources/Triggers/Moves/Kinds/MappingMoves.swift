internal import AWSClient
internal import Core

/// Event source mappings, which keep their place when another name of the function is fed. A stream is stopped
/// meanwhile: nothing promises that no record is read twice, or by both, while its reader changes.
struct MappingMoves: EdgeMoves {
  private static let (pause, longest) = (TimeSpan.seconds(2), TimeSpan.minutes(5))

  func plan(_ edges: HangingEdges, for triggers: [Trigger], into draft: inout MoveDraft) {
    for mapping in edges.mappings where edges.isUnqualified(mapping["FunctionArn"]?.string) {
      let source = MappingEdges.source(mapping)
      let id = mapping["UUID"]?.string ?? ""
      let twin = edges.mappings.first {
        edges.isAlias($0["FunctionArn"]?.string) && Self.isSameSource($0, mapping)
      }
      if let twin {
        draft.obstacles.append(
          "\(source) feeds the bare function by the mapping \(id) and the alias by \(twin["UUID"]?.string ?? ""): "
            + "delete one of the two")
        continue
      }
      let moves = Self.moves(mapping, id: id, source: source, in: edges.scope)
      draft.items += moves.map {
        MoveDraft.Item(
          move: $0, key: HangingKey.mapping(id),
          property: ("AWS::Lambda::EventSourceMapping", "FunctionName"), value: edges.scope.aliasARN)
      }
    }
  }

  private static func isSameSource(_ a: JSONObject, _ b: JSONObject) -> Bool {
    ["EventSourceArn", "SelfManagedEventSource", "Topics", "Queues"].allSatisfy { name in
      Likeness.same(a[name] ?? .null, b[name] ?? .null)
    }
  }

  /// A queue hides what it has handed out; a stream has one place for all.
  private static func isStream(_ source: String) -> Bool {
    !source.contains(":sqs:") && !source.contains(":mq:")
  }

  private static func moves(
    _ mapping: JSONObject, id: String, source: String, in scope: EdgeScope
  ) -> [Move] {
    let bare = mapping["FunctionArn"]?.string ?? ""
    let isEnabled = Self.isEnabled(mapping)
    func state(_ arn: String, _ isEnabled: Bool) -> JSON {
      ["FunctionArn": .string(arn), "Enabled": .bool(isEnabled)]
    }
    func move(_ before: JSON, _ after: JSON, _ words: String) -> Move {
      Move(
        .eventSource, in: scope, place: JSONObject([("id", .string(id))]), before: before, after: after,
        group: "mapping \(id)", title: "\(words) \(source)")
    }
    let alias = scope.aliasARN
    guard isEnabled, isStream(source) else {
      return [move(state(bare, isEnabled), state(alias, isEnabled), "mapping of")]
    }
    return [
      move(state(bare, true), state(bare, false), "stop the mapping of"),
      move(state(bare, false), state(alias, false), "mapping of"),
      move(state(alias, false), state(alias, true), "start the mapping of"),
    ]
  }

  private static func isEnabled(_ mapping: JSONObject) -> Bool {
    !["Disabled", "Disabling"].contains(mapping["State"]?.string ?? "Enabled")
  }

  /// A mapping that is on its way from one state to another is waited for.
  func state(of move: Move, _ writer: EdgeWriter) async throws(EdgeError) -> JSON {
    let id = move.place["id"]?.string ?? ""
    var waited = TimeSpan.zero
    while true {
      let found = try await writer.trying(nil) { () async throws(AWSError) in
        try await writer.services.lambda.mapping(id)
      }
      guard let mapping = found, mapping["State"]?.string != "Deleting" else { return .null }
      if ["Enabled", "Disabled"].contains(mapping["State"]?.string ?? "Enabled") {
        return [
          "FunctionArn": mapping["FunctionArn"] ?? .null, "Enabled": .bool(Self.isEnabled(mapping)),
        ]
      }
      try await writer.rest(
        Self.pause, &waited, until: Self.longest, or: "the event source mapping \(id) does not come to rest")
    }
  }

  func put(
    _ state: JSON, over present: JSON, for move: Move, _ writer: EdgeWriter
  ) async throws(EdgeError) -> [String] {
    let id = move.place["id"]?.string ?? ""
    var changes = JSONObject()
    if state["FunctionArn"] != present["FunctionArn"] { changes["FunctionName"] = state["FunctionArn"] }
    if state["Enabled"] != present["Enabled"] { changes["Enabled"] = state["Enabled"] }
    let wanted = changes
    try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.lambda.updateMapping(id, wanted)
    }
    // Reads lag behind the answer.
    var waited = TimeSpan.zero
    while !Likeness.same(try await self.state(of: move, writer), state) {
      try await writer.rest(
        Self.pause, &waited, until: Self.longest, or: "the event source mapping \(id) does not change")
    }
    return []
  }
}

/// The tag by which a mapping is known as a trigger's, so that a deploy may change it.
struct MarkMoves: EdgeMoves {
  func plan(_ edges: HangingEdges, for triggers: [Trigger], into draft: inout MoveDraft) {
    for mapping in edges.mappings {
      let arn = mapping["FunctionArn"]?.string
      guard edges.isUnqualified(arn) || edges.isAlias(arn),
        !edges.marked.contains(mapping["UUID"]?.string ?? "")
      else { continue }
      let trigger = triggers.first { $0.kind == .eventSource && MappingEdges.isSource(of: $0, mapping) }
      guard let trigger else { continue }
      let scope = edges.scope
      draft.items.append(
        MoveDraft.Item(
          move: Move(
            .mark, in: scope, place: JSONObject([("arn", .string(scope.mappingARN(mapping)))]),
            before: .null, after: .string(Marks.tag(of: trigger.name, in: scope)),
            group: "mark \(mapping["UUID"]?.string ?? "")",
            title: "mapping of \(MappingEdges.source(mapping)) becomes the trigger \(trigger.name)"),
          key: HangingKey.mapping(mapping["UUID"]?.string ?? ""),
          property: ("AWS::Lambda::EventSourceMapping", "Tags"),
          value: "\(Marks.tagKey)=\(Marks.tag(of: trigger.name, in: scope))"))
    }
  }

  func state(of move: Move, _ writer: EdgeWriter) async throws(EdgeError) -> JSON {
    let arn = move.place["arn"]?.string ?? ""
    let tags = try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.lambda.tags(arn)
    }
    return .optional(tags[Marks.tagKey])
  }

  func put(
    _ state: JSON, over present: JSON, for move: Move, _ writer: EdgeWriter
  ) async throws(EdgeError) -> [String] {
    let arn = move.place["arn"]?.string ?? ""
    try await writer.trying(nil) { () async throws(AWSError) in
      guard let mark = state.string else {
        return try await writer.services.lambda.untag(arn, [Marks.tagKey])
      }
      try await writer.services.lambda.tag(arn, [Marks.tagKey: mark])
    }
    return []
  }
}
