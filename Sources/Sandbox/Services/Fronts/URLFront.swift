internal import Core

/// What answers at the URL of a function or alias.
struct URLFront: Sendable {
  /// The most bytes of a request's body.
  private static let bodyLimit = LambdaService.payloadLimit

  let lambda: LambdaService
  let signatures: SignatureCheck
  let clock: ScaledClock

  /// Answers a request that came to the door `door`; nil when no function has it.
  func answer(_ door: URLDoor, _ request: HTTPRequest) -> HTTPResponse? {
    guard let record = lambda.store.function(door.function, at: clock.now()),
      let url = record.urls[door.alias]
    else { return nil }
    let rules = CORSRules(url.settings["Cors"])
    if let answer = rules?.preflight(request, status: 200) { return answer }
    let answer = answer(door, url, request)
    return rules?.applied(to: answer, of: request) ?? answer
  }

  private func answer(_ door: URLDoor, _ url: URLRecord, _ request: HTTPRequest) -> HTTPResponse {
    let target = LambdaService.Target(
      name: door.function, qualifier: door.alias.isEmpty ? nil : door.alias)
    let requestID = Identifier.uuid()
    var response: HTTPResponse
    do throws(ServiceError) {
      try admit(request, target, authType: url.settings["AuthType"]?.string ?? "NONE")
      guard request.body.count <= Self.bodyLimit else {
        throw ServiceError(413, "RequestTooLargeException", "Request Entity Too Large")
      }
      let event = event(request, url, requestID)
      let answer = try lambda.router.invoke(
        lambda.call(target, Array(event.version2.text().utf8)), requestID: requestID)
      response = read(answer)
    } catch {
      response = refusal(error)
    }
    response.headers.add("x-amzn-requestid", requestID)
    return response
  }

  private func event(_ request: HTTPRequest, _ url: URLRecord, _ requestID: String) -> ProxyEvent {
    let place = ProxyEvent.Place(
      account: "anonymous", apiID: url.id, domain: request.headers["host"] ?? "", routeKey: "$default",
      stage: "$default", path: request.path)
    return ProxyEvent(request: request, place: place, requestID: requestID, now: clock.now())
  }

  /// Signed requests are the account's own; all others need both permissions of a public URL.
  private func admit(
    _ request: HTTPRequest, _ target: LambdaService.Target, authType: String
  ) throws(ServiceError) {
    guard authType == "NONE" else {
      let scope = try signatures.verify(request, clock: clock)
      guard scope.service == "lambda" else {
        throw ServiceError(
          403, "InvalidSignatureException", "Credential should be scoped to correct service: 'lambda'.")
      }
      return
    }
    var caller = PolicyCaller()
    caller.urlAuthType = "NONE"
    caller.isViaURL = true
    try lambda.require("lambda:InvokeFunctionUrl", on: target, for: caller)
    try lambda.require(on: target, for: caller)
  }

  private func read(_ answer: InvocationRouter.Answer) -> HTTPResponse {
    let failure = HTTPResponse(
      status: 502, headers: ["content-type": "application/json"], body: Array("Internal Server Error".utf8))
    guard !answer.outcome.isError else { return failure }
    return ProxyAnswer.version2(answer.outcome.payload, type: "application/json") ?? failure
  }

  private func refusal(_ error: ServiceError) -> HTTPResponse {
    let (status, message) =
      switch error.status {
      case 403, 404: (403, "Forbidden")
      case 413, 429: (error.status, error.message)
      default: (502, "Internal Server Error")
      }
    let body: JSON = ["Message": .string(message)]
    return HTTPResponse(
      status: status, headers: ["content-type": "application/json"], body: Array(body.text().utf8))
  }
}
