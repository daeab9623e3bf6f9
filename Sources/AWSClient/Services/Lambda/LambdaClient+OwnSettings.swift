package import Core

// Settings that have calls of their own.
extension LambdaClient {
  /// The ARN of a function's code signing configuration; nil when it has none.
  package func getFunctionCodeSigningConfig(_ function: String) async throws(AWSError) -> String? {
    let call = self.call(
      "GetFunctionCodeSigningConfig", function, "/code-signing-config", since: "2020-06-30")
    let arn = try await pipeline.answer(call).object["CodeSigningConfigArn"]?.string
    return arn?.isEmpty == false ? arn : nil
  }

  /// Gives a function a code signing configuration; nil takes it away.
  package func setFunctionCodeSigningConfig(_ function: String, arn: String?) async throws(AWSError) {
    var call = self.call(
      arn == nil ? "DeleteFunctionCodeSigningConfig" : "PutFunctionCodeSigningConfig", function,
      "/code-signing-config", method: arn == nil ? "DELETE" : "PUT", since: "2020-06-30")
    if let arn { call.send(.json(JSONObject([("CodeSigningConfigArn", .string(arn))]))) }
    call.expects = .anything
    _ = try await pipeline.answer(call)
  }

  /// How the runtime of a version is kept up to date: `UpdateRuntimeOn`, and `RuntimeVersionArn` where it is pinned.
  package func getRuntimeManagementConfig(
    _ function: String, qualifier: String
  ) async throws(AWSError) -> JSONObject {
    var call = self.call(
      "GetRuntimeManagementConfig", function, "/runtime-management-config", since: "2021-07-20")
    call.add("Qualifier", qualifier)
    return try await pipeline.answer(call).object
  }

  /// Sets how the runtime of a version is kept up to date.
  ///
  /// - Parameter configuration: members of PutRuntimeManagementConfig: `UpdateRuntimeOn`, `RuntimeVersionArn`.
  package func putRuntimeManagementConfig(
    _ function: String, qualifier: String, configuration: JSONObject
  ) async throws(AWSError) {
    var call = self.call(
      "PutRuntimeManagementConfig", function, "/runtime-management-config", method: "PUT", since: "2021-07-20"
    )
    call.add("Qualifier", qualifier)
    call.send(.json(configuration))
    call.expects = .anything
    _ = try await pipeline.answer(call)
  }

  /// What Lambda does about a function that calls itself: `Allow` or `Terminate`; nil where the endpoint does not say.
  package func getFunctionRecursionConfig(_ function: String) async throws(AWSError) -> String? {
    let call = self.call("GetFunctionRecursionConfig", function, "/recursion-config", since: "2024-08-31")
    return try await pipeline.answer(call).object["RecursiveLoop"]?.string
  }

  /// Sets what Lambda does about a function that calls itself.
  ///
  /// - Parameter loop: `Allow` or `Terminate`.
  package func putFunctionRecursionConfig(_ function: String, loop: String) async throws(AWSError) {
    var call = self.call(
      "PutFunctionRecursionConfig", function, "/recursion-config", method: "PUT", since: "2024-08-31")
    call.send(.json(JSONObject([("RecursiveLoop", .string(loop))])))
    call.expects = .anything
    _ = try await pipeline.answer(call)
  }
}
