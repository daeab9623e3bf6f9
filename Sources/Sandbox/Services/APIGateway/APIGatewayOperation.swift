/// Which operation of API Gateway's version 2 a request is.
struct APIGatewayOperation: Sendable {
  let name: String
  /// The API that the path names; empty for operations without one.
  let api: String
  /// What else it names: a route, an integration, a stage.
  let item: String

  private static let operations: [String: String] = [
    "GET apis": "GetApis", "POST apis": "CreateApi", "GET apis/*": "GetApi", "DELETE apis/*": "DeleteApi",
    "GET apis/*/routes": "GetRoutes", "POST apis/*/routes": "CreateRoute",
    "GET apis/*/routes/*": "GetRoute", "PATCH apis/*/routes/*": "UpdateRoute",
    "DELETE apis/*/routes/*": "DeleteRoute",
    "GET apis/*/integrations": "GetIntegrations", "POST apis/*/integrations": "CreateIntegration",
    "GET apis/*/integrations/*": "GetIntegration", "PATCH apis/*/integrations/*": "UpdateIntegration",
    "DELETE apis/*/integrations/*": "DeleteIntegration",
    "GET apis/*/stages": "GetStages", "POST apis/*/stages": "CreateStage", "GET apis/*/stages/*": "GetStage",
    "PATCH apis/*/stages/*": "UpdateStage", "DELETE apis/*/stages/*": "DeleteStage",
    "GET apis/*/deployments": "GetDeployments", "POST apis/*/deployments": "CreateDeployment",
  ]

  /// - Throws: 404 for a path that no operation has.
  init(_ request: HTTPRequest) throws(ServiceError) {
    let segments = request.segments
    guard segments.count > 1, segments[0] == "v2" else {
      throw .unknownOperation("\(request.method) \(request.path)")
    }
    let pattern = segments.dropFirst().enumerated().map { $0.offset.isMultiple(of: 2) ? $0.element : "*" }
      .joined(separator: "/")
    guard let found = Self.operations["\(request.method) \(pattern)"] else {
      throw .unknownOperation("\(request.method) \(request.path)")
    }
    name = found
    api = segments.count > 2 ? segments[2] : ""
    item = segments.count > 4 ? segments[4] : ""
  }
}
