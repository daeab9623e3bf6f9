internal import AWSClient
internal import Core

extension EdgeWriter {
  /// An integration and its routes. What another call has made meanwhile is changed.
  func place(_ wish: RouteWish, _ trigger: String) async throws(EdgeError) {
    let apis = services.apis
    let id: String
    if let present = wish.present {
      id = present
      if wish.changes {
        try await trying(trigger) { () async throws(AWSError) in
          try await apis.updateIntegration(wish.api, present, wish.integration)
        }
      }
    } else {
      id = try await trying(trigger) { () async throws(AWSError) in
        try await apis.createIntegration(wish.api, wish.integration)
      }
    }
    for route in wish.routes {
      var members = route.members
      members["target"] = .string("integrations/\(id)")
      if let present = route.id {
        try await trying(trigger) { () async throws(AWSError) in
          try await apis.updateRoute(wish.api, present, members)
        }
      } else {
        try await trying(trigger) { () async throws(AWSError) in
          try await apis.createRoute(wish.api, members)
        }
      }
    }
  }

  /// Takes routes away that still lead to an integration: one that has been moved since is another trigger's.
  func removeRoutes(
    _ api: String, _ integration: String, _ routes: [String], all: Bool, _ trigger: String
  ) async throws(EdgeError) {
    let apis = services.apis
    let present = try await trying(trigger) { () async throws(AWSError) in try await apis.routes(api) }
    for route in routes {
      let isStillOurs = present.contains {
        $0["routeId"]?.string == route && $0["target"]?.string == "integrations/\(integration)"
      }
      guard isStillOurs else { continue }
      try await trying(trigger) { () async throws(AWSError) in try await apis.deleteRoute(api, route) }
    }
    guard all else { return }
    try await trying(trigger) { () async throws(AWSError) in
      try await apis.deleteIntegration(api, integration)
    }
  }
}
