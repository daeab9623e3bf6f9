package import Core

/// A function's own URL.
package struct FunctionURL: Hashable, Sendable {
  /// All members, with the API's names.
  package let members: JSONObject

  /// Wraps `members`.
  package init(_ members: JSONObject) {
    self.members = members
  }

  /// A URL of these values.
  package init(url: String, functionARN: String, authType: String, invokeMode: String? = nil) {
    var members = JSONObject([
      ("FunctionUrl", .string(url)), ("FunctionArn", .string(functionARN)), ("AuthType", .string(authType)),
    ])
    members["InvokeMode"] = invokeMode.map(JSON.string)
    self.init(members)
  }

  /// The URL.
  package var url: String { members["FunctionUrl"]?.string ?? "" }
  /// The ARN it invokes: of the function or of one of its aliases.
  package var functionARN: String { members["FunctionArn"]?.string ?? "" }
  /// `AWS_IAM` or `NONE`.
  package var authType: String { members["AuthType"]?.string ?? "" }
  /// `BUFFERED` or `RESPONSE_STREAM`.
  package var invokeMode: String? { members["InvokeMode"]?.string }
  /// What browsers are told of other origins: `AllowOrigins`, `AllowMethods`, and so on; nil when nothing is.
  package var cors: JSONObject? { members["Cors"]?.object }

  /// Whether every member of `wanted`, in the form of CreateFunctionUrlConfig, is what this URL has.
  func has(_ wanted: JSONObject) -> Bool {
    wanted.members.allSatisfy { members[$0.key] == $0.value }
  }
}

extension LambdaClient {
  /// The URL of a function or alias; nil when it has none.
  package func getFunctionURL(_ function: String, qualifier: String? = nil) async throws(AWSError)
    -> FunctionURL?
  {
    let call = urlCall("GetFunctionUrlConfig", function, qualifier, method: "GET")
    do throws(AWSError) {
      return FunctionURL(try await pipeline.answer(call).object)
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  /// Gives a function or alias a URL; one that it has already is a conflict, unless a lost attempt has made it.
  ///
  /// - Parameter configuration: members of CreateFunctionUrlConfig: `AuthType`, `Cors`, `InvokeMode`.
  package func createFunctionURLConfig(
    _ function: String, qualifier: String? = nil, configuration: JSONObject
  ) async throws(AWSError) -> FunctionURL {
    var call = urlCall("CreateFunctionUrlConfig", function, qualifier, method: "POST")
    call.send(.json(configuration))
    do throws(CallFailure) {
      return FunctionURL(try await pipeline.send(call).object)
    } catch {
      guard error.lostAnswer, error.error.isConflict,
        let made = try await getFunctionURL(function, qualifier: qualifier), made.has(configuration)
      else { throw error.error }
      return made
    }
  }

  /// Changes the URL of a function or alias; members that are absent stay as they are.
  ///
  /// - Parameter changes: members of UpdateFunctionUrlConfig: `AuthType`, `Cors`, `InvokeMode`.
  package func updateFunctionURLConfig(
    _ function: String, qualifier: String? = nil, changes: JSONObject
  ) async throws(AWSError) -> FunctionURL {
    var call = urlCall("UpdateFunctionUrlConfig", function, qualifier, method: "PUT")
    call.send(.json(changes))
    return FunctionURL(try await pipeline.answer(call).object)
  }

  /// Takes the URL of a function or alias away: its address never comes back.
  ///
  /// - Returns: whether there was one.
  @discardableResult
  package func deleteFunctionURLConfig(
    _ function: String, qualifier: String? = nil
  ) async throws(AWSError) -> Bool {
    try await isThere(urlCall("DeleteFunctionUrlConfig", function, qualifier, method: "DELETE"))
  }

  /// The URLs of a function and of its aliases.
  package func listFunctionURLConfigs(_ function: String) async throws(AWSError) -> [FunctionURL] {
    try await all(
      call("ListFunctionUrlConfigs", function, "/urls", since: "2021-10-31"), "FunctionUrlConfigs"
    )
    .map(FunctionURL.init)
  }

  private func urlCall(
    _ operation: String, _ function: String, _ qualifier: String?, method: String
  ) -> APICall {
    var call = self.call(operation, function, "/url", method: method, since: "2021-10-31")
    call.add("Qualifier", qualifier)
    return call
  }
}
