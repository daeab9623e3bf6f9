internal import AWSClient
internal import Core

/// Integrations of HTTP APIs: the routes stay as they are, and what stands behind them is the alias.
struct IntegrationMoves: EdgeMoves {
  func plan(_ edges: HangingEdges, for triggers: [Trigger], into draft: inout MoveDraft) {
    let scope = edges.scope
    for integration in edges.integrations {
      let address = integration.members["integrationUri"]?.string ?? ""
      let isMoved = edges.isUnqualified(address)
      guard isMoved || edges.isAlias(address), let id = integration.members["integrationId"]?.string else {
        continue
      }
      let trigger = triggers.first { Self.isWanted($0, integration) }
      let mark = trigger.map { Marks.name(of: $0.name, in: scope, limit: 200) }
      let description = integration.members["description"]?.string ?? ""
      guard isMoved || mark.map({ $0 != description }) ?? false else { continue }
      var before = JSONObject([("integrationUri", .string(address))])
      var after = JSONObject([("integrationUri", .string(scope.led(address)))])
      if let mark {
        before["description"] = .string(description)
        after["description"] = .string(mark)
      }
      let routes = integration.routes.joined(separator: ", ")
      draft.items.append(
        MoveDraft.Item(
          move: Move(
            .httpApi, in: scope,
            place: JSONObject([("api", .string(integration.api)), ("integration", .string(id))]),
            before: .object(before), after: .object(after), group: "api \(integration.api)/\(id)",
            title: "\(routes.isEmpty ? "integration \(id)" : routes) of the API \(integration.api)"
              + (trigger.map { ", which becomes the trigger \($0.name)" } ?? "")),
          key: HangingKey.api(integration.api),
          property: ("AWS::ApiGatewayV2::Integration", "IntegrationUri"), value: scope.led(address)))
      draft.notes += integration.manualStages.map { stage in
        "the stage \(stage) of the API \(integration.api) shows it after: aws apigatewayv2 create-deployment "
          + "--api-id \(integration.api) --stage-name \(stage)"
      }
    }
    draft.notes += edges.otherAPIs.map { Self.advice($0, scope) }
  }

  /// How an API is moved that is not looked into.
  private static func advice(_ other: HangingEdges.OtherAPI, _ scope: EdgeScope) -> String {
    let api = other.id
    let address =
      "arn:\(scope.partition):apigateway:\(scope.region):lambda:path/2015-03-31/functions/\(scope.aliasARN)/invocations"
    switch other.kind {
    case .elsewhere(let account, let region):
      return
        "the API \(api) is one of the account \(account) in \(region), and is moved there: whatever in it calls the "
        + "function is to call \(scope.aliasARN)"
    case .socket:
      return
        "the API \(api) is one of web sockets, and is moved by hand: for each integration that aws apigatewayv2 "
        + "get-integrations --api-id \(api) shows with the function: aws apigatewayv2 update-integration --api-id \(api) "
        + "--integration-id ID --integration-uri \(address), and then aws apigatewayv2 create-deployment --api-id \(api) "
        + "--stage-name STAGE"
    case .rest:
      return
        "the API \(api) is a REST API, which is moved by hand, or gone: aws apigateway get-resources --rest-api-id \(api) "
        + "--embed methods names its methods; for each that calls the function: aws apigateway update-integration "
        + "--rest-api-id \(api) --resource-id ID --http-method METHOD --patch-operations "
        + "op=replace,path=/uri,value=\(address), and then aws apigateway create-deployment --rest-api-id \(api) "
        + "--stage-name STAGE; authorizers likewise by aws apigateway update-authorizer with path=/authorizerUri"
    }
  }

  /// Whether a trigger wants the very routes that lead to an integration.
  private static func isWanted(_ trigger: Trigger, _ integration: HangingEdges.Integration) -> Bool {
    guard trigger.kind == .httpApi, let api = trigger.settings["api"]?.string,
      api == integration.api || api == integration.apiName
    else { return false }
    let routes = trigger.settings["routes"]?.array?.compactMap(\.string) ?? []
    return !routes.isEmpty && Set(routes) == Set(integration.routes)
  }

  func state(of move: Move, _ writer: EdgeWriter) async throws(EdgeError) -> JSON {
    let api = move.place["api"]?.string ?? ""
    let all = try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.apis.integrations(api)
    }
    let found = all.first { $0["integrationId"] == move.place["integration"] }
    guard let found else { return .null }
    return .object(
      JSONObject((move.before.object?.keys ?? []).map { ($0, found[$0] ?? .string("")) }))
  }

  func put(
    _ state: JSON, over present: JSON, for move: Move, _ writer: EdgeWriter
  ) async throws(EdgeError) -> [String] {
    let (api, id) = (move.place["api"]?.string ?? "", move.place["integration"]?.string ?? "")
    let members = state.object ?? JSONObject()
    try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.apis.updateIntegration(api, id, members)
    }
    return []
  }
}
