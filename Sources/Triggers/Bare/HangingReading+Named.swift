internal import AWSClient
internal import Core

/// A resource that a statement names.
struct NamedSource: Hashable, Sendable {
  /// Its ARN, or a pattern of such.
  let arn: String
  /// The account that it must belong to; nil where the statement names none.
  let owner: String?

  private func part(_ index: Int) -> String? {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count > index, !["", "*"].contains(parts[index]) else { return nil }
    return String(parts[index])
  }

  var region: String? { part(3) }
  /// The account that the ARN names, which those of buckets do not.
  var account: String? { part(4) ?? owner }

  /// Whether it may be in the account of a function, and in its region.
  func isBeside(_ scope: EdgeScope) -> Bool {
    account ?? scope.account == scope.account && region ?? scope.region == scope.region
  }
}

/// Topics, buckets, APIs and rules that statements name. A pattern names none that could be looked at, and what belongs to
/// another account is only told.
extension HangingReading {
  /// The resources that statements of the function or the alias name.
  var sources: [NamedSource] {
    (edges.statements + edges.aliasStatements).filter(\.allows).compactMap { statement in
      statement.sourceARN.map { NamedSource(arn: $0, owner: statement.sourceAccount) }
    }
  }

  mutating func readNamed() async {
    let named = Set(sources).sorted { ($0.arn, $0.owner ?? "") < ($1.arn, $1.owner ?? "") }
    var read: Set<String> = []
    for source in named {
      let isExact = SourcePattern(source.arn).isExact
      if source.arn.contains(":sns:") {
        guard isExact, read.insert(source.arn).inserted else { continue }
        await readTopic(source)
      } else if let path = source.arn.components(after: ":s3:::") {
        let bucket = String(path.prefix { $0 != "/" })
        guard SourcePattern(bucket).isExact, read.insert(bucket).inserted || !edges.seen.contains(source.arn)
        else { continue }
        await readBucket(bucket, source)
      } else if isExact, source.arn.contains(":events:"), source.arn.contains(":rule/"),
        source.isBeside(scope)
      {
        // The lists have told which rules call the function.
        edges.seen.insert(source.arn)
      }
    }
    for source in named {
      guard let api = HTTPAPIEdges.api(inSource: source.arn), SourcePattern(api).isExact else { continue }
      if read.insert("api \(api)").inserted { await readAPI(api, source) }
      let isOther = edges.otherAPIs.contains { $0.id == api }
      if !isOther { edges.seen.insert(source.arn) }
    }
  }

  private mutating func readTopic(_ source: NamedSource) async {
    let (readings, topics, topic) = (readings, services.topics, source.arn)
    guard source.region == scope.region else { return }
    let all: [JSONObject]
    do throws(AWSError) {
      all = try await readings.once("sns \(topic)") { () async throws(AWSError) in
        try await topics.subscriptions(topic)
      }
    } catch {
      if error.isNotFound {
        // A topic that is gone calls nobody.
        edges.seen.insert(topic)
      } else if !error.isPermission || source.isBeside(scope) {
        edges.unread.append(EdgeError(scope, nil, error))
      }
      return
    }
    edges.seen.insert(topic)
    for item in all where item["Protocol"]?.string == "lambda" {
      guard let endpoint = item["Endpoint"]?.string, edges.called(endpoint) != nil,
        // One that nobody has confirmed yet has no ARN, and calls nobody.
        let arn = item["SubscriptionArn"]?.string, arn.hasPrefix("arn:")
      else { continue }
      let attributes =
        await trying { () async throws(AWSError) in try await topics.attributes(arn) } ?? nil
      edges.subscriptions.append(
        HangingEdges.Subscription(
          topic: topic, arn: arn, endpoint: endpoint, attributes: TopicEdgeKind.settable(attributes ?? [:])))
    }
  }

  private mutating func readBucket(_ bucket: String, _ source: NamedSource) async {
    guard source.isBeside(scope) else { return }
    do throws(EdgeError) {
      let document = try await BucketPort(services).read(bucket, scope, nil)
      edges.seen.insert(source.arn)
      guard !edges.entries.contains(where: { $0.bucket == bucket }) else { return }
      edges.entries += document.elements.filter {
        $0.name == "CloudFunctionConfiguration" && edges.called($0.target) != nil
      }.map { HangingEdges.Entry(bucket: bucket, element: $0) }
      let owned = document.elements.count { $0.id.hasPrefix("lamctl-") }
      let others = document.elements.count { !$0.id.hasPrefix("lamctl-") && !$0.target.isEmpty }
      if owned > 0, others > 0, !edges.sharedBuckets.contains(bucket) { edges.sharedBuckets.append(bucket) }
    } catch {
      guard !(error.cause?.isNotFound ?? false) else {
        // A bucket that is gone calls nobody.
        edges.seen.insert(source.arn)
        return
      }
      let isForbidden = error.cause?.isPermission ?? false
      edges.unread.append(
        isForbidden && source.owner == nil
          ? EdgeError(
            scope, nil,
            "the bucket \(bucket) cannot be read: it may be another account's, which its statement does not say: "
              + error.reason,
            fix:
              "allow s3:GetBucketNotification; or, where it is another account's, give the statement its SourceAccount",
            cause: error.cause) : error)
    }
  }

  private mutating func readAPI(_ api: String, _ source: NamedSource) async {
    let (readings, apis) = (readings, services.apis)
    guard let all = await trying({ () async throws(AWSError) in try await readings.allAPIs() }) else {
      return
    }
    let found = all.first { $0["apiId"]?.string == api }
    guard let description = found, description["protocolType"]?.string ?? "HTTP" == "HTTP" else {
      let kind: HangingEdges.OtherAPI.Kind =
        found != nil
        ? .socket
        : source.isBeside(scope)
          ? .rest : .elsewhere(account: source.account ?? "", region: source.region ?? "")
      edges.otherAPIs.append(HangingEdges.OtherAPI(id: api, kind: kind))
      return
    }
    let lists = await trying { () async throws(AWSError) -> HTTPAPIEdges.Parts in
      HTTPAPIEdges.Parts(
        routes: try await readings.once("routes \(api)") { () async throws(AWSError) in
          try await apis.routes(api)
        },
        integrations: try await readings.once("integrations \(api)") { () async throws(AWSError) in
          try await apis.integrations(api)
        },
        stages: try await readings.once("stages \(api)") { () async throws(AWSError) in
          try await apis.stages(api)
        })
    }
    guard let parts = lists else { return }
    for integration in parts.integrations where edges.called(integration["integrationUri"]?.string) != nil {
      let target = "integrations/\(integration["integrationId"]?.string ?? "")"
      edges.integrations.append(
        HangingEdges.Integration(
          api: api, apiName: description["name"]?.string ?? "", members: integration,
          routes: parts.routes.filter { $0["target"]?.string == target }
            .compactMap { $0["routeKey"]?.string }.sorted(),
          manualStages: parts.stages.filter { $0["autoDeploy"]?.bool != true }
            .compactMap { $0["stageName"]?.string }.sorted()))
    }
  }
}
