package import Core

/// The operations of EventBridge. All throw ``AWSError``.
///
/// A bus is named by its name or ARN; nil is the account's default bus. What changes a rule while another change is
/// under way is refused by EventBridge and tried again here.
package struct EventBridgeClient: Sendable {
  /// Attempts to place targets that are refused because another change of the rule is under way.
  private static let placements = 4

  let pipeline: Pipeline

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// Makes a rule, or replaces all of one: members that are absent become empty, but tags stay.
  ///
  /// - Parameter settings: members of PutRule but `Name` and `EventBusName`: `EventPattern` (JSON text), `State`,
  ///   `Description`, `ScheduleExpression`, `Tags` (only counted when the rule is new).
  /// - Returns: the rule's ARN.
  @discardableResult
  package func putRule(_ name: String, bus: String? = nil, settings: JSONObject) async throws(AWSError)
    -> String
  {
    let call = call("PutRule", name, bus, name: "Name", settings)
    guard let arn = try await pipeline.answer(call).object["RuleArn"]?.string else {
      throw .malformedAnswer(
        operation: call.title, endpoint: "EventBridge", reason: "it holds no ARN of the rule")
    }
    return arn
  }

  /// A rule in the members of DescribeRule; nil when there is none of the name. Tags are not among them.
  ///
  /// - Throws: ``AWSError``, also when there is no such bus.
  package func describeRule(_ name: String, bus: String? = nil) async throws(AWSError) -> JSONObject? {
    do throws(AWSError) {
      return try await pipeline.answer(call("DescribeRule", name, bus, name: "Name")).object
    } catch {
      // A bus that is not there has the same code: `Event bus orders does not exist.`
      guard error.isNotFound, error.fault?.message.contains("Event bus ") != true else { throw error }
      return nil
    }
  }

  /// Removes a rule, which must have no targets any more.
  ///
  /// - Returns: whether there was one, as far as EventBridge says.
  @discardableResult
  package func deleteRule(_ name: String, bus: String? = nil) async throws(AWSError) -> Bool {
    var call = call("DeleteRule", name, bus, name: "Name")
    call.expects = .anything
    return try await found(call) != nil
  }

  /// Adds targets to a rule, or replaces those of the same ids.
  ///
  /// - Parameter targets: members of Target: `Id`, `Arn`, `Input`, `InputPath`, `InputTransformer`, `RetryPolicy`,
  ///   `DeadLetterConfig`.
  /// - Throws: ``AWSError``; also when EventBridge answers well and has refused some of them.
  package func putTargets(rule: String, bus: String? = nil, targets: [JSONObject]) async throws(AWSError) {
    try await change(
      call("PutTargets", rule, bus, name: "Rule", JSONObject([("Targets", .array(targets.map(JSON.object)))]))
    )
  }

  /// Takes targets off a rule; ids that it does not have are no error.
  ///
  /// - Throws: ``AWSError``; also when EventBridge answers well and has refused some of them.
  package func removeTargets(rule: String, bus: String? = nil, ids: [String]) async throws(AWSError) {
    try await change(
      call("RemoveTargets", rule, bus, name: "Rule", JSONObject([("Ids", .array(ids.map(JSON.string)))])))
  }

  /// What a rule invokes, in the members of Target; nil when there is no such rule.
  package func listTargetsByRule(_ rule: String, bus: String? = nil) async throws(AWSError) -> [JSONObject]? {
    do throws(AWSError) {
      return try await list("ListTargetsByRule", rule, bus, name: "Rule", "Targets").compactMap(\.object)
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  /// The names of a bus's rules that invoke this very ARN: a function's does not find its aliases.
  package func listRuleNamesByTarget(_ arn: String, bus: String? = nil) async throws(AWSError) -> [String] {
    try await list("ListRuleNamesByTarget", arn, bus, name: "TargetArn", "RuleNames").compactMap(\.string)
  }

  /// The rules of a bus, in the members of Rule.
  ///
  /// - Parameter prefix: what their names begin with; nil for all.
  package func listRules(prefix: String? = nil, bus: String? = nil) async throws(AWSError) -> [JSONObject] {
    try await list("ListRules", prefix, bus, name: "NamePrefix", "Rules").compactMap(\.object)
  }

  /// The tags of a rule or bus.
  package func listTags(_ arn: String) async throws(AWSError) -> [String: String] {
    let call = call("ListTagsForResource", arn, nil, name: "ResourceARN")
    return Tags.read(try await pipeline.answer(call).object["Tags"])
  }

  /// Adds tags to a rule or bus, or changes those of the same keys.
  package func tagResource(_ arn: String, tags: [String: String]) async throws(AWSError) {
    let members = JSONObject([("Tags", Tags.list(tags))])
    _ = try await pipeline.answer(call("TagResource", arn, nil, name: "ResourceARN", members))
  }
}

extension EventBridgeClient {
  /// - Parameters:
  ///   - name: the member that holds `resource`.
  ///   - settings: the other members.
  private func call(
    _ operation: String, _ resource: String?, _ bus: String?, name: String,
    _ settings: JSONObject = JSONObject()
  ) -> APICall {
    var members = settings
    members[name] = resource.map(JSON.string)
    members["EventBusName"] = bus.map(JSON.string)
    var call = APICall.json(.eventBridge, operation, target: "AWSEvents", version: "1.1", members)
    call.resource = resource ?? ""
    call.lane = .eventBridge
    return call
  }

  private func found(_ call: APICall) async throws(AWSError) -> JSONObject? {
    do throws(AWSError) {
      return try await pipeline.answer(call).object
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  private func list(
    _ operation: String, _ resource: String?, _ bus: String?, name: String, _ member: String
  ) async throws(AWSError) -> [JSON] {
    var items: [JSON] = []
    try await pipeline.pages(token: "NextToken") { token in
      let settings = JSONObject(token.map { [("NextToken", .string($0))] } ?? [])
      return call(operation, resource, bus, name: name, settings)
    } take: { page in
      items += page[member]?.array ?? []
      return true
    }
    return items
  }

  /// A call that can be answered well and have failed in part.
  private func change(_ call: APICall) async throws(AWSError) {
    var attempt = 0
    while true {
      attempt += 1
      let answer = try await pipeline.answer(call)
      guard let failed = FailedEntry(answer.object) else { return }
      let mayRepeat = failed.code == "ConcurrentModificationException" && attempt < Self.placements
      guard mayRepeat else { throw .service(failed.fault(call, answer.response, pipeline.secrets)) }
      do {
        try await pipeline.clock.sleep(
          for: pipeline.policy.wait(beforeRetry: attempt, random: .random(in: 0..<1), asked: nil))
      } catch {
        throw .cancelled(call.title)
      }
    }
  }
}

/// What EventBridge did not do of a call that it answered well.
private struct FailedEntry {
  let code: String
  let message: String

  init?(_ answer: JSONObject) {
    let entries = answer["FailedEntries"]?.array ?? []
    guard (answer["FailedEntryCount"]?.int ?? entries.count) > 0 else { return nil }
    let texts = entries.map { entry in
      let id = entry["TargetId"]?.string ?? "a target"
      return "\(id): \(entry["ErrorMessage"]?.string ?? "no reason is given")"
    }
    code = PlainText.line(entries.first?["ErrorCode"]?.string ?? "FailedEntry")
    message = texts.joined(separator: "; ")
  }

  func fault(_ call: APICall, _ response: HTTPResponse, _ secrets: Secrets) -> ServiceFault {
    ServiceFault(
      service: call.service, operation: call.operation, resource: call.resource, status: response.status,
      code: code, message: ForeignText(message, hiding: secrets),
      requestID: FaultReader.requestID(response.headers) ?? "",
      isRetryable: code == "ConcurrentModificationException")
  }
}
