internal import Core

/// Layers: files that functions have below `/opt`.
extension LambdaService {
  func publishLayer(_ name: String, _ body: JSON) throws(ServiceError) -> JSONObject {
    var validation = Validation()
    if !LayerReference.isName(name) {
      validation.fail(
        name, at: "layerName",
        "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+ and have at most 64 characters")
    }
    validation.required(body["Content"], "content")
    validation.length(body["Description"], "description", 0...256)
    for runtime in body["CompatibleRuntimes"]?.array ?? [] {
      validation.word(runtime, "compatibleRuntimes", Runtimes.current + Runtimes.retired)
    }
    for architecture in body["CompatibleArchitectures"]?.array ?? [] {
      validation.word(architecture, "compatibleArchitectures", ["x86_64", "arm64"])
    }
    try validation.check()
    // The content of a layer is given as the code of a function is.
    let code = try code(in: body["Content"] ?? .null, JSONObject())
    let now = clock.now()
    let version = try layers.change(name) { layer throws(ServiceError) in
      let version = LayerVersionRecord(
        number: (layer.versions.last?.number ?? 0) + 1, code: code,
        description: body["Description"]?.string ?? "",
        runtimes: body["CompatibleRuntimes"]?.array?.compactMap(\.string) ?? [],
        architectures: body["CompatibleArchitectures"]?.array?.compactMap(\.string) ?? [],
        license: body["LicenseInfo"]?.string, created: now)
      layer.versions.append(version)
      return version
    }
    return described(version, of: name)
  }

  func listLayerVersions(_ name: String, _ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    let versions = (layers.layer(name)?.versions ?? []).filter { !$0.isDeleted }.reversed()
    return try page(versions.map { summary($0, of: name) }, request, key: "LayerVersions")
  }

  func getLayerVersion(_ name: String, _ number: String) throws(ServiceError) -> JSONObject {
    guard let version = Int(number).flatMap({ layers.layer(name)?.version($0) }) else {
      throw .notFound("The resource you requested does not exist.")
    }
    return described(version, of: name)
  }

  func getLayerVersion(arn: String) throws(ServiceError) -> JSONObject {
    guard let reference = LayerReference(arn: arn, of: arns), let number = reference.version else {
      throw .notFound("The resource you requested does not exist.")
    }
    return try getLayerVersion(reference.name, String(number))
  }

  /// Deleting what is not there is no error.
  func deleteLayerVersion(_ name: String, _ number: String) throws(ServiceError) -> HTTPResponse {
    guard let number = Int(number), layers.layer(name)?.version(number) != nil else {
      return HTTPResponse(status: 204)
    }
    try layers.change(name) { layer throws(ServiceError) in
      for index in layer.versions.indices where layer.versions[index].number == number {
        layer.versions[index].isDeleted = true
      }
    }
    return HTTPResponse(status: 204)
  }

  /// Checks the layers that `settings` name, and fills in their sizes. What a function has already may have been deleted
  /// since; layers of other accounts are taken on trust.
  func resolveLayers(_ settings: inout JSONObject, before: JSONObject = JSONObject()) throws(ServiceError) {
    guard let named = settings["Layers"]?.array else { return }
    let had = Set((before["Layers"]?.array ?? []).compactMap { $0["Arn"]?.string })
    var seen: Set<String> = []
    var resolved: [JSON] = []
    for element in named {
      let arn = element["Arn"]?.string ?? ""
      guard let reference = LayerReference(arn: arn, of: arns) else {
        resolved.append(element)
        continue
      }
      guard let layer = layers.layer(reference.name),
        let version = layer.versions.first(where: { $0.number == reference.version }),
        !version.isDeleted || had.contains(arn)
      else { throw .invalid("Layer version \(arn) does not exist.") }
      guard seen.insert(reference.name).inserted else {
        throw .invalid(
          "Two different versions of the same layer are not allowed to be referenced in the same function. "
            + arn)
      }
      resolved.append(["Arn": .string(arn), "CodeSize": .int(version.code.size)])
    }
    settings["Layers"] = .array(resolved)
  }

  private func layerARN(_ name: String) -> String { arns.arn("lambda", "layer:\(name)") }

  private func summary(_ version: LayerVersionRecord, of name: String) -> JSONObject {
    var answer = JSONObject([
      ("LayerVersionArn", .string("\(layerARN(name)):\(version.number)")), ("Version", .int(version.number)),
      ("Description", .string(version.description)),
      ("CreatedDate", .string(LambdaAnswers.date(version.created))),
    ])
    if !version.runtimes.isEmpty {
      answer["CompatibleRuntimes"] = .array(version.runtimes.map(JSON.string))
    }
    if !version.architectures.isEmpty {
      answer["CompatibleArchitectures"] = .array(version.architectures.map(JSON.string))
    }
    answer["LicenseInfo"] = version.license.map(JSON.string)
    return answer
  }

  private func described(_ version: LayerVersionRecord, of name: String) -> JSONObject {
    var answer = summary(version, of: name)
    answer["LayerArn"] = .string(layerARN(name))
    answer["Content"] = [
      "Location": .string(links.link(to: version.code)), "CodeSha256": .string(version.code.sha256),
      "CodeSize": .int(version.code.size),
    ]
    return answer
  }
}

extension LayerStore {
  /// The unpacked folders of the layers that `settings` name, in their order.
  func folders(_ settings: JSONObject, _ codes: CodeStore, of arns: ARNs) -> [String] {
    (settings["Layers"]?.array ?? []).compactMap { element in
      guard let reference = element["Arn"]?.string.flatMap({ LayerReference(arn: $0, of: arns) }),
        let version = layer(reference.name)?.versions.first(where: { $0.number == reference.version })
      else { return nil }
      return codes.unpackedFolder(version.code)
    }
  }
}
