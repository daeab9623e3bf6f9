package import Core

/// What becomes of events that a function or alias is invoked with and nobody waits for.
package struct FunctionEventInvokeConfig: Hashable, Sendable {
  /// All members, with the API's names.
  package let members: JSONObject

  /// Wraps `members`.
  package init(_ members: JSONObject) {
    self.members = members
  }

  /// The ARN it is for: of the function, a version or an alias.
  package var functionARN: String { members["FunctionArn"]?.string ?? "" }
  /// How often a failed event is tried again, 0 to 2; nil where nothing is set.
  package var maximumRetryAttempts: Int? { members["MaximumRetryAttempts"]?.int }
  /// How old an event may get, 60 to 21,600 seconds; nil where nothing is set.
  package var maximumEventAgeInSeconds: Int? { members["MaximumEventAgeInSeconds"]?.int }
  /// Where events go that succeeded or failed for good.
  package var destinationConfig: JSONObject? { members["DestinationConfig"]?.object }
}

extension LambdaClient {
  /// What becomes of a function's or alias's events; nil where nothing is set.
  package func getFunctionEventInvokeConfig(
    _ function: String, qualifier: String? = nil
  ) async throws(AWSError) -> FunctionEventInvokeConfig? {
    let call = eventCall("GetFunctionEventInvokeConfig", function, qualifier, method: "GET")
    do throws(AWSError) {
      return FunctionEventInvokeConfig(try await pipeline.answer(call).object)
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  /// Sets what becomes of a function's or alias's events, all of it: what is not given here is cleared.
  ///
  /// - Parameter configuration: members of PutFunctionEventInvokeConfig.
  package func putFunctionEventInvokeConfig(
    _ function: String, qualifier: String? = nil, configuration: JSONObject
  ) async throws(AWSError) -> FunctionEventInvokeConfig {
    var call = eventCall("PutFunctionEventInvokeConfig", function, qualifier, method: "PUT")
    call.send(.json(configuration))
    return FunctionEventInvokeConfig(try await pipeline.answer(call).object)
  }

  /// Changes what becomes of a function's or alias's events; members that are absent stay as they are.
  ///
  /// - Parameter changes: members of UpdateFunctionEventInvokeConfig.
  package func updateFunctionEventInvokeConfig(
    _ function: String, qualifier: String? = nil, changes: JSONObject
  ) async throws(AWSError) -> FunctionEventInvokeConfig {
    var call = eventCall("UpdateFunctionEventInvokeConfig", function, qualifier, method: "POST")
    call.send(.json(changes))
    return FunctionEventInvokeConfig(try await pipeline.answer(call).object)
  }

  /// Leaves a function's or alias's events to Lambda's own rules: two more tries, six hours, no destinations.
  ///
  /// - Returns: whether something was set.
  @discardableResult
  package func deleteFunctionEventInvokeConfig(
    _ function: String, qualifier: String? = nil
  ) async throws(AWSError) -> Bool {
    try await isThere(eventCall("DeleteFunctionEventInvokeConfig", function, qualifier, method: "DELETE"))
  }

  /// What is set for the events of a function, of its versions and of its aliases.
  package func listFunctionEventInvokeConfigs(
    _ function: String
  ) async throws(AWSError) -> [FunctionEventInvokeConfig] {
    let call = self.call(
      "ListFunctionEventInvokeConfigs", function, "/event-invoke-config/list", since: "2019-09-25")
    return try await all(call, "FunctionEventInvokeConfigs").map(FunctionEventInvokeConfig.init)
  }

  private func eventCall(
    _ operation: String, _ function: String, _ qualifier: String?, method: String
  ) -> APICall {
    var call = self.call(operation, function, "/event-invoke-config", method: method, since: "2019-09-25")
    call.add("Qualifier", qualifier)
    return call
  }
}
