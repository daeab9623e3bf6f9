internal import Core

/// Everything behind the sandbox's address: finds the service of a request, verifies who sent it, and lets it answer.
struct Gateway: Sendable {
  let lambda: LambdaService
  let cloudWatch: CloudWatchService
  let logs: LogsService
  let sts: STSService
  let s3: S3Service
  let ssm: SSMService
  let scheduler: SchedulerService
  let apiGateway: APIGatewayService
  let sqs: SQSService
  let eventBridge: EventBridgeService
  let sns: SNSService
  let upstream: Upstream?
  let signatures: SignatureCheck
  let faults: FaultMaker
  let limiter: RateLimiter?
  let clock: ScaledClock
  let log: @Sendable (String) -> Void

  /// The answer to a request that cannot be a client's, whatever body follows its head; nil for others.
  ///
  /// So nobody makes the sandbox keep a body without credentials.
  func refusal(of head: HTTPRequest) -> HTTPResponse? {
    if Self.isInternal(head) { return nil }
    let scope = SignatureCheck.scope(of: head)
    do throws(ServiceError) {
      _ = try signatures.claim(of: head, clock: clock)
      return nil
    } catch {
      log("\(head.method) \(head.path.escaped) \(error.status) \(error.code)")
      return finished(
        ServiceProtocol(service: scope?.service, request: head).response(error), of: scope?.service)
    }
  }

  private static func isInternal(_ request: HTTPRequest) -> Bool {
    request.path.utf8.starts(with: "/_sandbox/".utf8)
  }

  /// Answers one request of any service.
  func answer(_ request: HTTPRequest) -> HTTPAnswer {
    if Self.isInternal(request) { return .response(finished(internalAnswer(request))) }
    // Requests without a service in their signature are answered as Lambda or a query service would.
    let scope = SignatureCheck.scope(of: request)
    let style = ServiceProtocol(service: scope?.service, request: request)
    let call: ServiceCall
    do throws(ServiceError) {
      _ = try signatures.verify(request, clock: clock)
      call = try self.call(service: scope?.service ?? "", request)
    } catch {
      log("\(request.method) \(request.path) \(error.status) \(error.code)")
      return .response(finished(style.response(error), of: scope?.service))
    }
    let plan = faults.plan(for: call.operation)
    if plan.dropsRequest { return .drop }
    let response: HTTPResponse
    do throws(ServiceError) {
      if let error = plan.error { throw error }
      if let limiter, !limiter.admits(call.operation, of: scope?.service ?? "") { throw .throttled() }
      response = try call.run(style)
      log("\(call.operation) \(request.path) \(response.status)")
    } catch {
      response = style.response(error)
      log("\(call.operation) \(request.path) \(error.status) \(error.code): \(error.message)")
    }
    return plan.dropsAnswer ? .drop : .response(finished(response, of: scope?.service))
  }

  /// Answers a request that came to the address of an HTTP API or a function URL.
  func answer(_ request: HTTPRequest, at door: String) -> HTTPAnswer {
    var response: HTTPResponse?
    if let url = URLDoor(door) {
      response = URLFront(lambda: lambda, signatures: signatures, clock: clock).answer(url, request)
    } else if let id = APIRecord.id(inDoor: door) {
      response = APIFront(store: apiGateway.store, lambda: lambda, signatures: signatures, clock: clock)
        .answer(id, request)
    }
    guard var response else { return .drop }
    log("\(door) \(request.method) \(request.path.escaped) \(response.status)")
    response.headers.add("date", clock.now().httpDate)
    return .response(response)
  }

  /// An operation that is about to run.
  struct ServiceCall {
    let operation: String
    let run: (ServiceProtocol) throws(ServiceError) -> HTTPResponse
  }

