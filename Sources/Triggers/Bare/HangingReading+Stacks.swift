internal import AWSClient
internal import Core

extension HangingReading {
  /// CloudFormation marks what it makes with this tag.
  private static let tag = "aws:cloudformation:stack-name"

  /// Asks which stacks the function, and what calls its bare name, belong to, and which mappings are lamctl's.
  mutating func readStacks() async {
    let (lambda, rules, schedules) = (services.lambda, services.rules, services.schedules)
    let scope = scope
    await note(HangingKey.function) { () async throws(AWSError) in try await lambda.tags(scope.functionARN) }
    for mapping in edges.mappings {
      let target = mapping["FunctionArn"]?.string
      guard edges.isUnqualified(target) || edges.isAlias(target) else { continue }
      let id = mapping["UUID"]?.string ?? ""
      let arn = scope.mappingARN(mapping)
      let tags = await trying { () async throws(AWSError) in try await lambda.tags(arn) } ?? [:]
      edges.stacks[HangingKey.mapping(id)] = tags[Self.tag]
      if tags[Marks.tagKey] != nil { edges.marked.insert(id) }
    }
    for target in edges.targets {
      let arn = RuleEdgeKind.arn(target.rule, bus: target.bus, in: scope)
      await note(HangingKey.rule(target.rule, bus: target.bus)) { () async throws(AWSError) in
        try await rules.tags(arn)
      }
    }
    for schedule in edges.schedules where edges.isUnqualified(schedule["Target"]?["Arn"]?.string) {
      let group = schedule["GroupName"]?.string ?? "default"
      // The default group is everybody's, and has no tags.
      guard group != "default", edges.stacks[HangingKey.group(group)] == nil else { continue }
      let arn = "arn:\(scope.partition):scheduler:\(scope.region):\(scope.account):schedule-group/\(group)"
      await note(HangingKey.group(group)) { () async throws(AWSError) in try await schedules.groupTags(arn) }
    }
    let readings = readings
    guard !edges.integrations.isEmpty else { return }
    let all = await trying { () async throws(AWSError) in try await readings.allAPIs() }
    for integration in edges.integrations {
      let description = (all ?? []).first { $0["apiId"]?.string == integration.api }
      edges.stacks[HangingKey.api(integration.api)] = description?["tags"]?[Self.tag]?.string
    }
  }

  private mutating func note(
    _ key: String, _ tags: () async throws(AWSError) -> [String: String]
  ) async {
    guard let found = await trying(tags) else { return }
    edges.stacks[key] = found[Self.tag]
  }
}

extension EdgeScope {
  /// The ARN of a mapping, which not every answer has.
  func mappingARN(_ mapping: JSONObject) -> String {
    mapping["EventSourceMappingArn"]?.string
      ?? "arn:\(partition):lambda:\(region):\(account):event-source-mapping:\(mapping["UUID"]?.string ?? "")"
  }
}
