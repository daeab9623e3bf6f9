internal import Core

extension LambdaService {
  /// - Parameter isWhole: whether what is not given is cleared.
  func putEventInvoke(_ target: Target, _ body: JSON, isWhole: Bool) throws(ServiceError) -> JSONObject {
    var validation = Validation()
    validation.range(body["MaximumRetryAttempts"], "maximumRetryAttempts", 0...2)
    validation.range(body["MaximumEventAgeInSeconds"], "maximumEventAgeInSeconds", 60...21_600)
    try validation.check()
    let members = ["MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"]
    let given = JSONObject(members.compactMap { key in body[key].flatMap { $0 == .null ? nil : (key, $0) } })
    guard !given.isEmpty else {
      throw .invalid("You must specify at least one of error handling or destination setting.")
    }
    try checkDestinations(body["DestinationConfig"], of: target)
    let now = clock.now()
    let made = try store.change(target.name, at: now) { record throws(ServiceError) in
      guard let present = record else { throw missing(target.name) }
      _ = try version(present, target.qualifier)
      let key = Self.eventKey(target)
      let old = isWhole ? JSONObject() : present.eventInvoke[key]?.settings ?? JSONObject()
      guard isWhole || present.eventInvoke[key] != nil else { throw noEventInvoke(target) }
      let kept = EventInvokeRecord(settings: old.merging(given), changed: now)
      record?.eventInvoke[key] = kept
      return kept
    }
    return answer(made, target.name, Self.eventKey(target))
  }

  func getEventInvoke(_ target: Target) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    _ = try version(record, target.qualifier)
    guard let found = record.eventInvoke[Self.eventKey(target)] else { throw noEventInvoke(target) }
    return answer(found, target.name, Self.eventKey(target))
  }

  func deleteEventInvoke(_ target: Target) throws(ServiceError) -> HTTPResponse {
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard record != nil else { throw missing(target.name) }
      guard record?.eventInvoke.removeValue(forKey: Self.eventKey(target)) != nil else {
        throw noEventInvoke(target)
      }
    }
    return HTTPResponse(status: 204)
  }

  func listEventInvoke(_ target: Target, _ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    let found = try function(target.name).eventInvoke.sorted { $0.key < $1.key }
    return try page(
      found.map { answer($0.value, target.name, $0.key) }, request, key: "FunctionEventInvokeConfigs")
  }

  /// `$LATEST` and the bare name share one.
  private static func eventKey(_ target: Target) -> String {
    target.qualifier == VersionRecord.latest ? "" : target.qualifier ?? ""
  }

  private func noEventInvoke(_ target: Target) -> ServiceError {
    .notFound(
      "The function \(arns.function(target.name, target.qualifier ?? VersionRecord.latest)) doesn't have an "
        + "EventInvokeConfig")
  }

  private func checkDestinations(_ config: JSON?, of target: Target) throws(ServiceError) {
    let own = arns.function(target.name, target.qualifier)
    for kind in ["OnSuccess", "OnFailure"] {
      guard let arn = config?[kind]?["Destination"]?.string, !arn.isEmpty else { continue }
      guard arn != own, arn != arns.function(target.name) else {
        throw .invalid(
          "You can't specify the function as a destination for itself.")
      }
      let origin = EventOrigin(service: "lambda.amazonaws.com", sourceARN: own)
      do throws(ServiceError) {
        try routes.admit(origin, at: arn)
      } catch {
        throw .invalid("The destination ARN \(arn) is invalid.")
      }
    }
  }

  private func answer(_ record: EventInvokeRecord, _ name: String, _ key: String) -> JSONObject {
    let settings = record.settings
    let destinations: JSON = settings["DestinationConfig"] ?? ["OnSuccess": [:], "OnFailure": [:]]
    var answer = JSONObject([
      ("LastModified", .double(record.changed.seconds)),
      ("FunctionArn", .string(arns.function(name, key.isEmpty ? VersionRecord.latest : key))),
    ])
    for member in ["MaximumRetryAttempts", "MaximumEventAgeInSeconds"] { answer[member] = settings[member] }
    answer["DestinationConfig"] = destinations
    return answer
  }
}