  private func call(service: String, _ request: HTTPRequest) throws(ServiceError) -> ServiceCall {
    switch service {
    case "lambda":
      let operation = try LambdaOperation(request)
      return ServiceCall(operation: operation.name) { _ throws(ServiceError) in
        try lambda.answer(operation, request)
      }
    case "s3":
      let operation = S3Operation(request)
      return ServiceCall(operation: operation.name) { _ throws(ServiceError) in s3.answer(operation, request)
      }
    case "scheduler":
      let operation = try SchedulerOperation(request)
      return ServiceCall(operation: operation.name) { _ throws(ServiceError) in
        try scheduler.answer(operation, request)
      }
    case "apigateway":
      let operation = try APIGatewayOperation(request)
      return ServiceCall(operation: operation.name) { _ throws(ServiceError) in
        try apiGateway.answer(operation, request)
      }
    case "monitoring":
      return try remote(request) { name, input throws(ServiceError) in try cloudWatch.answer(name, input) }
    case "logs":
      return try remote(request) { name, input throws(ServiceError) in try logs.answer(name, input) }
    case "sts": return try remote(request) { name, input throws(ServiceError) in try sts.answer(name, input) }
    case "sqs": return try remote(request) { name, input throws(ServiceError) in try sqs.answer(name, input) }
    case "events":
      return try remote(request) { name, input throws(ServiceError) in try eventBridge.answer(name, input) }
    case "sns": return try remote(request) { name, input throws(ServiceError) in try sns.answer(name, input) }
    case "ssm": return try remote(request) { name, input throws(ServiceError) in try ssm.answer(name, input) }
    default: return try passedOn(request, service)
    }
  }

  /// What the sandbox does not have somebody else may.
  private func passedOn(_ request: HTTPRequest, _ service: String) throws(ServiceError) -> ServiceCall {
    guard let upstream else {
      throw ServiceError(
        501, "NotImplemented",
        "The sandbox does not have the service \(service); lamctl sandbox --upstream URL passes its requests on to a "
          + "moto or LocalStack server of this machine.")
    }
    return ServiceCall(operation: service) { _ throws(ServiceError) in
      guard let response = upstream.answer(request) else {
        throw ServiceError(
          502, "BadGateway", "The server at port \(upstream.port), which has \(service), does not answer.")
      }
      return response
    }
  }

  private func remote(
    _ request: HTTPRequest, _ answer: @escaping (String, JSON) throws(ServiceError) -> WireValue
  ) throws(ServiceError) -> ServiceCall {
    let (name, input) = try ServiceProtocol.call(in: request)
    return ServiceCall(operation: name) { style throws(ServiceError) in
      style.response(try answer(name, input), operation: name)
    }
  }

  private func internalAnswer(_ request: HTTPRequest) -> HTTPResponse {
    let segments = request.segments
    if segments == ["_sandbox", "clock"] {
      let body: JSON = [
        "speed": .double(clock.speed), "realAnchor": .number(String(clock.realAnchor.seconds)),
        "anchor": .number(String(clock.anchor.seconds)), "pid": .int(Int(ProcessIdentity.own)),
      ]
      return HTTPResponse(
        status: 200, headers: ["content-type": "application/json"], body: Array(body.text().utf8))
    }
    if let hex = lambda.links.code(in: request), let zip = lambda.codes.archive(hex) {
      return HTTPResponse(status: 200, headers: ["content-type": "application/zip"], body: zip)
    }
    return HTTPResponse(
      status: 404, headers: ["content-type": "text/plain"], body: Array("nothing here\n".utf8))
  }

  private func finished(_ response: HTTPResponse, of service: String? = nil) -> HTTPResponse {
    var response = response
    response.headers.add("date", clock.now().httpDate)
    if service == "s3" {
      let digits = Identifier.uuid().filter(\.isHexDigit).uppercased().prefix(16)
      response.headers.add("x-amz-request-id", String(digits))
    } else if response.headers["x-amzn-requestid"] == nil {
      response.headers.add("x-amzn-requestid", Identifier.uuid())
    }
    return response
  }
}
