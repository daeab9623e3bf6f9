internal import Core

extension LambdaService {
  func createFunction(_ body: JSON) throws(ServiceError) -> JSONObject {
    var validation = Validation()
    validation.required(body["FunctionName"], "functionName")
    validation.required(body["Role"], "role")
    validation.required(body["Code"], "code")
    try validation.check()
    let parsed = try FunctionReference(
      body["FunctionName"]?.string ?? "", region: arns.region, account: arns.account)
    let settings = try initialSettings(parsed.name, body)
    let tags = try tags(in: body["Tags"])
    if store.function(parsed.name, at: clock.now()) != nil {
      throw .conflict("Function already exist: \(parsed.name)")
    }
    let code = try code(in: body["Code"] ?? .null, settings)
    let now = clock.now()
    let record = try store.change(parsed.name, at: now) { record throws(ServiceError) in
      guard record == nil else { throw .conflict("Function already exist: \(parsed.name)") }
      let latest = VersionRecord(
        number: VersionRecord.latest, settings: settings, code: code, revision: Identifier.uuid(),
        lastModified: now,
        transition: .init(kind: .creating, end: now + Self.creationDelay, revision: Identifier.uuid()))
      var created = FunctionRecord(name: parsed.name, latest: latest)
      created.tags = tags
      created.codeSigning = body["CodeSigningConfigArn"]?.string
      if body["Publish"]?.bool == true { publish(&created, description: nil, now: now, pending: true) }
      record = created
      return created
    }
    // With Publish the answer is the version, but its ARN has no qualifier.
    return answers.configuration(record.name, record.versions.last ?? record.latest, qualifier: nil)
  }

  private func initialSettings(_ name: String, _ body: JSON) throws(ServiceError) -> JSONObject {
    var settings = try SettingRules.merge(body, into: SettingRules.defaults(name: name))
    try resolveLayers(&settings)
    if let architectures = body["Architectures"] { settings["Architectures"] = architectures }
    settings["TenancyConfig"] = body["TenancyConfig"]
    if body["PackageType"]?.string == "Image" || body["Code"]?["ImageUri"] != nil {
      settings["PackageType"] = "Image"
      return settings
    }
    guard settings["Runtime"] != nil, settings["Handler"] != nil else {
      throw .invalid(
        "Runtime and Handler are mandatory parameters for functions created with deployment packages.")
    }
    return settings
  }

  /// The package that a CreateFunction or UpdateFunctionCode names.
  func code(
    in source: JSON, _ settings: JSONObject, dryRun: Bool = false
  ) throws(ServiceError) -> CodeReference {
    if settings["PackageType"]?.string == "Image" {
      guard let image = source["ImageUri"]?.string else {
        throw .invalid("Please provide ImageUri when updating a function with packageType Image.")
      }
      let hex = CodeReference.digest(ofImage: image)
      return CodeReference(sha256: hex, hex: hex, size: 0, image: image)
    }
    if let encoded = source["ZipFile"]?.string {
      guard let zip = Base64.decode(encoded) else {
        throw ServiceError(400, "SerializationException", "ZipFile is no base64")
      }
      guard zip.count <= CodeStore.directLimit else {
        throw ServiceError(
          413, "RequestEntityTooLargeException",
          "Zipped size must be smaller than \(CodeStore.directLimit) bytes")
      }
      return try codes.add(zip, dryRun: dryRun)
    }
    if let bucket = source["S3Bucket"]?.string, let key = source["S3Key"]?.string {
      return try codes.add(objects.fetchForLambda(bucket: bucket, key: key), dryRun: dryRun)
    }
    throw .invalid("Please provide a source for function code.")
  }

