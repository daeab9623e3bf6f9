import Core
import Sandbox
import TestSupport
import Testing

@Suite("HTTP APIs of the sandbox")
struct HTTPAPITests {
  private static let shop = SandboxResources(apis: [.init(name: "shop")])

  /// A rehearsal with the API `shop`, the function `f` and what may call it.
  private func run(
    _ resources: SandboxResources = HTTPAPITests.shop, code: String = Rehearsal.echo,
    _ body: (Rehearsal, _ api: String, _ door: SandboxClient) async throws -> Void
  ) async throws {
    try await Rehearsal.run(resources: resources) { rehearsal in
      #expect(await rehearsal.installEcho("f", code: code))
      let api = rehearsal.api
      let id = api["apiId"]?.string ?? ""
      try await body(rehearsal, id, SandboxClient(api["apiEndpoint"]?.string ?? "", like: rehearsal.client))
    }
  }

  private func permit(_ rehearsal: Rehearsal, _ api: String, _ end: String = "*") -> Int {
    let source: JSON = [
      "SourceArn": .string("arn:aws:execute-api:us-east-1:\(Rehearsal.account):\(api)/\(end)")
    ]
    return rehearsal.permit("f", principal: "apigateway.amazonaws.com", source).status
  }

  @Test(
    "a request runs the alias with the event of format 2.0, and 500 comes without a permission for the route")
  func format2() async throws {
    try await run { rehearsal, api, door in
      #expect(rehearsal.route(api, "POST /orders/{id}", to: rehearsal.arn("f:live")))
      let send = {
        door.send(
          "POST", "/orders/a%20b", query: "q=1&q=2&x=%2F", body: Array("{\"n\":1}".utf8),
          headers: ["content-type": "application/json", "cookie": "a=1; b=2", "x-more": "3"], signed: false)
      }
      let refused = send()
      #expect(refused.status == 500)
      #expect(refused.json == ["message": "Internal Server Error"])
      #expect(permit(rehearsal, api, "*/GET/orders/*") == 201)
      #expect(send().status == 500)
      let source: JSON = [
        "SourceArn": .string("arn:aws:execute-api:us-east-1:\(Rehearsal.account):\(api)/*/POST/orders/*")
      ]
      #expect(rehearsal.permit("f", id: "t", principal: "apigateway.amazonaws.com", source).status == 201)
      let answer = send()
      #expect(answer.status == 201)
      #expect(answer.headers["x-own"] == "1")
      #expect(answer.json["version"] == "1")
      let event = answer.json["event"] ?? .null
      #expect(event["version"] == "2.0")
      #expect(event["routeKey"] == "POST /orders/{id}")
      #expect(event["rawPath"] == "/orders/a b")
      #expect(event["rawQueryString"] == "q=1&q=2&x=%2F")
      #expect(event["queryStringParameters"] == ["q": "1,2", "x": "/"])
      #expect(event["pathParameters"] == ["id": "a b"])
      #expect(event["cookies"] == ["a=1", "b=2"])
      #expect(event["headers"]?["x-more"] == "3")
      #expect(event["headers"]?["cookie"] == nil)
      #expect(event["body"] == "{\"n\":1}")
      #expect(event["isBase64Encoded"] == false)
      #expect(event["requestContext"]?["http"]?["method"] == "POST")
      #expect(event["requestContext"]?["stage"] == "$default")
      #expect(rehearsal.sum("Invocations", [("FunctionName", "f"), ("Resource", "f:live")]) == 1)
    }
  }

