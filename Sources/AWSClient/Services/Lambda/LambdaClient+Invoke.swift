internal import Core

extension LambdaClient {
  /// Runs a function. It is not run again when the answer is lost.
  ///
  /// - Parameters:
  ///   - qualifier: a version or alias; nil for `$LATEST`.
  ///   - payload: JSON, at most 6 MB (1 MB for events).
  ///   - logs: whether the end of the log is wanted; only with ``InvocationKind/requestResponse``.
  public func invoke(
    _ function: String, qualifier: String? = nil, payload: [UInt8], kind: InvocationKind = .requestResponse,
    logs: Bool = false
  ) async throws(AWSError) -> InvokeResult {
    var call = self.call("Invoke", function, "/invocations", method: "POST", lane: .unlimited)
    call.add("Qualifier", qualifier)
    call.headers = [("X-Amz-Invocation-Type", kind.rawValue), ("Content-Type", "application/json")]
    if logs, kind == .requestResponse { call.headers.append(("X-Amz-Log-Type", "Tail")) }
    call.body = .bytes(payload)
    call.expects = .anything
    call.repetition = .onlyIfNotProcessed
    // A function may run for 15 minutes and says nothing until it is done.
    if kind == .requestResponse { call.stallTimeout = .seconds(930) }
    let response = try await pipeline.answer(call).response
    return InvokeResult(
      statusCode: response.status,
      functionError: response.headers["X-Amz-Function-Error"].map { PlainText.line($0) },
      payload: response.body, executedVersion: response.headers["X-Amz-Executed-Version"],
      logTail: response.headers["X-Amz-Log-Result"].flatMap { Base64.decode($0) }.map {
        String(decoding: $0, as: UTF8.self)
      }, hiding: pipeline.secrets)
  }
}