  func getFunction(_ target: Target) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    let configuration = try configuration(record, target.qualifier)
    let version = try version(record, target.qualifier)
    var location: JSON = [
      "RepositoryType": "S3", "Location": .string(links.link(to: version.code)),
    ]
    if let image = version.code.image {
      location = ["RepositoryType": "ECR", "ImageUri": .string(image), "ResolvedImageUri": .string(image)]
    }
    var answer = JSONObject([("Configuration", .object(configuration)), ("Code", location)])
    if !record.tags.isEmpty {
      answer["Tags"] = .object(JSONObject(record.tags.map { ($0.key, .string($0.value)) }))
    }
    if let reserved = record.reservedConcurrency {
      answer["Concurrency"] = ["ReservedConcurrentExecutions": .int(reserved)]
    }
    return answer
  }

  func getConfiguration(_ target: Target) throws(ServiceError) -> JSONObject {
    try configuration(function(target.name), target.qualifier)
  }

  /// An alias's answer has the alias's ARN and its main version's number and configuration.
  private func configuration(_ record: FunctionRecord, _ qualifier: String?) throws(ServiceError)
    -> JSONObject
  {
    answers.configuration(record.name, try version(record, qualifier), qualifier: qualifier)
  }

  /// The version that a qualifier names; an alias's main version.
  func version(_ record: FunctionRecord, _ qualifier: String?) throws(ServiceError) -> VersionRecord {
    guard let qualifier else { return record.latest }
    let number = record.alias(qualifier)?.version ?? qualifier
    guard let version = record.version(number) else { throw missing(record.name, qualifier) }
    return version
  }

  func updateCode(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    try requireUnqualified(target, "UpdateFunctionCode")
    let before = try function(target.name)
    try requireSettled(before)
    try requireRevision(body, before.latest.revision)
    if let architectures = body["Architectures"] {
      _ = try SettingRules.merge(["Architectures": architectures], into: JSONObject())
    }
    let isDryRun = body["DryRun"]?.bool == true
    let code = try code(
      in: body, before.latest.settings, dryRun: isDryRun)
    let now = clock.now()
    return try store.change(target.name, at: now) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      try requireSettled(changed)
      try requireRevision(body, changed.latest.revision)
      changed.latest.code = code
      if let architectures = body["Architectures"] {
        changed.latest.settings["Architectures"] = architectures
      }
      if isDryRun { return answers.configuration(target.name, changed.latest, qualifier: nil) }
      begin(&changed, now: now)
      guard body["Publish"]?.bool == true else {
        record = changed
        return answers.configuration(target.name, changed.latest, qualifier: nil)
      }
      let number = publish(&changed, description: nil, now: now, pending: true)
      record = changed
      return answers.configuration(target.name, changed.version(number) ?? changed.latest, qualifier: number)
    }
  }

  func updateConfiguration(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    try requireUnqualified(target, "UpdateFunctionConfiguration")
    let now = clock.now()
    return try store.change(target.name, at: now) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      var settings = try SettingRules.merge(body, into: changed.latest.settings)
      if body["Layers"] != nil { try resolveLayers(&settings, before: changed.latest.settings) }
      try requireSettled(changed)
      try requireRevision(body, changed.latest.revision)
      changed.latest.settings = settings
      begin(&changed, now: now)
      record = changed
      return answers.configuration(target.name, changed.latest, qualifier: nil)
    }
  }

  /// Even an update that changes nothing goes through InProgress.
  private func begin(_ record: inout FunctionRecord, now: Timestamp) {
    record.latest.revision = Identifier.uuid()
    record.latest.lastModified = now
    record.latest.transition = .init(
      kind: .updating, end: now + Self.updateDelay, revision: Identifier.uuid())
  }

  private func requireUnqualified(_ target: Target, _ operation: String) throws(ServiceError) {
    guard target.qualifier == nil || target.qualifier == VersionRecord.latest else {
      throw .invalid(
        "\(operation) operation cannot be performed on a published version or an alias: use $LATEST.")
    }
  }

  func deleteFunction(_ target: Target) throws(ServiceError) -> HTTPResponse {
    let now = clock.now()
    guard let qualifier = target.qualifier else {
      let urls = try store.change(target.name, at: now) { record throws(ServiceError) in
        guard let gone = record else { throw missing(target.name) }
        record = nil
        return gone.urls.keys
      }
      closeURLs(of: target.name, urls)
      router.forget(function: target.name)
      return HTTPResponse(status: 204)
    }
    guard qualifier != VersionRecord.latest else {
      throw .invalid("$LATEST version cannot be deleted without deleting the function.")
    }
    try store.change(target.name, at: now) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      guard changed.alias(qualifier) == nil, Int(qualifier) != nil else {
        throw .invalid("Deletion of aliases is not currently supported.")
      }
      let users = changed.aliases.filter { alias in
        alias.version == qualifier || alias.weights.contains { $0.version == qualifier }
      }
      guard users.isEmpty else {
        throw .conflict(
          "Unable to delete version because the following aliases reference it: "
            + "[\(users.map(\.name).joined(separator: ", "))]")
      }
      changed.versions.removeAll { $0.number == qualifier }
      changed.provisioned[qualifier] = nil
      record = changed
    }
    return HTTPResponse(status: 204)
  }

  func listFunctions(_ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    let every = request.parameter("FunctionVersion") == "ALL"
    var items: [JSONObject] = []
    for record in store.all(at: clock.now()) {
      if every {
        items += ([record.latest] + record.versions).map {
          answers.configuration(record.name, $0, qualifier: $0.number, inList: true)
        }
      } else {
        items.append(answers.configuration(record.name, record.latest, qualifier: nil, inList: true))
      }
    }
    return try page(items, request, key: "Functions")
  }
}