  @Test("format 1.0 has lists of headers and parameters, and its answer needs a status")
  func format1() async throws {
    try await run { rehearsal, api, door in
      #expect(rehearsal.route(api, "ANY /{proxy+}", to: rehearsal.arn("f:live"), format: "1.0"))
      #expect(permit(rehearsal, api) == 201)
      let answer = door.send(
        "PUT", "/a/b", query: "q=1&q=2", body: [0xFF, 0], headers: ["content-type": "image/png"],
        signed: false)
      #expect(answer.status == 201)
      let event = answer.json["event"] ?? .null
      #expect(event["version"] == "1.0")
      #expect(event["resource"] == "/{proxy+}")
      #expect(event["httpMethod"] == "PUT")
      #expect(event["pathParameters"] == ["proxy": "a/b"])
      #expect(event["queryStringParameters"] == ["q": "2"])
      #expect(event["multiValueQueryStringParameters"] == ["q": ["1", "2"]])
      #expect(event["body"] == "/wA=")
      #expect(event["isBase64Encoded"] == true)
      #expect(door.send("GET", "/", signed: false).status == 404)
    }
  }

  @Test("a stage without AutoDeploy shows what was deployed, by its name in the path")
  func stages() async throws {
    let resources = SandboxResources(apis: [.init(name: "shop", stage: "prod", autoDeploy: false)])
    try await run(resources) { rehearsal, api, door in
      #expect(rehearsal.route(api, "GET /a", to: rehearsal.arn("f:live")))
      #expect(permit(rehearsal, api) == 201)
      #expect(door.send("GET", "/prod/a", signed: false).status == 404)
      #expect(rehearsal.gateway("POST", "/\(api)/deployments", ["stageName": "prod"]).status == 201)
      let answer = door.send("GET", "/prod/a", signed: false)
      #expect(answer.status == 201)
      #expect(answer.json["event"]?["rawPath"] == "/prod/a")
      #expect(door.send("GET", "/a", signed: false).status == 404)
      #expect(rehearsal.route(api, "GET /b", to: rehearsal.arn("f:live")))
      #expect(door.send("GET", "/prod/b", signed: false).status == 404)
      let automatic = rehearsal.client.send(
        "PATCH", "/v2/apis/\(api)/stages/prod", body: Array("{\"autoDeploy\":true}".utf8),
        service: "apigateway")
      #expect(automatic.status == 200)
      #expect(door.send("GET", "/prod/b", signed: false).status == 201)
      #expect(rehearsal.gateway("POST", "/\(api)/deployments", ["stageName": "prod"]).status == 400)
    }
  }

  @Test("an integration is not removed under a route, a route key is there once, and wrong ones are refused")
  func rules() async throws {
    try await run { rehearsal, api, _ in
      #expect(rehearsal.route(api, "GET /a", to: rehearsal.arn("f:live")))
      let integration = rehearsal.gateway("GET", "/\(api)/integrations").json["items"]?.array?.first
      let id = integration?["integrationId"]?.string ?? ""
      let conflict = rehearsal.gateway("DELETE", "/\(api)/integrations/\(id)")
      #expect(conflict.status == 409)
      #expect(conflict.headers["x-amzn-errortype"] == "ConflictException")
      let again: JSON = ["routeKey": "GET /a", "target": .string("integrations/\(id)")]
      #expect(rehearsal.gateway("POST", "/\(api)/routes", again).code == "ConflictException")
      for key in ["FETCH /a", "GET a", "GET /{a+}/b", "GET /{}", "GET /{a}/{a}", ""] {
        let answer = rehearsal.gateway("POST", "/\(api)/routes", ["routeKey": .string(key)])
        #expect(answer.status == 400, "\(key)")
        #expect(answer.code == "BadRequestException")
      }
      let route =
        rehearsal.gateway("GET", "/\(api)/routes").json["items"]?.array?.first?["routeId"]?.string ?? ""
      #expect(rehearsal.gateway("DELETE", "/\(api)/routes/\(route)").status == 204)
      #expect(rehearsal.gateway("DELETE", "/\(api)/integrations/\(id)").status == 204)
      #expect(rehearsal.gateway("DELETE", "/\(api)/integrations/\(id)").code == "NotFoundException")
      #expect(rehearsal.gateway("GET", "/nosuchapi1/routes").code == "NotFoundException")
    }
  }

