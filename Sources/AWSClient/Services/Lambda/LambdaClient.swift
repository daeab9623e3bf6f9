package import Core

/// The operations of Lambda.
///
/// A function is named by its name, `name:qualifier`, a partial ARN or a full one. All operations throw
/// ``AWSError``.
package struct LambdaClient: Sendable {
  let pipeline: Pipeline

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// A function with its tags; the cheapest way to look, as GetFunction has a rate limit of its own.
  ///
  /// - Parameter qualifier: a version or alias; nil for `$LATEST`.
  package func getFunction(
    _ name: String, qualifier: String? = nil, priority: RequestPriority = .normal
  ) async throws(AWSError) -> FunctionDescription {
    var call = self.call("GetFunction", name, "", lane: .getFunction, priority: priority)
    call.add("Qualifier", qualifier)
    let answer = try await pipeline.answer(call).object
    let tags = answer["Tags"]?.object?.members ?? []
    return FunctionDescription(
      configuration: try configuration(answer["Configuration"]?.object, call),
      tags: Dictionary(tags.compactMap { key, value in value.string.map { (key, $0) } }) { $1 },
      codeLocation: answer["Code"]?["Location"]?.string,
      reservedConcurrency: answer["Concurrency"]?["ReservedConcurrentExecutions"]?.int)
  }

  /// A function's configuration alone.
  package func getFunctionConfiguration(
    _ name: String, qualifier: String? = nil
  ) async throws(AWSError) -> FunctionConfiguration {
    var call = self.call("GetFunctionConfiguration", name, "/configuration")
    call.add("Qualifier", qualifier)
    return try await configuration(pipeline.answer(call).object, call)
  }

  /// Makes a function.
  ///
  /// - Parameters:
  ///   - configuration: the members of CreateFunction but `FunctionName` and `Code`; `Tags` may be among
  ///   them.
  package func createFunction(
    name: String, code: FunctionCode, configuration: JSONObject
  ) async throws(AWSError) -> FunctionConfiguration {
    let package = try await CodePayload(code)
    pipeline.secrets.learnVariables(configuration)
    var members = configuration
    members["FunctionName"] = .string(name)
    if case .image = code, members["PackageType"] == nil { members["PackageType"] = "Image" }
    var call = APICall(service: .lambda, operation: "CreateFunction", method: "POST")
    call.path = "/2015-03-31/functions"
    call.resource = name
    call.send(package.body(in: "Code", with: members))
    return try await write(call) { () async throws(AWSError) in
      let present = try await getFunction(name).configuration
      guard package.isSame(as: present), present.matches(configuration) else { return nil }
      return present
    }
  }

  /// Replaces the code of `$LATEST`. The answer still says `InProgress`.
  ///
  /// - Parameters:
  ///   - architectures: one of `x86_64` and `arm64`; nil leaves it as it is.
  ///   - revisionID: refuses with 412 when the function is not at this revision.
  package func updateFunctionCode(
    _ name: String, code: FunctionCode, architectures: [String]? = nil, revisionID: String? = nil
  ) async throws(AWSError) -> FunctionConfiguration {
    let package = try await CodePayload(code)
    var members = JSONObject()
    members["Architectures"] = architectures.map { .array($0.map(JSON.string)) }
    members["RevisionId"] = revisionID.map(JSON.string)
    var call = self.call("UpdateFunctionCode", name, "/code", method: "PUT")
    call.send(package.body(with: members))
    return try await write(call) { () async throws(AWSError) in
      let present = try await getFunction(name).configuration
      let isDone =
        package.isSame(as: present) && (architectures ?? present.architectures) == present.architectures
      return isDone ? present : nil
    }
  }

  /// Changes the configuration of `$LATEST`; members that are absent stay as they are.
  ///
  /// - Parameter changes: members of UpdateFunctionConfiguration.
  package func updateFunctionConfiguration(
    _ name: String, changes: JSONObject, revisionID: String? = nil
  ) async throws(AWSError) -> FunctionConfiguration {
    pipeline.secrets.learnVariables(changes)
    var members = changes
    members["RevisionId"] = revisionID.map(JSON.string)
    var call = self.call("UpdateFunctionConfiguration", name, "/configuration", method: "PUT")
    call.send(.json(members))
    return try await write(call) { () async throws(AWSError) in
      let present = try await getFunction(name).configuration
      return present.matches(changes) ? present : nil
    }
  }

  /// Deletes one published version; one that is gone already is no error.
  package func deleteFunctionVersion(_ name: String, version: String) async throws(AWSError) {
    var call = self.call("DeleteFunction", name, "", method: "DELETE")
    call.add("Qualifier", version)
    call.expects = .anything
    _ = try await pipeline.answer(call)
  }

  /// Deletes a function with all its versions and aliases.
  package func deleteFunction(_ name: String) async throws(AWSError) {
    var call = self.call("DeleteFunction", name, "", method: "DELETE")
    call.expects = .anything
    do throws(CallFailure) {
      _ = try await pipeline.send(call)
    } catch {
      // Gone is what was wanted, if an earlier attempt may have done it.
      if !(error.lostAnswer && error.error.isNotFound) { throw error.error }
    }
  }
}

extension LambdaClient {
  func call(
    _ operation: String, _ name: String, _ path: String, method: String = "GET",
    since date: String = "2015-03-31",
    lane: RateLane = .lambdaControl, priority: RequestPriority = .normal
  ) -> APICall {
    APICall(
      service: .lambda, operation: operation, method: method,
      path: "/\(date)/functions/\(PercentEncoding.encode(name))\(path)", resource: name, lane: lane,
      priority: priority, expects: .jsonObject)
  }

  func configuration(_ object: JSONObject?, _ call: APICall) throws(AWSError) -> FunctionConfiguration {
    guard let object, object["FunctionName"]?.string != nil else {
      throw .malformedAnswer(
        operation: call.title, endpoint: "Lambda", reason: "it holds no function configuration")
    }
    return FunctionConfiguration(object)
  }

  /// A write that may be sent again: when an answer was lost and a later attempt is refused, `present` looks
  /// whether the first one did its work.
  ///
  /// - Throws: ``AWSError``; that of the look, where nobody can say without it whether the refusal is of our own making.
  func write(
    _ call: APICall, orFind present: () async throws(AWSError) -> FunctionConfiguration?
  ) async throws(AWSError) -> FunctionConfiguration {
    do throws(CallFailure) {
      return try await configuration(pipeline.send(call), call)
    } catch {
      let refusal = error.error
      guard error.lostAnswer, !refusal.isCancelled else { throw refusal }
      do throws(AWSError) {
        if let found = try await present() { return found }
      } catch {
        let isOpen = refusal.isConflict || refusal.isPreconditionFailed
        throw isOpen && !error.isNotFound ? error : refusal
      }
      throw refusal
    }
  }

  private func configuration(_ answer: APIAnswer, _ call: APICall) throws(CallFailure)
    -> FunctionConfiguration
  {
    do throws(AWSError) {
      return try configuration(answer.object, call)
    } catch {
      throw CallFailure(error: error, lostAnswer: true)
    }
  }
}

extension APICall {
  mutating func add(_ name: String, _ value: String?) {
    if let value { query.append((name, value)) }
  }

  /// Sends a JSON body and expects an object back.
  mutating func send(_ body: HTTPBody, type: String = "application/json") {
    self.body = body
    headers.append(("Content-Type", type))
    expects = .jsonObject
    if service == .lambda, lane == .unlimited { lane = .lambdaControl }
  }
}
