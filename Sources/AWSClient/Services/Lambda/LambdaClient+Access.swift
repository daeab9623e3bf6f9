public import Core

/// A function's own URL.
public struct FunctionURL: Hashable, Sendable {
  /// The URL.
  public let url: String
  /// The ARN it invokes: of the function or of one of its aliases.
  public let functionARN: String
  /// `AWS_IAM` or `NONE`.
  public let authType: String
  /// `BUFFERED` or `RESPONSE_STREAM`.
  public let invokeMode: String?

  /// A URL of these values.
  public init(url: String, functionARN: String, authType: String, invokeMode: String? = nil) {
    self.url = url
    self.functionARN = functionARN
    self.authType = authType
    self.invokeMode = invokeMode
  }
}

extension LambdaClient {
  /// The URL of a function or alias; nil when it has none.
  public func getFunctionURL(_ function: String, qualifier: String? = nil) async throws(AWSError)
    -> FunctionURL?
  {
    var call = self.call("GetFunctionUrlConfig", function, "/url", since: "2021-10-31")
    call.add("Qualifier", qualifier)
    do throws(AWSError) {
      return FunctionURL(try await pipeline.answer(call).object)
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  /// Gives a function or alias a URL, or changes the one it has.
  ///
  /// - Parameter settings: members of CreateFunctionUrlConfig: `AuthType`, `Cors`, `InvokeMode`.
  public func setFunctionURL(
    _ function: String, qualifier: String? = nil, settings: JSONObject
  ) async throws(AWSError) -> FunctionURL {
    let present = try await getFunctionURL(function, qualifier: qualifier)
    var call = self.call(
      present == nil ? "CreateFunctionUrlConfig" : "UpdateFunctionUrlConfig", function, "/url",
      method: present == nil ? "POST" : "PUT", since: "2021-10-31")
    call.add("Qualifier", qualifier)
    call.send(.json(settings))
    do throws(CallFailure) {
      return FunctionURL(try await pipeline.send(call).object)
    } catch {
      guard error.lostAnswer, error.error.isConflict,
        let made = try await getFunctionURL(function, qualifier: qualifier)
      else { throw error.error }
      return made
    }
  }

  /// Lets somebody invoke a function or alias; a statement of the same id that is there already is no error
  /// when an earlier attempt may have made it.
  ///
  /// - Parameter statement: members of AddPermission: `StatementId`, `Action`, `Principal`, `SourceArn`.
  public func addPermission(
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
  /// - Returns: whether there was one.
  @discardableResult
  public func removePermission(
    _ function: String, statementID: String, qualifier: String? = nil
  ) async throws(AWSError) -> Bool {
    var call = self.call(
      "RemovePermission", function, "/policy/\(PercentEncoding.encode(statementID))", method: "DELETE")
    call.add("Qualifier", qualifier)
    return try await isThere(call)
  }

  /// Sets concurrency aside for a function; nil gives it back.
  ///
  /// - Parameter reserved: 0 or more; 0 stops the function.
  public func setFunctionConcurrency(_ function: String, reserved: Int?) async throws(AWSError) {
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
  public func setProvisionedConcurrency(
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

  private func isThere(_ call: APICall) async throws(AWSError) -> Bool {
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

extension FunctionURL {
  fileprivate init(_ members: JSONObject) {
    url = members["FunctionUrl"]?.string ?? ""
    functionARN = members["FunctionArn"]?.string ?? ""
    authType = members["AuthType"]?.string ?? ""
    invokeMode = members["InvokeMode"]?.string
  }
}
