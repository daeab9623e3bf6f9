package import Core

/// The operations of API Gateway's version 2 on HTTP APIs. All throw ``AWSError``.
package struct APIGatewayClient: Sendable {
  let pipeline: Pipeline

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// All APIs in the account and region.
  package func getAPIs() async throws(AWSError) -> [APIDescription] {
    try await all(call("GetApis", "")).map(APIDescription.init)
  }

  /// An API; nil when there is none of the id.
  package func getAPI(_ apiID: String) async throws(AWSError) -> APIDescription? {
    do throws(AWSError) {
      return APIDescription(try await pipeline.answer(call("GetApi", apiID)).object)
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  /// All routes of an API.
  package func getRoutes(_ apiID: String) async throws(AWSError) -> [APIRoute] {
    try await all(call("GetRoutes", apiID, "/routes")).map(APIRoute.init)
  }

  /// All integrations of an API.
  package func getIntegrations(_ apiID: String) async throws(AWSError) -> [APIIntegration] {
    try await all(call("GetIntegrations", apiID, "/integrations")).map(APIIntegration.init)
  }

  /// All stages of an API.
  package func getStages(_ apiID: String) async throws(AWSError) -> [APIStage] {
    try await all(call("GetStages", apiID, "/stages")).map(APIStage.init)
  }

  /// Publishes all changes of an API that are pending, whoever made them.
  ///
  /// - Parameter stage: the stage that shows it; nil for none yet.
  package func createDeployment(
    _ apiID: String, stage: String?, description: String = ""
  ) async throws(AWSError) {
    var members = JSONObject()
    members["stageName"] = stage.map(JSON.string)
    if !description.isEmpty { members["description"] = .string(description) }
    var call = self.call("CreateDeployment", apiID, "/deployments", method: "POST")
    call.lane = .apiDeployments
    call.send(.json(members))
    _ = try await pipeline.answer(call)
  }
}

extension APIGatewayClient {
  /// Lets an API answer requests of a method and path; one for them is a conflict, unless a lost attempt has made it.
  ///
  /// - Parameter route: members of CreateRoute: `routeKey`, `target`, `authorizationType`, and so on.
  package func createRoute(_ apiID: String, route: JSONObject) async throws(AWSError) -> APIRoute {
    var call = self.call("CreateRoute", apiID, "/routes", method: "POST")
    call.send(.json(route))
    do throws(CallFailure) {
      return APIRoute(try await pipeline.send(call).object)
    } catch {
      guard error.lostAnswer, error.error.isConflict else { throw error.error }
      let made = try await getRoutes(apiID).first { $0.members.has(route) }
      guard let made else { throw error.error }
      return made
    }
  }

  /// Changes a route; members that are absent stay as they are.
  package func updateRoute(
    _ apiID: String, routeID: String, changes: JSONObject
  ) async throws(AWSError) -> APIRoute {
    var call = self.call("UpdateRoute", apiID, "/routes/\(PercentEncoding.encode(routeID))", method: "PATCH")
    call.send(.json(changes))
    return APIRoute(try await pipeline.answer(call).object)
  }

  /// Takes a route away.
  ///
  /// - Returns: whether there was one.
  @discardableResult
  package func deleteRoute(_ apiID: String, routeID: String) async throws(AWSError) -> Bool {
    try await isThere(
      call("DeleteRoute", apiID, "/routes/\(PercentEncoding.encode(routeID))", method: "DELETE"))
  }

  /// Makes something that routes can lead to. Nothing tells two alike apart: when an answer is lost, one that is there
  /// and has every member is taken for the one that was asked for.
  ///
  /// - Parameter integration: members of CreateIntegration: `integrationType`, `integrationUri`, `description`, and so on.
  package func createIntegration(
    _ apiID: String, integration: JSONObject
  ) async throws(AWSError) -> APIIntegration {
    var call = self.call("CreateIntegration", apiID, "/integrations", method: "POST")
    call.send(.json(integration))
    call.repetition = .onlyIfNotProcessed
    do throws(CallFailure) {
      return APIIntegration(try await pipeline.send(call).object)
    } catch {
      guard error.lostAnswer, !error.error.isCancelled else { throw error.error }
      let made = try await getIntegrations(apiID).first { $0.members.has(integration) }
      if let made { return made }
    }
    // It did not come to be: once more, and no look after that.
    return APIIntegration(try await pipeline.answer(call).object)
  }

  /// Changes an integration in place; members that are absent stay as they are.
  package func updateIntegration(
    _ apiID: String, integrationID: String, changes: JSONObject
  ) async throws(AWSError) -> APIIntegration {
    var call = self.call(
      "UpdateIntegration", apiID, "/integrations/\(PercentEncoding.encode(integrationID))", method: "PATCH")
    call.send(.json(changes))
    return APIIntegration(try await pipeline.answer(call).object)
  }

  /// Takes an integration away; one that routes lead to is a conflict.
  ///
  /// - Returns: whether there was one.
  @discardableResult
  package func deleteIntegration(_ apiID: String, integrationID: String) async throws(AWSError) -> Bool {
    try await isThere(
      call(
        "DeleteIntegration", apiID, "/integrations/\(PercentEncoding.encode(integrationID))", method: "DELETE"
      ))
  }
}

extension APIGatewayClient {
  private func call(
    _ operation: String, _ apiID: String, _ path: String = "", method: String = "GET"
  ) -> APICall {
    APICall(
      service: .apiGateway, operation: operation, method: method,
      path: "/v2/apis" + (apiID.isEmpty ? "" : "/\(PercentEncoding.encode(apiID))\(path)"), resource: apiID,
      lane: .apiGateway, expects: .jsonObject)
  }

  /// Every page of a list, through short and empty ones.
  private func all(_ call: APICall) async throws(AWSError) -> [JSONObject] {
    var found: [JSONObject] = []
    try await pipeline.pages(token: "nextToken") { token in
      var call = call
      call.add("nextToken", token)
      return call
    } take: { page in
      found += page["items"]?.array?.compactMap(\.object) ?? []
      return true
    }
    return found
  }

  private func isThere(_ call: APICall) async throws(AWSError) -> Bool {
    var call = call
    call.expects = .anything
    do throws(AWSError) {
      _ = try await pipeline.answer(call)
      return true
    } catch {
      if error.isNotFound { return false }
      throw error
    }
  }
}

extension JSONObject {
  /// Whether every member of `wanted` is here with the same value.
  fileprivate func has(_ wanted: JSONObject) -> Bool {
    wanted.members.allSatisfy { self[$0.key] == $0.value }
  }
}
