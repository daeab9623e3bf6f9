internal import Core

extension APIGatewayService {
  /// The most routes, and the most integrations, of an API.
  private static let limit = 300
  private static let routeMembers = [
    "apiKeyRequired", "authorizationScopes", "authorizationType", "authorizerId", "operationName", "routeKey",
    "target",
  ]
  private static let integrationMembers = [
    "connectionId", "connectionType", "credentialsArn", "description", "integrationMethod",
    "integrationSubtype",
    "integrationType", "integrationUri", "payloadFormatVersion", "requestParameters", "responseParameters",
    "timeoutInMillis", "tlsConfig",
  ]

  func createRoute(_ id: String, _ body: JSONObject) throws(ServiceError) -> JSONObject {
    try change(id) { api throws(ServiceError) in
      guard api.routing.routes.count < Self.limit else { throw Self.bad("Maximum number of routes exceeded") }
      var route = JSONObject([
        ("apiKeyRequired", false), ("authorizationType", "NONE"), ("routeId", .string(Self.newID())),
      ])
      for key in Self.routeMembers where body[key] != nil { route[key] = body[key] }
      try check(route, in: api)
      api.routing.routes.append(route)
      return route
    }
  }

  func updateRoute(_ call: APIGatewayOperation, _ body: JSONObject) throws(ServiceError) -> JSONObject {
    try change(call.api) { api throws(ServiceError) in
      let index = try index(of: call.item, in: api.routing.routes, "routeId", "route")
      var route = api.routing.routes[index]
      for key in Self.routeMembers where body[key] != nil { route[key] = body[key] }
      try check(route, in: api)
      api.routing.routes[index] = route
      return route
    }
  }

  func deleteRoute(_ call: APIGatewayOperation) throws(ServiceError) -> HTTPResponse {
    try change(call.api) { api throws(ServiceError) in
      let index = try index(of: call.item, in: api.routing.routes, "routeId", "route")
      api.routing.routes.remove(at: index)
      return ()
    }
    return HTTPResponse(status: 204)
  }

  private func check(_ route: JSONObject, in api: APIRecord) throws(ServiceError) {
    let text = route["routeKey"]?.string ?? ""
    guard let key = RouteKey(text) else {
      throw Self.bad(
        "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\""
      )
    }
    let others = api.routing.routes.filter { $0["routeId"] != route["routeId"] }
    guard !others.contains(where: { $0["routeKey"]?.string == key.text }) else {
      throw ServiceError(409, "ConflictException", "Route with key \(key.text) already exists for this API")
    }
    guard ["NONE", "JWT", "AWS_IAM", "CUSTOM"].contains(route["authorizationType"]?.string ?? "NONE") else {
      throw Self.bad("Invalid authorizationType specified")
    }
    guard let target = route["target"]?.string, !target.isEmpty else { return }
    let prefix = "integrations/"
    guard target.hasPrefix(prefix), api.routing.integration(String(target.dropFirst(prefix.count))) != nil
    else {
      throw Self.bad("Invalid target specified: there is no \(target)")
    }
  }

  func createIntegration(_ id: String, _ body: JSONObject) throws(ServiceError) -> JSONObject {
    try change(id) { api throws(ServiceError) in
      guard api.routing.integrations.count < Self.limit else {
        throw Self.bad("Maximum number of integrations exceeded")
      }
      var integration = JSONObject([
        ("connectionType", "INTERNET"), ("integrationId", .string(Self.newID())), ("timeoutInMillis", 30_000),
      ])
      for key in Self.integrationMembers where body[key] != nil { integration[key] = body[key] }
      if integration["integrationType"] == "AWS_PROXY", integration["integrationMethod"] == nil {
        integration["integrationMethod"] = "POST"
      }
      try check(integration)
      api.routing.integrations.append(integration)
      return integration
    }
  }

  func updateIntegration(_ call: APIGatewayOperation, _ body: JSONObject) throws(ServiceError) -> JSONObject {
    try change(call.api) { api throws(ServiceError) in
      let index = try index(of: call.item, in: api.routing.integrations, "integrationId", "integration")
      var integration = api.routing.integrations[index]
      for key in Self.integrationMembers where body[key] != nil { integration[key] = body[key] }
      try check(integration)
      api.routing.integrations[index] = integration
      return integration
    }
  }

  func deleteIntegration(_ call: APIGatewayOperation) throws(ServiceError) -> HTTPResponse {
    try change(call.api) { api throws(ServiceError) in
      let index = try index(of: call.item, in: api.routing.integrations, "integrationId", "integration")
      let users = api.routing.routes.filter { $0["target"]?.string == "integrations/\(call.item)" }
      guard users.isEmpty else {
        let keys = users.compactMap { $0["routeKey"]?.string }.joined(separator: ", ")
        throw ServiceError(
          409, "ConflictException",
          "Cannot delete Integration '\(call.item)'. It is used by the routes: \(keys)")
      }
      api.routing.integrations.remove(at: index)
      return ()
    }
    return HTTPResponse(status: 204)
  }

  private func check(_ integration: JSONObject) throws(ServiceError) {
    let kinds = ["AWS_PROXY", "HTTP_PROXY"]
    guard let kind = integration["integrationType"]?.string, kinds.contains(kind) else {
      throw Self.bad("Invalid integration type specified. HTTP APIs take \(kinds.joined(separator: " and "))")
    }
    guard integration["integrationUri"]?.string?.isEmpty == false || integration["integrationSubtype"] != nil
    else {
      throw Self.bad("Invalid integration URI specified")
    }
    let formats = kind == "AWS_PROXY" ? ["1.0", "2.0"] : ["1.0"]
    guard let format = integration["payloadFormatVersion"]?.string, formats.contains(format) else {
      throw Self.bad(
        "Invalid PayloadFormatVersion specified: it must be \(formats.joined(separator: " or "))")
    }
    guard let timeout = integration["timeoutInMillis"]?.int, (50...30_000).contains(timeout) else {
      throw Self.bad("Timeout should be between 50 ms and 30000 ms")
    }
  }

  private func index(
    of id: String, in items: [JSONObject], _ key: String, _ word: String
  ) throws(ServiceError) -> Int {
    guard let index = items.firstIndex(where: { $0[key]?.string == id }) else {
      throw ServiceError(404, "NotFoundException", "Invalid \(word) identifier specified \(id)")
    }
    return index
  }
}
