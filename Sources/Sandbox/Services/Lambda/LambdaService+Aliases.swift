internal import Core

extension LambdaService {
  func createAlias(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    var validation = Validation()
    validation.required(body["Name"], "name")
    validation.required(body["FunctionVersion"], "functionVersion")
    validation.aliasName(body["Name"])
    let routing = try aliasMembers(body, &validation)
    let name = body["Name"]?.string ?? ""
    return try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      guard changed.alias(name) == nil else {
        throw .conflict("Alias already exists: \(arns.function(target.name, name))")
      }
      let alias = AliasRecord(
        name: name, version: body["FunctionVersion"]?.string ?? "",
        description: body["Description"]?.string ?? "", weights: routing ?? [], revision: Identifier.uuid())
      try check(alias, in: changed)
      changed.aliases.append(alias)
      changed.aliases.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      record = changed
      return answers.alias(target.name, alias)
    }
  }

  func getAlias(_ target: Target, _ name: String) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    guard let alias = record.alias(name) else {
      throw .notFound("Cannot find alias arn: \(arns.function(target.name, name))")
    }
    return answers.alias(target.name, alias)
  }

  /// A merge: an absent RoutingConfig keeps the weights, an empty one clears them.
  func updateAlias(_ target: Target, _ name: String, _ body: JSON) throws(ServiceError) -> JSONObject {
    var validation = Validation()
    let routing = try aliasMembers(body, &validation)
    return try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      guard let index = changed.aliases.firstIndex(where: { $0.name == name }) else {
        throw .notFound("Alias not found: \(arns.function(target.name, name))")
      }
      var alias = changed.aliases[index]
      try requireRevision(body, alias.revision)
      if let version = body["FunctionVersion"]?.string { alias.version = version }
      if let description = body["Description"]?.string { alias.description = description }
      if let routing { alias.weights = routing }
      try check(alias, in: changed)
      alias.revision = Identifier.uuid()
      changed.aliases[index] = alias
      record = changed
      return answers.alias(target.name, alias)
    }
  }

  func deleteAlias(_ target: Target, _ name: String) throws(ServiceError) -> HTTPResponse {
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard record != nil else { throw missing(target.name) }
      record?.aliases.removeAll { $0.name == name }
      record?.provisioned[name] = nil
      record?.urls[name] = nil
    }
    closeURLs(of: target.name, [name])
    return HTTPResponse(status: 204)
  }

  func listAliases(_ target: Target, _ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    var aliases = record.aliases
    if let version = request.parameter("FunctionVersion") {
      aliases.removeAll { alias in
        alias.version != version && !alias.weights.contains { $0.version == version }
      }
    }
    return try page(aliases.map { answers.alias(target.name, $0) }, request, key: "Aliases")
  }

  /// Checks the shape of an alias's members and reads its weights; nil when there is no RoutingConfig.
  private func aliasMembers(
    _ body: JSON, _ validation: inout Validation
  ) throws(ServiceError) -> [(version: String, weight: Double)]? {
    validation.length(body["Description"], "description", 0...256)
    validation.version(body["FunctionVersion"], "functionVersion")
    guard let config = body["RoutingConfig"], config != .null else {
      try validation.check()
      return nil
    }
    var weights: [(version: String, weight: Double)] = []
    for (version, value) in config["AdditionalVersionWeights"]?.object?.members ?? [] {
      guard let weight = value.double else {
        throw ServiceError(
          400, "SerializationException", "\(value.typeWord) can not be converted to a Double")
      }
      weights.append((version, weight))
    }
    let isNumber: (String) -> Bool = { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    if weights.contains(where: { !isNumber($0.version) || !(0...1).contains($0.weight) }) {
      let text = weights.map { "\($0.version)=\($0.weight)" }.joined(separator: ", ")
      validation.fail(
        "{\(text)}", at: "routingConfig.additionalVersionWeights",
        "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value "
          + "greater than or equal to 0.0]; Map keys must satisfy constraint: [Member must have length less than or "
          + "equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular "
          + "expression pattern: [0-9]+]")
    }
    try validation.check()
    guard weights.count <= 1 else {
      throw .invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
    }
    return weights
  }

  /// The rules that tie an alias to the function's versions.
  private func check(_ alias: AliasRecord, in record: FunctionRecord) throws(ServiceError) {
    guard let main = record.version(alias.version) else { throw missing(record.name, alias.version) }
    guard let additional = alias.weights.first?.version else { return }
    guard record.provisioned[alias.name] == nil else { throw Self.weightsBesideProvisioned }
    guard alias.version != VersionRecord.latest else {
      throw .invalid("$LATEST is not supported for an alias pointing to more than 1 version")
    }
    guard additional != alias.version else {
      throw .invalid(
        "Invalid function version \(additional). Function version \(additional) is already included in routing "
          + "configuration.")
    }
    guard let other = record.version(additional) else { throw missing(record.name, additional) }
    guard main.settings["Role"] == other.settings["Role"] else {
      throw .invalid("Specified versions must be associated with the same execution role")
    }
    guard main.settings["DeadLetterConfig"] == other.settings["DeadLetterConfig"] else {
      throw .invalid("Specified versions must be associated with the same dead letter target")
    }
  }
}
