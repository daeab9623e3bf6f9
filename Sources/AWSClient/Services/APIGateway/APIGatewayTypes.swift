public import Core

/// An HTTP or WebSocket API.
public struct APIDescription: Hashable, Sendable {
  /// All members, with the API's names.
  public let members: JSONObject

  /// Wraps `members`.
  public init(_ members: JSONObject) {
    self.members = members
  }

  /// Its id: ten letters and digits.
  public var apiID: String { members["apiId"]?.string ?? "" }
  /// Its name, which other APIs may have too.
  public var name: String { members["name"]?.string ?? "" }
  /// `HTTP` or `WEBSOCKET`.
  public var protocolType: String { members["protocolType"]?.string ?? "" }
  /// Where it is reached, without a stage.
  public var endpoint: String { members["apiEndpoint"]?.string ?? "" }
  /// Its tags; of what CloudFormation made, `aws:cloudformation:stack-name` among them.
  public var tags: [String: String] {
    let members = members["tags"]?.object?.members ?? []
    return Dictionary(members.compactMap { key, value in value.string.map { (key, $0) } }) { $1 }
  }
}

/// What an API does with requests of one method and path.
public struct APIRoute: Hashable, Sendable {
  /// All members, with the API's names.
  public let members: JSONObject

  /// Wraps `members`.
  public init(_ members: JSONObject) {
    self.members = members
  }

  /// Its id.
  public var routeID: String { members["routeId"]?.string ?? "" }
  /// `GET /orders/{id}`, `ANY /{proxy+}` or `$default`.
  public var routeKey: String { members["routeKey"]?.string ?? "" }
  /// `integrations/ID`; nil for a route that leads nowhere.
  public var target: String? { members["target"]?.string }
  /// The id in ``target``.
  public var integrationID: String? {
    guard let target, target.hasPrefix("integrations/") else { return nil }
    return String(target.dropFirst("integrations/".count))
  }
}

/// What stands behind routes of an API.
public struct APIIntegration: Hashable, Sendable {
  /// All members, with the API's names.
  public let members: JSONObject

  /// Wraps `members`.
  public init(_ members: JSONObject) {
    self.members = members
  }

  /// Its id.
  public var integrationID: String { members["integrationId"]?.string ?? "" }
  /// `AWS_PROXY`, `HTTP_PROXY`, and so on.
  public var integrationType: String { members["integrationType"]?.string ?? "" }
  /// The ARN of a function or alias, or a URL.
  public var integrationURI: String { members["integrationUri"]?.string ?? "" }
  /// Free text.
  public var description: String { members["description"]?.string ?? "" }
  /// Whether quick creation made it, which alone may change it.
  public var isManaged: Bool { members["apiGatewayManaged"]?.bool ?? false }
}

/// A published state of an API.
public struct APIStage: Hashable, Sendable {
  /// All members, with the API's names.
  public let members: JSONObject

  /// Wraps `members`.
  public init(_ members: JSONObject) {
    self.members = members
  }

  /// Its name; `$default` has no path of its own.
  public var stageName: String { members["stageName"]?.string ?? "" }
  /// Whether changes of routes and integrations are published at once.
  public var autoDeploy: Bool { members["autoDeploy"]?.bool ?? false }
  /// What it shows; nil before the first deployment.
  public var deploymentID: String? { members["deploymentId"]?.string }
}
