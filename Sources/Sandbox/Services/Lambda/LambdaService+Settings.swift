internal import Core

extension LambdaService {
  /// The account's limit of concurrent executions.
  static let accountConcurrency = 1_000

  func putConcurrency(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    var validation = Validation()
    validation.required(body["ReservedConcurrentExecutions"], "reservedConcurrentExecutions")
    validation.range(body["ReservedConcurrentExecutions"], "reservedConcurrentExecutions", 0...Int.max)
    try validation.check()
    let reserved = body["ReservedConcurrentExecutions"]?.int ?? 0
    let others = store.all(at: clock.now()).filter { $0.name != target.name }
      .reduce(0) { $0 + ($1.reservedConcurrency ?? 0) }
    guard Self.accountConcurrency - others - reserved >= 100 else {
      throw .invalid(
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
          + "below its minimum value of [100].")
    }
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard record != nil else { throw missing(target.name) }
      record?.reservedConcurrency = reserved
    }
    return JSONObject([("ReservedConcurrentExecutions", .int(reserved))])
  }

  func getConcurrency(_ target: Target) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    return JSONObject(record.reservedConcurrency.map { [("ReservedConcurrentExecutions", .int($0))] } ?? [])
  }

  func deleteConcurrency(_ target: Target) throws(ServiceError) -> HTTPResponse {
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard record != nil else { throw missing(target.name) }
      record?.reservedConcurrency = nil
    }
    return HTTPResponse(status: 204)
  }

  func accountSettings() -> JSONObject {
    let functions = store.all(at: clock.now())
    let size = functions.reduce(0) { sum, record in
      sum + record.latest.code.size + record.versions.reduce(0) { $0 + $1.code.size }
    }
    let reserved = functions.reduce(0) { $0 + ($1.reservedConcurrency ?? 0) }
    return JSONObject([
      (
        "AccountLimit",
        [
          "TotalCodeSize": 80_530_636_800, "CodeSizeUnzipped": .int(CodeStore.unzippedLimit),
          "CodeSizeZipped": .int(CodeStore.directLimit),
          "ConcurrentExecutions": .int(Self.accountConcurrency),
          "UnreservedConcurrentExecutions": .int(Self.accountConcurrency - reserved),
        ]
      ),
      ("AccountUsage", ["TotalCodeSize": .int(size), "FunctionCount": .int(functions.count)]),
    ])
  }

  func tags(in value: JSON?) throws(ServiceError) -> [(key: String, value: String)] {
    let tags = (value?.object?.members ?? []).map { (key: $0.key, value: $0.value.string ?? "") }
    guard tags.count <= 50 else { throw .invalid("Number of tags exceeds resource tag limit.") }
    guard
      tags.allSatisfy({
        (1...128).contains($0.key.unicodeScalars.count) && $0.value.unicodeScalars.count <= 256
      })
    else { throw .invalid("Tag keys must have 1 to 128 characters, tag values at most 256.") }
    return tags
  }

  func tag(_ arn: String, _ body: JSON) throws(ServiceError) -> HTTPResponse {
    let added = try tags(in: body["Tags"])
    if let mapping = mappingID(inARN: arn) {
      try changeMappingTags(mapping, adding: added)
      return HTTPResponse(status: 204)
    }
    try changeTags(arn) { tags in
      for tag in added {
        tags.removeAll { $0.key == tag.key }
        tags.append(tag)
      }
    }
    return HTTPResponse(status: 204)
  }

  func untag(_ arn: String, _ request: HTTPRequest) throws(ServiceError) -> HTTPResponse {
    let keys = request.parameters.filter { $0.name == "tagKeys" }.map(\.value)
    if let mapping = mappingID(inARN: arn) {
      try changeMappingTags(mapping, adding: [], removing: Set(keys))
      return HTTPResponse(status: 204)
    }
    try changeTags(arn) { tags in tags.removeAll { keys.contains($0.key) } }
    return HTTPResponse(status: 204)
  }

  func listTags(_ arn: String) throws(ServiceError) -> JSONObject {
    let tags =
      if let mapping = mappingID(inARN: arn) { try mappingTags(mapping) } else {
        try function(tagged(arn)).tags
      }
    return JSONObject([("Tags", .object(JSONObject(tags.map { ($0.key, .string($0.value)) })))])
  }

  /// Tagging gives `$LATEST` a new RevisionId.
  private func changeTags(
    _ arn: String, _ body: (inout [(key: String, value: String)]) -> Void
  ) throws(ServiceError) {
    let name = try tagged(arn)
    try store.change(name, at: clock.now()) { record throws(ServiceError) in
      guard var changed = record else { throw missing(name) }
      body(&changed.tags)
      guard changed.tags.count <= 50 else { throw .invalid("Number of tags exceeds resource tag limit.") }
      changed.latest.revision = Identifier.uuid()
      record = changed
    }
  }

  private func tagged(_ arn: String) throws(ServiceError) -> String {
    let parsed = try FunctionReference(arn, region: arns.region, account: arns.account)
    guard parsed.qualifier == nil else {
      throw .invalid(
        "Tags on function aliases and versions are not supported. Please specify a function ARN.")
    }
    return parsed.name
  }
}
