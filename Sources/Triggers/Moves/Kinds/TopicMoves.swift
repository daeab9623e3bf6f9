internal import AWSClient
internal import Core

/// Subscriptions have no target that could be changed: the alias subscribes, then the bare function's ends. In between a
/// message comes to both.
struct TopicMoves: EdgeMoves {
  func plan(_ edges: HangingEdges, for triggers: [Trigger], into draft: inout MoveDraft) {
    for bare in edges.subscriptions where edges.isUnqualified(bare.endpoint) {
      let twin = edges.subscriptions.first { $0.topic == bare.topic && edges.isAlias($0.endpoint) }
      if let twin, twin.attributes != bare.attributes {
        draft.obstacles.append(
          "the alias is subscribed to \(bare.topic) already, with another filter than the bare function: "
            + "end one of the two subscriptions")
        continue
      }
      let state = Self.state(bare.attributes)
      var moves: [Move] = []
      if twin == nil {
        moves.append(Self.move(bare.topic, edges.scope.aliasARN, .null, state, "subscribe to", edges.scope))
      }
      moves.append(
        Self.move(bare.topic, bare.endpoint, state, .null, "end the bare subscription to", edges.scope))
      draft.items += moves.map {
        MoveDraft.Item(
          move: $0, property: ("AWS::SNS::Subscription", "Endpoint"), value: edges.scope.aliasARN)
      }
      draft.notes.append("a message of \(bare.topic) that comes during the change may come twice")
    }
  }

  private static func move(
    _ topic: String, _ endpoint: String, _ before: JSON, _ after: JSON, _ words: String, _ scope: EdgeScope
  ) -> Move {
    Move(
      .sns, in: scope, place: JSONObject([("topic", .string(topic)), ("endpoint", .string(endpoint))]),
      before: before, after: after, group: "topic \(topic)", title: "\(words) \(topic)")
  }

  private static func state(_ attributes: [String: String]) -> JSON {
    .object(JSONObject(attributes.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
  }

  private func subscription(
    of move: Move, _ writer: EdgeWriter
  ) async throws(EdgeError) -> String? {
    let topic = move.place["topic"]?.string ?? ""
    let all = try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.topics.subscriptions(topic)
    }
    return TopicEdgeKind.confirmed(all, move.place["endpoint"]?.string ?? "")
  }

  func state(of move: Move, _ writer: EdgeWriter) async throws(EdgeError) -> JSON {
    guard let arn = try await subscription(of: move, writer) else { return .null }
    let attributes = try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.topics.attributes(arn)
    }
    return Self.state(TopicEdgeKind.settable(attributes ?? [:]))
  }

  func put(
    _ state: JSON, over present: JSON, for move: Move, _ writer: EdgeWriter
  ) async throws(EdgeError) -> [String] {
    guard let members = state.object?.members else {
      guard let arn = try await subscription(of: move, writer) else { return [] }
      try await writer.trying(nil) { () async throws(AWSError) in
        try await writer.services.topics.unsubscribe(arn)
      }
      return []
    }
    let (topic, endpoint) = (move.place["topic"]?.string ?? "", move.place["endpoint"]?.string ?? "")
    let attributes = Dictionary(members.map { ($0.key, $0.value.string ?? "") }) { $1 }
    guard try await writer.subscribe(endpoint, to: topic, attributes, nil) else {
      throw EdgeError(
        move.scope, nil, "the subscription to \(topic) waits for the topic's owner to confirm it",
        fix: "have it confirmed, and run the same command again")
    }
    return []
  }
}
