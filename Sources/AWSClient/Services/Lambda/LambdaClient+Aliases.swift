internal import Core

extension LambdaClient {
  /// Where an alias points to.
  package func getAlias(
    _ function: String, name: String, priority: RequestPriority = .normal
  ) async throws(AWSError) -> AliasConfiguration {
    let call = aliasCall("GetAlias", function, name, method: "GET", priority)
    return AliasConfiguration(try await pipeline.answer(call).object)
  }

  /// Makes an alias that gives all traffic to one version.
  package func createAlias(
    _ function: String, name: String, version: String, description: String = ""
  ) async throws(AWSError) -> AliasConfiguration {
    var call = self.call("CreateAlias", function, "/aliases", method: "POST")
    call.resource = "\(function):\(name)"
    call.send(
      .json(
        JSONObject([
          ("Name", .string(name)), ("FunctionVersion", .string(version)),
          ("Description", .string(description)),
        ])))
    return try await write(call, function, name, .normal) {
      $0.points(to: version, weights: [:], description: description)
    }
  }

  /// Points an alias anew, all of it: what is not given here is cleared.
  ///
  /// When an answer is lost and the alias then turns out to be exactly as asked, that is success.
  ///
  /// - Parameters:
  ///   - weights: shares of other versions, 0 to 1; always sent, because Lambda would keep the old ones.
  ///   - revisionID: refuses with 412 when the alias is at another revision.
  package func updateAlias(
    _ function: String, name: String, version: String, weights: [String: Double], description: String,
    revisionID: String?, priority: RequestPriority = .normal
  ) async throws(AWSError) -> AliasConfiguration {
    let entries = weights.sorted { $0.key < $1.key }.map { ($0.key, JSON.double($0.value)) }
    var members = JSONObject([
      ("FunctionVersion", .string(version)), ("Description", .string(description)),
      ("RoutingConfig", .object(JSONObject([("AdditionalVersionWeights", .object(JSONObject(entries)))]))),
    ])
    members["RevisionId"] = revisionID.map(JSON.string)
    var call = aliasCall("UpdateAlias", function, name, method: "PUT", priority)
    call.send(.json(members))
    // Without a revision a late repetition could undo what somebody else has done in between.
    if revisionID == nil, priority != .rollback { call.repetition = .onlyIfNotProcessed }
    return try await write(call, function, name, priority) {
      $0.points(to: version, weights: weights, description: description)
    }
  }

  /// All aliases of a function.
  package func listAliases(_ function: String) async throws(AWSError) -> [AliasConfiguration] {
    try await all(call("ListAliases", function, "/aliases"), "Aliases").map(AliasConfiguration.init)
  }

  /// Deletes an alias; one that is gone already is no error.
  package func deleteAlias(_ function: String, name: String) async throws(AWSError) {
    var call = aliasCall("DeleteAlias", function, name, method: "DELETE", .normal)
    call.expects = .anything
    _ = try await pipeline.answer(call)
  }

  private func aliasCall(
    _ operation: String, _ function: String, _ name: String, method: String, _ priority: RequestPriority
  ) -> APICall {
    var call = self.call(
      operation, function, "/aliases/\(PercentEncoding.encode(name))", method: method, priority: priority)
    call.resource = "\(function):\(name)"
    return call
  }

  private func write(
    _ call: APICall, _ function: String, _ name: String, _ priority: RequestPriority,
    unless isDone: (AliasConfiguration) -> Bool
  ) async throws(AWSError) -> AliasConfiguration {
    do throws(CallFailure) {
      return AliasConfiguration(try await pipeline.send(call).object)
    } catch {
      guard error.lostAnswer, !error.error.isCancelled else { throw error.error }
      if let present = try? await getAlias(function, name: name, priority: priority), isDone(present) {
        return present
      }
      throw error.error
    }
  }
}
