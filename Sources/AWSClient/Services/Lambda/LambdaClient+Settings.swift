internal import Core

extension LambdaClient {
  /// Concurrency that is set aside for a function; nil when none is.
  package func getFunctionConcurrency(_ function: String) async throws(AWSError) -> Int? {
    let call = self.call("GetFunctionConcurrency", function, "/concurrency", since: "2019-09-30")
    return try await pipeline.answer(call).object["ReservedConcurrentExecutions"]?.int
  }

  /// Concurrency that is kept ready for a version or alias; nil when none is.
  package func getProvisionedConcurrencyConfig(
    _ function: String, qualifier: String
  ) async throws(AWSError) -> ProvisionedConcurrency? {
    var call = self.call(
      "GetProvisionedConcurrencyConfig", function, "/provisioned-concurrency", since: "2019-09-30")
    call.add("Qualifier", qualifier)
    let answer: JSONObject
    do throws(AWSError) {
      answer = try await pipeline.answer(call).object
    } catch {
      if error.fault?.code == "ProvisionedConcurrencyConfigNotFoundException" { return nil }
      throw error
    }
    return ProvisionedConcurrency(answer)
  }

  /// Concurrency that is kept ready for versions and aliases of a function.
  package func listProvisionedConcurrencyConfigs(
    _ function: String
  ) async throws(AWSError) -> [ProvisionedConcurrency] {
    var call = self.call(
      "ListProvisionedConcurrencyConfigs", function, "/provisioned-concurrency", since: "2019-09-30")
    call.add("List", "ALL")
    return try await all(call, "ProvisionedConcurrencyConfigs").map(ProvisionedConcurrency.init)
  }

  /// The account's limits and what of them is used.
  package func getAccountSettings() async throws(AWSError) -> AccountSettings {
    let call = APICall(
      service: .lambda, operation: "GetAccountSettings", path: "/2016-08-19/account-settings",
      lane: .lambdaControl,
      expects: .jsonObject)
    let answer = try await pipeline.answer(call).object
    let limit = answer["AccountLimit"]
    return AccountSettings(
      concurrentExecutions: limit?["ConcurrentExecutions"]?.int,
      unreservedConcurrentExecutions: limit?["UnreservedConcurrentExecutions"]?.int,
      totalCodeSize: limit?["TotalCodeSize"]?.int,
      usedCodeSize: answer["AccountUsage"]?["TotalCodeSize"]?.int,
      functionCount: answer["AccountUsage"]?["FunctionCount"]?.int)
  }

  /// The tags of a function or of an event source mapping.
  ///
  /// - Parameter arn: the function's ARN without a qualifier, or the mapping's.
  package func listTags(_ arn: String) async throws(AWSError) -> [String: String] {
    let tags =
      try await pipeline.answer(tagCall("ListTags", arn, method: "GET")).object["Tags"]?.object?.members ?? []
    return Dictionary(tags.compactMap { key, value in value.string.map { (key, $0) } }) { $1 }
  }

  /// Sets tags of a function or an event source mapping; others stay. A function's revision changes.
  package func tagResource(_ arn: String, tags: [String: String]) async throws(AWSError) {
    var call = tagCall("TagResource", arn, method: "POST")
    let members = tags.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
    call.send(.json(JSONObject([("Tags", .object(JSONObject(members)))])))
    call.expects = .anything
    _ = try await pipeline.answer(call)
  }

  /// Takes tags off a function or an event source mapping. A function's revision changes.
  package func untagResource(_ arn: String, keys: [String]) async throws(AWSError) {
    var call = tagCall("UntagResource", arn, method: "DELETE")
    for key in keys { call.add("tagKeys", key) }
    call.expects = .anything
    _ = try await pipeline.answer(call)
  }

  /// Who may invoke a function; nil when it has no policy.
  package func getPolicy(_ function: String, qualifier: String? = nil) async throws(AWSError)
    -> FunctionPolicy?
  {
    var call = self.call("GetPolicy", function, "/policy")
    call.add("Qualifier", qualifier)
    let answer: JSONObject
    do throws(AWSError) {
      answer = try await pipeline.answer(call).object
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
    guard let text = answer["Policy"]?.string, let document = try? JSON(parsing: text) else {
      throw .malformedAnswer(operation: call.title, endpoint: "Lambda", reason: "it holds no policy document")
    }
    return FunctionPolicy(document: document, revisionID: answer["RevisionId"]?.string ?? "")
  }

  private func tagCall(_ operation: String, _ arn: String, method: String) -> APICall {
    APICall(
      service: .lambda, operation: operation, method: method,
      path: "/2017-03-31/tags/\(PercentEncoding.encode(arn))", resource: arn, lane: .lambdaControl,
      expects: .jsonObject)
  }
}

extension ProvisionedConcurrency {
  fileprivate init(_ members: JSONObject) {
    self.init(
      functionARN: members["FunctionArn"]?.string,
      requested: members["RequestedProvisionedConcurrentExecutions"]?.int ?? 0,
      available: members["AvailableProvisionedConcurrentExecutions"]?.int ?? 0,
      allocated: members["AllocatedProvisionedConcurrentExecutions"]?.int ?? 0,
      status: members["Status"]?.string ?? "", statusReason: members["StatusReason"]?.string)
  }
}
