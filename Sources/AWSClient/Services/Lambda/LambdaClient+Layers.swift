internal import Core

extension LambdaClient {
  /// Makes a version of a layer, and the layer where there is none of that name.
  ///
  /// Lambda compares nothing: publishing the same twice makes two versions. So does a lost answer, and the second one does
  /// no harm.
  ///
  /// - Parameters:
  ///   - name: 1 to 64 letters, digits, hyphens and underscores.
  ///   - content: a zip whose files come to lie below `/opt`.
  package func publishLayerVersion(
    _ name: String, content: FunctionCode, details: LayerDetails
  ) async throws(AWSError) -> LayerVersion {
    let payload = try await CodePayload(content)
    var members = JSONObject([("Description", .string(details.description))])
    if !details.compatibleRuntimes.isEmpty {
      members["CompatibleRuntimes"] = .array(details.compatibleRuntimes.map(JSON.string))
    }
    if !details.compatibleArchitectures.isEmpty {
      members["CompatibleArchitectures"] = .array(details.compatibleArchitectures.map(JSON.string))
    }
    var call = layerCall("PublishLayerVersion", name, "", method: "POST")
    call.send(payload.body(in: "Content", with: members))
    return try layerVersion(try await pipeline.answer(call).object, call)
  }

  /// All versions of a layer that are not deleted, from the oldest to the newest; none where there is no such layer.
  package func listLayerVersions(_ name: String) async throws(AWSError) -> [LayerVersion] {
    let call = layerCall("ListLayerVersions", name, "")
    var versions: [LayerVersion] = []
    do throws(AWSError) {
      for object in try await all(call, "LayerVersions") { versions.append(try layerVersion(object, call)) }
    } catch {
      if error.isNotFound { return [] }
      throw error
    }
    return versions.sorted { $0.version < $1.version }
  }

  /// One version of a layer.
  package func getLayerVersion(_ name: String, version: Int) async throws(AWSError) -> LayerVersion {
    let call = layerCall("GetLayerVersion", name, "/\(version)")
    return try layerVersion(try await pipeline.answer(call).object, call)
  }

  /// Deletes a version of a layer; one that is gone already is no error. Functions that have it keep it, and no other may
  /// take it up.
  package func deleteLayerVersion(_ name: String, version: Int) async throws(AWSError) {
    var call = layerCall("DeleteLayerVersion", name, "/\(version)", method: "DELETE")
    call.expects = .anything
    _ = try await pipeline.answer(call)
  }

  /// All versions of all functions in the account and region, with `$LATEST` of each.
  package func listAllVersions() async throws(AWSError) -> [FunctionConfiguration] {
    var call = Self.listFunctionsCall
    call.add("FunctionVersion", "ALL")
    return try await all(call, "Functions").map(FunctionConfiguration.init)
  }

  private func layerCall(
    _ operation: String, _ name: String, _ path: String, method: String = "GET"
  ) -> APICall {
    APICall(
      service: .lambda, operation: operation, method: method,
      path: "/2018-10-31/layers/\(PercentEncoding.encode(name))/versions\(path)", resource: name,
      lane: .lambdaControl, expects: .jsonObject)
  }

  private func layerVersion(_ object: JSONObject, _ call: APICall) throws(AWSError) -> LayerVersion {
    guard let arn = object["LayerVersionArn"]?.string, let version = object["Version"]?.int else {
      throw .malformedAnswer(
        operation: call.title, endpoint: "Lambda", reason: "it holds no version of a layer")
    }
    return LayerVersion(
      arn: arn, version: version, description: object["Description"]?.string ?? "",
      created: object["CreatedDate"]?.string.flatMap { Timestamp(iso8601: $0) },
      codeSize: object["Content"]?["CodeSize"]?.int)
  }
}