  @Test("a handler that fails or answers what is no answer is 500, and one that takes too long is 503")
  func failures() async throws {
    let code = """
      import time
      def handler(event, context):
          path = event["rawPath"]
          if path == "/raise": raise ValueError("boom")
          if path == "/split": return {"statusCode": 200, "headers": {"a": "b\\r\\nset-cookie: c=d"}}
          if path == "/slow": time.sleep(1)
          if path == "/plain": return "text"
          return {"statusCode": "no"}
      """
    try await run(code: code) { rehearsal, api, door in
      #expect(
        rehearsal.route(api, "$default", to: rehearsal.arn("f:live"), ["timeoutInMillis": 500]))
      #expect(permit(rehearsal, api, "$default/$default") == 201)
      // The first one starts the runtime, which may take longer than the integration waits.
      #expect(await eventually { door.send("GET", "/plain", signed: false).status == 200 })
      let plain = door.send("GET", "/plain", signed: false)
      #expect(plain.body == Array("text".utf8))
      #expect(plain.headers["content-type"] == "application/json")
      for path in ["/raise", "/split", "/other"] {
        #expect(door.send("GET", path, signed: false).status == 500)
      }
      #expect(door.send("GET", "/slow", signed: false).status == 503)
    }
  }

  @Test("an API answers web pages by its CORS rules, which stand above what functions say")
  func cors() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installEcho("f"))
      let body: JSON = [
        "name": "pages", "protocolType": "HTTP", "target": .string(rehearsal.arn("f:live")),
        "corsConfiguration": [
          "allowOrigins": ["https://shop.example"], "allowMethods": ["GET"], "maxAge": 60,
        ],
      ]
      let api = rehearsal.gateway("POST", "", body)
      #expect(api.status == 201)
      #expect(permit(rehearsal, api.json["apiId"]?.string ?? "") == 201)
      let door = SandboxClient(api.json["apiEndpoint"]?.string ?? "", like: rehearsal.client)
      let asked = door.send(
        "OPTIONS", "/", headers: ["origin": "https://shop.example", "access-control-request-method": "GET"],
        signed: false)
      #expect(asked.status == 204)
      #expect(asked.headers["access-control-allow-origin"] == "https://shop.example")
      #expect(asked.headers["access-control-max-age"] == "60")
      let own = door.send("GET", "/", headers: ["origin": "https://shop.example"], signed: false)
      #expect(own.status == 201)
      #expect(own.headers["access-control-allow-origin"] == "https://shop.example")
      let other = door.send("GET", "/", headers: ["origin": "https://evil.example"], signed: false)
      #expect(other.headers["access-control-allow-origin"] == nil)
      // Pages may ask here, and only here.
      #expect(
        rehearsal.client.send("GET", "/v2/apis", headers: ["origin": "https://shop.example"]).status == 403)
      #expect(
        door.send("GET", "/", headers: ["host": "evil.example:\(door.port)"], signed: false).status == 403)
    }
  }

  @Test("an API keeps its routes, its deployment and where possible its address over a restart")
  func restart() async throws {
    let folder = try TemporaryFolder()
    let first = try Rehearsal(folder: folder, resources: Self.shop)
    #expect(await first.installEcho("f"))
    let api = first.api["apiId"]?.string ?? ""
    let address = first.api["apiEndpoint"]?.string ?? ""
    #expect(first.route(api, "GET /a", to: first.arn("f:live")))
    #expect(permit(first, api) == 201)
    await first.server.stop()
    let second = try Rehearsal(folder: folder, resources: Self.shop)
    #expect(second.gateway("GET", "").json["items"]?.array?.count == 1)
    #expect(second.api["apiId"]?.string == api)
    #expect(second.api["apiEndpoint"]?.string == address)
    #expect(SandboxClient(address, like: second.client).send("GET", "/a", signed: false).status == 201)
    #expect(second.gateway("DELETE", "/\(api)").status == 204)
    #expect(SandboxClient(address, like: second.client).send("GET", "/a", signed: false).status == 0)
    await second.server.stop()
  }
}
