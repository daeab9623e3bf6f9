internal import Core

extension LambdaService {
  /// The most bytes of a synchronous event or answer; an asynchronous event may have 1 MB.
  static let payloadLimit = 6_291_456

  func invoke(_ target: Target, _ request: HTTPRequest) throws(ServiceError) -> HTTPResponse {
    let type = request.headers["x-amz-invocation-type"] ?? "RequestResponse"
    var validation = Validation()
    validation.word(.string(type), "invocationType", ["RequestResponse", "Event", "DryRun"])
    try validation.check()
    let limit = type == "Event" ? 1_048_576 : Self.payloadLimit
    guard request.body.count <= limit else {
      throw ServiceError(
        413, "RequestTooLargeException",
        "Request must be smaller than \(limit) bytes for the InvokeFunction operation")
    }
    if !request.body.isEmpty {
      do throws(JSONSyntaxError) {
        _ = try JSON(parsing: request.body)
      } catch {
        throw ServiceError(
          400, "InvalidRequestContentException", "Could not parse request body into json: \(error)")
      }
    }
    let call = InvocationRouter.Call(
      function: target.name, qualifier: target.qualifier, payload: request.body,
      clientContext: request.headers["x-amz-client-context"],
      tenant: try tenant(of: request),
      wantsLog: type == "RequestResponse" && request.headers["x-amz-log-type"] == "Tail")
    guard type == "RequestResponse" else {
      let (_, version) = try router.resolve(call)
      if type == "DryRun" { return HTTPResponse(status: 204) }
      router.invokeLater(call)
      return HTTPResponse(status: 202, headers: ["x-amz-executed-version": version.number])
    }
    let answer = try router.invoke(call)
    return response(answer, wantsLog: call.wantsLog)
  }

  /// Whom the call is for (API model of 2015-03-31, shape TenantId).
  private func tenant(of request: HTTPRequest) throws(ServiceError) -> String? {
    guard let tenant = request.headers["x-amz-tenant-id"] else { return nil }
    var validation = Validation()
    validation.length(.string(tenant), "tenantId", 1...256)
    let isWritten = tenant.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || " ._:/=+-@".utf8.contains(byte)
    }
    if !isWritten {
      validation.fail(
        tenant, at: "tenantId", "Member must satisfy regular expression pattern: [a-zA-Z0-9\\._:\\/=+\\-@ ]+")
    }
    try validation.check()
    return tenant
  }

  private func response(_ answer: InvocationRouter.Answer, wantsLog: Bool) -> HTTPResponse {
    var outcome = answer.outcome
    if outcome.payload.count > Self.payloadLimit {
      let log = outcome.log
      outcome = .failure(
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size (\(Self.payloadLimit) bytes).",
        duration: outcome.duration)
      outcome.log = log
    }
    var headers: HTTPHeaders = [
      "content-type": "application/json", "x-amz-executed-version": answer.version,
      "x-amzn-requestid": answer.requestID,
    ]
    if outcome.isError { headers.add("x-amz-function-error", "Unhandled") }
    // The last 4 KB.
    if wantsLog { headers.add("x-amz-log-result", Base64.encode(Array(outcome.log.utf8.suffix(4_096)))) }
    return HTTPResponse(status: 200, headers: headers, body: outcome.payload)
  }
}
