internal import Core

/// What answers at the address of an HTTP API.
struct APIFront: Sendable {
  /// Real seconds that a request may wait beyond its integration's own limit.
  private static let grace = 0.05

  let store: APIStore
  let lambda: LambdaService
  let signatures: SignatureCheck
  let clock: ScaledClock

  /// Answers a request that came to the door of the API `id`; nil when there is no such API.
  func answer(_ id: String, _ request: HTTPRequest) -> HTTPResponse? {
    guard let api = store.api(id) else { return nil }
    let rules = CORSRules(api.cors)
    if let answer = rules?.preflight(request, status: 204) { return answer }
    let requestID = Identifier.uuid()
    var response: HTTPResponse
    do throws(ServiceError) {
      response = try answer(api, request, requestID)
    } catch {
      let body: JSON = ["message": .string(error.message)]
      response = HTTPResponse(
        status: error.status, headers: ["content-type": "application/json"], body: Array(body.text().utf8))
    }
    response = rules?.applied(to: response, of: request) ?? response
    response.headers.add("apigw-requestid", requestID)
    return response
  }

  private static let notFound = ServiceError(404, "NotFoundException", "Not Found")
  private static let broken = ServiceError(500, "InternalServerErrorException", "Internal Server Error")

  private func answer(
    _ api: APIRecord, _ request: HTTPRequest, _ requestID: String
  ) throws(ServiceError) -> HTTPResponse {
    guard let (stage, path) = stage(of: request, in: api), let routing = api.routing(of: stage),
      let found = routing.route(for: request.method, path)
    else { throw Self.notFound }
    try authorize(request, found.route)
    let id = found.route["target"]?.string?.split(separator: "/").last.map(String.init) ?? ""
    guard let integration = routing.integration(id), integration["integrationType"] == "AWS_PROXY",
      let arn = integration["integrationUri"]?.string
    else { throw Self.broken }
    let seen = stage.name == "$default" ? path : "/\(stage.name)\(path)"
    let place = ProxyEvent.Place(
      account: lambda.arns.account, apiID: api.id, domain: request.headers["host"] ?? "",
      routeKey: found.key.text, stage: stage.name, path: seen, pathParameters: found.parameters,
      stageVariables: stage.variables)
    let event = ProxyEvent(request: request, place: place, requestID: requestID, now: clock.now())
    let isFirst = integration["payloadFormatVersion"] == "1.0"
    let resource = "\(api.id)/\(stage.name)/\(found.key.resource(for: request.method))"
    let caller = PolicyCaller(
      service: "apigateway.amazonaws.com", sourceARN: lambda.arns.arn("execute-api", resource),
      sourceAccount: lambda.arns.account)
    let limit = Double(integration["timeoutInMillis"]?.int ?? 30_000) / 1_000 + Self.grace
    let payload = Array((isFirst ? event.version1 : event.version2).text().utf8)
    let answer = try run(arn, payload, caller, limit: limit)
    guard !answer.outcome.isError else { throw Self.broken }
    let type = "text/plain;charset=UTF-8"
    let read =
      isFirst
      ? ProxyAnswer.version1(answer.outcome.payload, type: type)
      : ProxyAnswer.version2(answer.outcome.payload, type: type)
    guard let read else { throw Self.broken }
    return read
  }

  /// The stage that the path's beginning names, else `$default`, and the decoded path behind it.
  private func stage(of request: HTTPRequest, in api: APIRecord) -> (APIStageRecord, String)? {
    let path = Percent.decode(request.path)
    let first = path.dropFirst().prefix { $0 != "/" }
    if let named = api.stage(String(first)), named.name != "$default" {
      let rest = String(path.dropFirst(first.count + 1))
      return (named, rest.isEmpty ? "/" : rest)
    }
    return api.stage("$default").map { ($0, path) }
  }

  /// Tokens are somebody else's to verify: a route that wants one is not answered, rather than open to everybody.
  private func authorize(_ request: HTTPRequest, _ route: JSONObject) throws(ServiceError) {
    switch route["authorizationType"]?.string ?? "NONE" {
    case "NONE": return
    case "AWS_IAM":
      let scope = try? signatures.verify(request, clock: clock)
      guard scope?.service == "execute-api" else {
        throw ServiceError(403, "ForbiddenException", "Forbidden")
      }
    default:
      guard request.headers["authorization"] != nil else {
        throw ServiceError(401, "UnauthorizedException", "Unauthorized")
      }
      throw ServiceError(
        501, "NotImplemented", "The sandbox verifies no tokens: routes with authorizers are not answered")
    }
  }

  /// Runs a function as long as the integration waits for it; it goes on behind that.
  private func run(
    _ arn: String, _ payload: [UInt8], _ caller: PolicyCaller, limit: Double
  ) throws(ServiceError) -> InvocationRouter.Answer {
    let done = Monitor<Result<InvocationRouter.Answer, ServiceError>?>(nil)
    let lambda = lambda
    Threads.detach {
      let outcome: Result<InvocationRouter.Answer, ServiceError>
      do throws(ServiceError) {
        outcome = .success(try lambda.invoke(arn, payload, for: caller))
      } catch {
        outcome = .failure(error)
      }
      done.update { $0 = outcome }
    }
    guard let outcome = done.wait(until: Monotonic.now() + limit, { $0 }) else {
      throw ServiceError(503, "ServiceUnavailableException", "Service Unavailable")
    }
    guard case .success(let answer) = outcome else {
      // Without a permission, without a function, or beyond its concurrency: callers are told the same.
      throw Self.broken
    }
    return answer
  }
}
