internal import Core

/// The Runtime API as the process sees it.
extension RuntimeEnvironment {
  func answer(_ request: HTTPRequest) -> HTTPAnswer {
    let segments = request.segments
    guard segments.count >= 4, segments[0] == "2018-06-01", segments[1] == "runtime" else {
      return notFound()
    }
    switch (request.method, segments[2], segments.last) {
    case ("GET", "invocation", "next"): return next()
    case ("POST", "init", "error"): return initializationFailed(request)
    case ("POST", "invocation", "response") where segments.count == 5:
      return complete(segments[3], request, isError: false)
    case ("POST", "invocation", "error") where segments.count == 5:
      return complete(segments[3], request, isError: true)
    default: return notFound()
    }
  }

  private func next() -> HTTPAnswer {
    let handed = state.wait { state -> Invocation?? in
      if state.ready == nil { state.ready = Monotonic.now() }
      if state.ended != nil { return .some(nil) }
      guard let waiting = state.waiting else { return nil }
      return .some(waiting)
    }
    guard let invocation = handed ?? nil else { return .drop }
    let real = SystemClock().now()
    state.update { state in
      state.waiting = nil
      state.running = invocation
      state.handedOut = Monotonic.now()
    }
    var headers: HTTPHeaders = [
      "content-type": "application/json", "lambda-runtime-aws-request-id": invocation.id,
      "lambda-runtime-deadline-ms": String(Int((real.seconds + target.timeout) * 1_000)),
      "lambda-runtime-invoked-function-arn": invocation.arn,
      "lambda-runtime-trace-id":
        "Root=1-\(Hex.encode([0, 0, 0, 0]))-\(invocation.id.filter { $0 != "-" }.prefix(24));Sampled=0",
    ]
    if let context = invocation.clientContext { headers.add("lambda-runtime-client-context", context) }
    if let tenant = invocation.tenant { headers.add("lambda-runtime-aws-tenant-id", tenant) }
    return .response(HTTPResponse(status: 200, headers: headers, body: invocation.payload))
  }

  private func complete(_ id: String, _ request: HTTPRequest, isError: Bool) -> HTTPAnswer {
    let accepted = state.update { state in
      guard let running = state.running, running.id == id else { return false }
      state.answer = InvocationOutcome(
        payload: request.body, isError: isError, duration: (Monotonic.now() - state.handedOut) * 1_000)
      state.running = nil
      return true
    }
    guard accepted else {
      return plain(400, ["errorType": "InvalidRequestID", "errorMessage": "Invalid request ID"])
    }
    return plain(202, ["status": "OK"])
  }

  private func initializationFailed(_ request: HTTPRequest) -> HTTPAnswer {
    state.update { state in
      state.ended = InvocationOutcome(payload: request.body, isError: true, duration: 0)
    }
    return plain(202, ["status": "OK"])
  }

  private func notFound() -> HTTPAnswer {
    plain(404, ["errorType": "NotFound", "errorMessage": "The Runtime API has no such path"])
  }

  private func plain(_ status: Int, _ body: JSON) -> HTTPAnswer {
    .response(
      HTTPResponse(
        status: status, headers: ["content-type": "application/json"], body: Array(body.text().utf8)))
  }
}
