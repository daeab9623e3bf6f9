internal import Core

extension LambdaClient {
  /// Runs a function. It is not run again when the answer is lost.
  ///
  /// - Parameters:
  ///   - qualifier: a version or alias; nil for `$LATEST`.
  ///   - payload: JSON, at most 6 MB (1 MB for events).
  ///   - logs: whether the end of the log is wanted; only with ``InvocationKind/requestResponse``.
  package func invoke(
    _ function: String, qualifier: String? = nil, payload: [UInt8], kind: InvocationKind = .requestResponse,
    logs: Bool = false
  ) async throws(AWSError) -> InvokeResult {
    try await invoke(
      InvocationRequest(function, qualifier: qualifier, payload: payload, kind: kind, logs: logs))
  }

  /// Runs a function. It is not run again when the answer is lost.
  package func invoke(_ request: InvocationRequest) async throws(AWSError) -> InvokeResult {
    let kind = request.kind
    var call = self.call("Invoke", request.function, "/invocations", method: "POST", lane: .unlimited)
    call.add("Qualifier", request.qualifier)
    call.headers = [("X-Amz-Invocation-Type", kind.rawValue), ("Content-Type", "application/json")]
    if request.logs, kind == .requestResponse { call.headers.append(("X-Amz-Log-Type", "Tail")) }
    if let tenant = request.tenant { call.headers.append(("X-Amz-Tenant-Id", tenant)) }
    if let name = request.durableName { call.headers.append(("X-Amz-Durable-Execution-Name", name)) }
    call.body = .bytes(request.payload)
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
      }, durableExecutionARN: response.headers["X-Amz-Durable-Execution-Arn"].map { PlainText.line($0) },
      hiding: pipeline.secrets)
  }
}

/// What is to be run, and with what.
package struct InvocationRequest: Hashable, Sendable {
  /// Name or ARN.
  package var function: String
  /// A version or alias; nil for `$LATEST`.
  package var qualifier: String?
  /// JSON, at most 6 MB (1 MB for events).
  package var payload: [UInt8]
  /// Whether its answer is waited for.
  package var kind: InvocationKind
  /// Whether the end of the log is wanted; only with ``InvocationKind/requestResponse``.
  package var logs: Bool
  /// For whom it runs; required of functions that keep tenants apart. 1 to 256 letters, digits, spaces and `._:/=+-@`.
  package var tenant: String?
  /// The name of a durable execution, by which a second call finds the first: 1 to 64 letters, digits, `-` and `_`.
  package var durableName: String?

  /// A request of these values.
  package init(
    _ function: String, qualifier: String? = nil, payload: [UInt8], kind: InvocationKind = .requestResponse,
    logs: Bool = false, tenant: String? = nil, durableName: String? = nil
  ) {
    self.function = function
    self.qualifier = qualifier
    self.payload = payload
    self.kind = kind
    self.logs = logs
    self.tenant = tenant
    self.durableName = durableName
  }
}
