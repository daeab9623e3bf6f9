import Core
import Testing

@testable import Sandbox

@Suite("Routes of HTTP APIs")
struct RouteKeyTests {
  private static let routes = [
    "GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default",
    "ANY /pets/dog/{id}",
  ]

  /// The examples of AWS's developer guide, and what follows from its rules.
  @Test(
    "the most specific route takes a request",
    arguments: [
      ("GET", "/pets/dog/1", "GET /pets/dog/1"), ("GET", "/pets/dog/2", "GET /pets/dog/{id}"),
      ("GET", "/pets/cat/1", "GET /pets/{proxy+}"), ("POST", "/test/5", "ANY /{proxy+}"),
      ("POST", "/pets/dog/1", "ANY /pets/dog/{id}"), ("GET", "/", "$default"),
      ("GET", "/pets/dog/", "GET /pets/{proxy+}"),
    ])
  func choice(method: String, path: String, wanted: String) {
    for shift in Self.routes.indices {
      var routing = APIRouting()
      let order = Self.routes[shift...] + Self.routes[..<shift]
      routing.routes = order.map { JSONObject([("routeKey", .string($0))]) }
      #expect(routing.route(for: method, path)?.key.text == wanted)
    }
  }

  @Test("a route without a match leads nowhere")
  func none() {
    var routing = APIRouting()
    routing.routes = [JSONObject([("routeKey", "GET /a/{b}")])]
    for (method, path) in [
      ("POST", "/a/b"), ("GET", "/a"), ("GET", "/a/"), ("GET", "/a/b/c"), ("GET", "/A/b"),
    ] {
      #expect(routing.route(for: method, path) == nil)
    }
    #expect(routing.route(for: "GET", "/a/x")?.parameters.map(\.value) == ["x"])
  }

  @Test("permissions name a route's path, and the request's method where the route has none")
  func resources() {
    #expect(RouteKey("GET /a/{b}")?.resource(for: "GET") == "GET/a/{b}")
    #expect(RouteKey("ANY /a")?.resource(for: "PUT") == "PUT/a")
    #expect(RouteKey("$default")?.resource(for: "PUT") == "$default")
  }
}
