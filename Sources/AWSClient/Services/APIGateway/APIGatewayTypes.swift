package import Core

/// An HTTP or WebSocket API.
package struct APIDescription: Hashable, Sendable {
  /// All members, with the API's names.
  package let members: JSONObject

  /// Wraps `members`.
  package init(_ members: JSONObject) {
    self.members = members
  }

  /// Its id: ten letters and digits.
  package var apiID: String { members["apiId"]?.string ?? "" }
  /// Its name, which other APIs may have too.
  package var name: String { members["name"]?.string ?? "" }
  /// `HTTP` or `WEBSOCKET`.
  package var protocolType: String { members["protocolType"]?.string ?? "" }
  /// Where it is reached, without a stage.
  package var endpoint: String { members["apiEndpoint"]?.string ?? "" }
  /// Its tags; of what CloudFormation made, `aws:cloudformation:stack-name` among them.
  package var tags: [String: String] {
    let members = members["tags"]?.object?.members ?? []
    return Dictionary(members.compactMap { key, value in value.string.map { (key, $0) } }) { $1 }
  }
}

/// What an API does with requests of one method and path.
package struct APIRoute: Hashable, Sendable {
  /// All members, with the API's names.
  package let members: JSONObject

  /// Wraps `members`.
  package init(_ members: JSONObject) {
    self.members = members
  }

  /// Its id.
  package var routeID: String { members["routeId"]?.string ?? "" }
  /// `GET /orders/{id}`, `ANY /{proxy+}` or `$default`.
  package var routeKey: String { members["routeKey"]?.string ?? "" }
  /// `integrations/ID`; nil for a route that leads nowhere.
  package var target: String? { members["target"]?.string }
  /// The id in ``target``.
  package var integrationID: String? {
    guard let target, target.hasPrefix("integrations/") else { return nil }
    return String(target.dropFirst("integrations/".count))
  }
}

/// What stands behind routes of an API.
package struct APIIntegration: Hashable, Sendable {
  /// All members, with the API's names.
  package let members: JSONObject

  /// Wraps `members`.
  package init(_ members: JSONObject) {
    self.members = members
  }

  /// Its id.
  package var integrationID: String { members["integrationId"]?.string ?? "" }
  /// `AWS_PROXY`, `HTTP_PROXY`, and so on.
  package var integrationType: String { members["integrationType"]?.string ?? "" }
  /// The ARN of a function or alias, or a URL.
  package var integrationURI: String { members["integrationUri"]?.string ?? "" }
  /// Free text.
  package var description: String { members["description"]?.string ?? "" }
  /// Whether quick creation made it, which alone may change it.
  package var isManaged: Bool { members["apiGatewayManaged"]?.bool ?? false }
}

/// A published state of an API.
package struct APIStage: Hashable, Sendable {
  /// All members, with the API's names.
  package let members: JSONObject

  /// Wraps `members`.
  package init(_ members: JSONObject) {
    self.members = members
  }

  /// Its name; `$default` has no path of its own.
  package var stageName: String { members["stageName"]?.string ?? "" }
  /// Whether changes of routes and integrations are published at once.
  package var autoDeploy: Bool { members["autoDeploy"]?.bool ?? false }
  /// What it shows; nil before the first deployment.
  package var deploymentID: String? { members["deploymentId"]?.string }
}
