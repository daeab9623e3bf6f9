package import Core

/// Something that feeds a function events.
package struct EventSourceMapping: Hashable, Sendable {
  /// All members, with the API's names.
  package let members: JSONObject

  /// Wraps `members`.
  package init(_ members: JSONObject) {
    self.members = members
  }

  /// A mapping of these values.
  package init(uuid: String, functionARN: String, eventSourceARN: String? = nil, state: String? = nil) {
    var members = JSONObject([("UUID", .string(uuid)), ("FunctionArn", .string(functionARN))])
    members["EventSourceArn"] = eventSourceARN.map(JSON.string)
    members["State"] = state.map(JSON.string)
    self.init(members)
  }

  /// Its id.
  package var uuid: String { members["UUID"]?.string ?? "" }
  /// Its own ARN, which tags are read by; nil where the endpoint does not tell it.
  package var mappingARN: String? { members["EventSourceMappingArn"]?.string }
  /// The ARN it invokes; a bare one goes round every alias.
  package var functionARN: String { members["FunctionArn"]?.string ?? "" }
  /// The queue, stream or table it reads.
  package var eventSourceARN: String? { members["EventSourceArn"]?.string }
  /// `Creating`, `Enabling`, `Enabled`, `Disabling`, `Disabled`, `Updating`, `Deleting`, or newer.
  package var state: String? { members["State"]?.string }
  /// Who changed the state, or why it could not be reached.
  package var stateTransitionReason: String? { members["StateTransitionReason"]?.string }
  /// How the last batch went: `OK`, `No records processed`, or what went wrong.
  package var lastProcessingResult: String? { members["LastProcessingResult"]?.string }
  /// Topics of Kafka.
  package var topics: [String] { members["Topics"]?.array?.compactMap(\.string) ?? [] }
  /// Queues of a broker.
  package var queues: [String] { members["Queues"]?.array?.compactMap(\.string) ?? [] }
}

extension ServiceFault {
  /// The id of the mapping that is there already, when a mapping could not be made for that; it is in the text alone.
  package var existingMapping: String? {
    guard conflict != nil, let range = message.unmasked.firstRange(of: "UUID ") else { return nil }
    let id = message.unmasked[range.upperBound...].prefix { $0.isHexDigit || $0 == "-" }
    return id.utf8.count == 36 ? String(id) : nil
  }
}

extension LambdaClient {
  /// What feeds a function events; the ARNs tell which alias each one invokes.
  package func listEventSourceMappings(_ function: String) async throws(AWSError) -> [EventSourceMapping] {
    var call = mappingCall("ListEventSourceMappings", about: function)
    call.add("FunctionName", function)
    return try await all(call, "EventSourceMappings").map(EventSourceMapping.init)
  }

  /// All mappings in the account and region. They show no tags.
  package func listAllEventSourceMappings() async throws(AWSError) -> [EventSourceMapping] {
    var call = mappingCall("ListEventSourceMappings")
    // As many as a page takes.
    call.add("MaxItems", "100")
    return try await all(call, "EventSourceMappings").map(EventSourceMapping.init)
  }

  /// A mapping; nil when there is none of the id.
  package func getEventSourceMapping(_ uuid: String) async throws(AWSError) -> EventSourceMapping? {
    do throws(AWSError) {
      return EventSourceMapping(
        try await pipeline.answer(mappingCall("GetEventSourceMapping", uuid, about: uuid)).object)
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  /// Lets something feed a function events. The answer still says `Creating`.
  ///
  /// One that is there already is a conflict whose fault tells its id, unless a lost attempt has made it.
  ///
  /// - Parameter configuration: members of CreateEventSourceMapping, `FunctionName` and `Tags` among them.
  package func createEventSourceMapping(_ configuration: JSONObject) async throws(AWSError)
    -> EventSourceMapping
  {
    let function = configuration["FunctionName"]?.string ?? ""
    var call = mappingCall("CreateEventSourceMapping", method: "POST", about: function)
    call.send(.json(configuration))
    do throws(CallFailure) {
      return EventSourceMapping(try await pipeline.send(call).object)
    } catch {
      guard error.lostAnswer, let uuid = error.error.fault?.existingMapping,
        let made = try await getEventSourceMapping(uuid),
        made.functionARN == function || made.functionARN.hasSuffix(":\(function)")
      else { throw error.error }
      return made
    }
  }

  /// Changes a mapping; members that are absent stay as they are. The answer still says `Updating`.
  ///
  /// - Parameter changes: members of UpdateEventSourceMapping but `UUID`.
  package func updateEventSourceMapping(
    _ uuid: String, changes: JSONObject
  ) async throws(AWSError) -> EventSourceMapping {
    var call = mappingCall("UpdateEventSourceMapping", uuid, method: "PUT", about: uuid)
    call.send(.json(changes))
    return EventSourceMapping(try await pipeline.answer(call).object)
  }

  /// Takes a mapping away. It stays for a while, as `Deleting`.
  ///
  /// - Returns: whether there was one.
  @discardableResult
  package func deleteEventSourceMapping(_ uuid: String) async throws(AWSError) -> Bool {
    try await isThere(mappingCall("DeleteEventSourceMapping", uuid, method: "DELETE", about: uuid))
  }

  private func mappingCall(
    _ operation: String, _ uuid: String? = nil, method: String = "GET", about resource: String = ""
  ) -> APICall {
    APICall(
      service: .lambda, operation: operation, method: method,
      path: "/2015-03-31/event-source-mappings" + (uuid.map { "/\(PercentEncoding.encode($0))" } ?? ""),
      resource: resource, lane: .lambdaControl, expects: .jsonObject)
  }
}
