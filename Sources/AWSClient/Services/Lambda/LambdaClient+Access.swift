package import Core

extension LambdaClient {
  /// Lets somebody invoke a function or alias; a statement of the same id that is there already is no error
  /// when an earlier attempt may have made it.
  ///
  /// - Parameter statement: members of AddPermission: `StatementId`, `Action`, `Principal`, `SourceArn`, `SourceAccount`;
  ///   `RevisionId` is the policy's, and refuses with 412 when the policy is at another one.
  package func addPermission(
    _ function: String, qualifier: String? = nil, statement: JSONObject
  ) async throws(AWSError) {
    var call = self.call("AddPermission", function, "/policy", method: "POST")
    call.add("Qualifier", qualifier)
    call.send(.json(statement))
    do throws(CallFailure) {
      _ = try await pipeline.send(call)
    } catch {
      if !(error.lostAnswer && error.error.conflict == .alreadyExists) { throw error.error }
    }
  }

  /// Takes a permission back.
  ///
  /// - Parameter revisionID: the policy's; refuses with 412 when the policy is at another one.
  /// - Returns: whether there was one.
  @discardableResult
  package func removePermission(
    _ function: String, statementID: String, qualifier: String? = nil, revisionID: String? = nil
  ) async throws(AWSError) -> Bool {
    var call = self.call(
      "RemovePermission", function, "/policy/\(PercentEncoding.encode(statementID))", method: "DELETE")
    call.add("Qualifier", qualifier)
    call.add("RevisionId", revisionID)
    return try await isThere(call)
  }

  /// Sets concurrency aside for a function; nil gives it back.
  ///
  /// - Parameter reserved: 0 or more; 0 stops the function.
  package func setFunctionConcurrency(_ function: String, reserved: Int?) async throws(AWSError) {
    var call = self.call(
      reserved == nil ? "DeleteFunctionConcurrency" : "PutFunctionConcurrency", function, "/concurrency",
      method: reserved == nil ? "DELETE" : "PUT", since: "2017-10-31")
    if let reserved { call.send(.json(JSONObject([("ReservedConcurrentExecutions", .int(reserved))]))) }
    call.expects = .anything
    _ = try await pipeline.answer(call)
  }

  /// Keeps concurrency ready for a version or alias; nil lets it go.
  ///
  /// - Parameter provisioned: 1 or more.
  package func setProvisionedConcurrency(
    _ function: String, qualifier: String, provisioned: Int?
  ) async throws(AWSError) {
    var call = self.call(
      provisioned == nil ? "DeleteProvisionedConcurrencyConfig" : "PutProvisionedConcurrencyConfig", function,
      "/provisioned-concurrency", method: provisioned == nil ? "DELETE" : "PUT", since: "2019-09-30")
    call.add("Qualifier", qualifier)
    if let provisioned {
      call.send(.json(JSONObject([("ProvisionedConcurrentExecutions", .int(provisioned))])))
    }
    _ = try await isThere(call)
  }

  /// Sends a deletion; false when there was nothing to delete.
  func isThere(_ call: APICall) async throws(AWSError) -> Bool {
    var call = call
    call.expects = .anything
    do throws(AWSError) {
      _ = try await pipeline.answer(call)
      return true
    } catch {
      if error.isNotFound, call.method == "DELETE" { return false }
      throw error
    }
  }
}
