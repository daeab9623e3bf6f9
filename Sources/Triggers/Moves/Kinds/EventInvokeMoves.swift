internal import AWSClient
internal import Core

/// What becomes of events that nobody waits for: the alias gets what the bare function has, which keeps it.
struct EventInvokeMoves: EdgeMoves {
  private static let members = ["MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"]

  func plan(_ edges: HangingEdges, for triggers: [Trigger], into draft: inout MoveDraft) {
    guard let bare = edges.eventInvoke.map({ Self.stated($0) }) else { return }
    if let present = edges.aliasEventInvoke.map({ Self.stated($0) }) {
      if !Likeness.same(bare, present) {
        draft.notes.append("the alias keeps its own rules for events that nobody waits for")
      }
      return
    }
    draft.items.append(
      MoveDraft.Item(
        move: Move(
          .eventInvoke, in: edges.scope, place: JSONObject([("alias", .string(edges.scope.alias))]),
          before: .null, after: bare, group: "eventInvoke",
          title: "rules for events that nobody waits for"),
        property: ("AWS::Lambda::EventInvokeConfig", "Qualifier"), value: edges.scope.alias))
  }

  /// What it says, without what is empty.
  private static func stated(_ settings: JSONObject) -> JSON {
    var stated = settings.only(members)
    let ends = stated["DestinationConfig"]?.object?.members.filter { !($0.value.object?.isEmpty ?? true) }
    stated["DestinationConfig"] =
      ends.flatMap { $0.isEmpty ? nil : .object(JSONObject($0.map { ($0.key, $0.value) })) }
    return .object(stated)
  }

  func state(of move: Move, _ writer: EdgeWriter) async throws(EdgeError) -> JSON {
    let found = try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.lambda.eventInvoke(move.scope.functionName, alias: move.scope.alias)
    }
    return found.map { Self.stated($0) } ?? .null
  }

  func put(
    _ state: JSON, over present: JSON, for move: Move, _ writer: EdgeWriter
  ) async throws(EdgeError) -> [String] {
    try await writer.trying(nil) { () async throws(AWSError) in
      guard let settings = state.object else {
        return try await writer.services.lambda.deleteEventInvoke(
          move.scope.functionName, alias: move.scope.alias)
      }
      try await writer.services.lambda.putEventInvoke(
        move.scope.functionName, alias: move.scope.alias, settings)
    }
    return []
  }
}
