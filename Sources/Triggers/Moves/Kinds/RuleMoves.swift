internal import AWSClient
internal import Core

/// Targets of rules: the same target, with the alias in place of the bare function, in one call.
struct RuleMoves: EdgeMoves {
  func plan(_ edges: HangingEdges, for triggers: [Trigger], into draft: inout MoveDraft) {
    for target in edges.targets {
      if target.callsAliasToo {
        draft.obstacles.append(
          "the rule \(target.rule) of the bus \(target.bus) calls the alias already: remove one of its two targets"
        )
        continue
      }
      var after = target.members
      after["Arn"] = .string(edges.scope.aliasARN)
      draft.items.append(
        MoveDraft.Item(
          move: Move(
            .rule, in: edges.scope,
            place: JSONObject([
              ("rule", .string(target.rule)), ("bus", .string(target.bus)),
              ("target", target.members["Id"] ?? .null),
            ]),
            before: .object(target.members), after: .object(after),
            group: "rule \(target.bus)/\(target.rule)",
            title: "rule \(target.rule) of the bus \(target.bus)"),
          key: HangingKey.rule(target.rule, bus: target.bus),
          property: ("AWS::Events::Rule", "Targets[].Arn"), value: edges.scope.aliasARN))
    }
  }

  func state(of move: Move, _ writer: EdgeWriter) async throws(EdgeError) -> JSON {
    let (rule, bus) = (move.place["rule"]?.string ?? "", move.place["bus"]?.string ?? "default")
    let targets = try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.rules.targets(rule, bus: bus)
    }
    return targets.first { $0["Id"] == move.place["target"] }.map(JSON.object) ?? .null
  }

  func put(
    _ state: JSON, over present: JSON, for move: Move, _ writer: EdgeWriter
  ) async throws(EdgeError) -> [String] {
    let (rule, bus) = (move.place["rule"]?.string ?? "", move.place["bus"]?.string ?? "default")
    let target = state.object ?? JSONObject()
    try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.rules.putTargets(rule, bus: bus, [target])
    }
    return []
  }
}
