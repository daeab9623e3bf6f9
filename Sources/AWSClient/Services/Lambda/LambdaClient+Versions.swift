internal import Core

extension LambdaClient {
  /// Makes a version of `$LATEST`; when nothing has changed since the last version, that one comes back, with
  /// its old description.
  ///
  /// A lost answer makes no second version: the versions there are get compared first.
  ///
  /// - Parameters:
  ///   - codeSHA256: refuses when `$LATEST` has other code.
  ///   - revisionID: refuses with 412 when `$LATEST` is at another revision.
  ///   - description: of the version.
  package func publishVersion(
    _ name: String, codeSHA256: String? = nil, revisionID: String? = nil, description: String? = nil
  ) async throws(AWSError) -> FunctionConfiguration {
    var members = JSONObject()
    members["CodeSha256"] = codeSHA256.map(JSON.string)
    members["RevisionId"] = revisionID.map(JSON.string)
    members["Description"] = description.map(JSON.string)
    var call = self.call("PublishVersion", name, "/versions", method: "POST")
    call.send(.json(members))
    return try await write(call) { () async throws(AWSError) in
      let versions = try await listVersions(name)
      guard let latest = versions.first(where: { $0.version == "$LATEST" }), let newest = versions.last,
        newest.version != "$LATEST", newest.codeSHA256 == codeSHA256 ?? latest.codeSHA256,
        newest.description == description ?? latest.description
      else { return nil }
      return newest
    }
  }

  /// All versions of a function: `$LATEST`, then the published ones from the oldest to the newest.
  package func listVersions(_ name: String) async throws(AWSError) -> [FunctionConfiguration] {
    let call = self.call("ListVersionsByFunction", name, "/versions")
    let all = try await all(call, "Versions").map(FunctionConfiguration.init)
    let published = all.filter { Int($0.version) != nil }
    return all.filter { Int($0.version) == nil }
      + published.sorted { Int($0.version) ?? 0 < Int($1.version) ?? 0 }
  }

  /// One page of the functions in the account and region, `$LATEST` of each.
  ///
  /// - Parameter marker: the ``Page/nextMarker`` of the page before; nil for the first.
  package func listFunctions(marker: String? = nil) async throws(AWSError) -> Page<FunctionConfiguration> {
    let page = try await page(Self.listFunctionsCall, "Functions", marker)
    return Page(items: page.items.map(FunctionConfiguration.init), nextMarker: page.nextMarker)
  }

  /// All functions in the account and region, `$LATEST` of each.
  package func listAllFunctions() async throws(AWSError) -> [FunctionConfiguration] {
    try await all(Self.listFunctionsCall, "Functions").map(FunctionConfiguration.init)
  }

  static var listFunctionsCall: APICall {
    APICall(
      service: .lambda, operation: "ListFunctions", path: "/2015-03-31/functions", lane: .lambdaControl,
      expects: .jsonObject)
  }
}

extension LambdaClient {
  /// Every page of a list, through short and empty ones.
  func all(_ call: APICall, _ key: String) async throws(AWSError) -> [JSONObject] {
    var found: [JSONObject] = []
    try await pipeline.pages(token: "NextMarker") { marker in
      var call = call
      call.add("Marker", marker)
      return call
    } take: { page in
      found += page[key]?.array?.compactMap(\.object) ?? []
      return true
    }
    return found
  }

  private func page(_ call: APICall, _ key: String, _ marker: String?) async throws(AWSError) -> Page<
    JSONObject
  > {
    var call = call
    call.add("Marker", marker)
    let answer = try await pipeline.answer(call).object
    let next = answer["NextMarker"]?.string
    guard next != marker || marker == nil else {
      throw .malformedAnswer(
        operation: call.title, endpoint: "Lambda", reason: "its marker leads back to itself")
    }
    return Page(
      items: answer[key]?.array?.compactMap(\.object) ?? [],
      nextMarker: next.flatMap { $0.isEmpty ? nil : $0 })
  }
}
