internal import Core

extension LambdaService {
  /// How long it takes until concurrency that was asked for is ready, in virtual time.
  static let provisioningDelay = TimeSpan.seconds(60)

  func putProvisionedConcurrency(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    let key = "provisionedConcurrentExecutions"
    var validation = Validation()
    validation.required(target.qualifier.map(JSON.string), "qualifier")
    validation.required(body["ProvisionedConcurrentExecutions"], key)
    validation.range(body["ProvisionedConcurrentExecutions"], key, 1...Int.max)
    try validation.check()
    let qualifier = target.qualifier ?? ""
    let now = clock.now()
    let wanted = ProvisionedRecord(
      requested: body["ProvisionedConcurrentExecutions"]?.int ?? 0, since: now,
      readyAt: now + Self.provisioningDelay)
    let others = store.all(at: now).filter { $0.name != target.name }
    let unreserved = Self.accountConcurrency - others.reduce(0) { $0 + ($1.reservedConcurrency ?? 0) }
    try store.change(target.name, at: now) { record throws(ServiceError) in
      guard let present = record else { throw missing(target.name) }
      try check(wanted, on: qualifier, of: present, unreserved: unreserved)
      record?.provisioned[qualifier] = wanted
    }
    return Self.answer(wanted, at: now)
  }

  func getProvisionedConcurrency(_ target: Target) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    _ = try version(record, target.qualifier)
    guard let found = record.provisioned[target.qualifier ?? ""] else {
      throw ServiceError(
        404, "ProvisionedConcurrencyConfigNotFoundException",
        "No Provisioned Concurrency Config found for this function")
    }
    return Self.answer(found, at: clock.now())
  }

  func deleteProvisionedConcurrency(_ target: Target) throws(ServiceError) -> HTTPResponse {
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard record != nil else { throw missing(target.name) }
      record?.provisioned[target.qualifier ?? ""] = nil
    }
    return HTTPResponse(status: 204)
  }

  func listProvisionedConcurrency(_ target: Target, _ request: HTTPRequest) throws(ServiceError) -> JSONObject
  {
    let items = try function(target.name).provisioned.sorted { $0.key < $1.key }.map { qualifier, found in
      var item = Self.answer(found, at: clock.now())
      item["FunctionArn"] = .string(arns.function(target.name, qualifier))
      return item
    }
    return try page(items, request, key: "ProvisionedConcurrencyConfigs")
  }

  private func check(
    _ wanted: ProvisionedRecord, on qualifier: String, of record: FunctionRecord, unreserved: Int
  ) throws(ServiceError) {
    guard qualifier != VersionRecord.latest else {
      throw .invalid(
        "Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
    }
    _ = try version(record, qualifier)
    if let alias = record.alias(qualifier) {
      guard alias.weights.isEmpty else { throw Self.weightsBesideProvisioned }
      guard record.provisioned[alias.version] == nil else {
        throw .conflict(
          "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version")
      }
    } else if record.aliases.contains(where: {
      $0.version == qualifier && record.provisioned[$0.name] != nil
    }) {
      throw .conflict("Version is pointed by a Provisioned Concurrency alias")
    }
    if let reserved = record.reservedConcurrency, wanted.requested > reserved {
      throw .invalid(
        "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function"
      )
    }
    guard wanted.requested <= unreserved else {
      throw .invalid(
        "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [\(unreserved)]."
      )
    }
  }

  /// What an alias is told that would have both.
  static let weightsBesideProvisioned = ServiceError.invalid(
    "Alias with weights can not be used with Provisioned Concurrency")

  private static func answer(_ record: ProvisionedRecord, at now: Timestamp) -> JSONObject {
    let isReady = now >= record.readyAt
    let ready = isReady ? record.requested : 0
    return JSONObject([
      ("RequestedProvisionedConcurrentExecutions", .int(record.requested)),
      ("AvailableProvisionedConcurrentExecutions", .int(ready)),
      ("AllocatedProvisionedConcurrentExecutions", .int(ready)),
      ("Status", isReady ? "READY" : "IN_PROGRESS"),
      ("LastModified", .string(LambdaAnswers.date(record.since))),
    ])
  }
}
