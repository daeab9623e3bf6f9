internal import AWSClient
internal import Core

/// Finds out what calls functions: by their policies, and by the lists of what can call without one.
///
/// A topic, bucket or API is looked at where a statement names it: without a permission it calls nothing.
package struct HangingSurveyor: Sendable {
  private let services: EdgeServices
  private let parallel: Int
  private let readsStacks: Bool

  /// A surveyor that looks at so many functions at once.
  ///
  /// - Parameter readsStacks: whether it also asks which CloudFormation stacks things belong to.
  package init(_ services: EdgeServices, parallel: Int, readsStacks: Bool) {
    self.services = services
    self.parallel = parallel
    self.readsStacks = readsStacks
  }

  /// Reads what calls functions. What cannot be read is in ``HangingEdges/unread``. It writes nothing.
  package func survey(_ scopes: [EdgeScope]) async -> [HangingEdges] {
    let readings = Readings(services)
    return await Concurrent.map(scopes, limit: parallel) { scope in
      var reading = HangingReading(HangingEdges(scope, read: services.serverTime()), readings)
      await reading.readFunction()
      await reading.readLists()
      await reading.readNamed()
      if readsStacks { await reading.readStacks() }
      return reading.edges
    }
  }
}

/// The reading of one function.
struct HangingReading: Sendable {
  var edges: HangingEdges
  let readings: Readings

  init(_ edges: HangingEdges, _ readings: Readings) {
    self.edges = edges
    self.readings = readings
  }

  var scope: EdgeScope { edges.scope }
  var services: EdgeServices { readings.services }

  /// Carries out one reading; its failure is taken down.
  mutating func trying<Answer>(_ read: () async throws(AWSError) -> Answer) async -> Answer? {
    do throws(AWSError) {
      return try await read()
    } catch {
      edges.unread.append(EdgeError(scope, nil, error))
      return nil
    }
  }

  /// What Lambda keeps of the function and of the alias.
  mutating func readFunction() async {
    let (lambda, name, alias) = (services.lambda, scope.functionName, scope.alias)
    edges.statements =
      await trying { () async throws(AWSError) in
        try await lambda.statements(name, alias: nil).map(PolicyStatement.init)
      } ?? []
    edges.aliasStatements =
      await trying { () async throws(AWSError) in
        try await lambda.statements(name, alias: alias).map(PolicyStatement.init)
      } ?? []
    edges.eventInvoke =
      await trying { () async throws(AWSError) in
        try await lambda.eventInvoke(name, alias: nil)
      } ?? nil
    edges.aliasEventInvoke =
      await trying { () async throws(AWSError) in
        try await lambda.eventInvoke(name, alias: alias)
      } ?? nil
    edges.url = await trying { () async throws(AWSError) in try await lambda.url(name, alias: nil) } ?? nil
    edges.aliasURL =
      await trying { () async throws(AWSError) in try await lambda.url(name, alias: alias) }
      ?? nil
    edges.provisioned =
      await trying { () async throws(AWSError) in try await lambda.provisioned(name) } ?? [:]
  }

  /// Mappings, rules and schedules, which lists show.
  mutating func readLists() async {
    let (readings, scope) = (readings, scope)
    let mappings =
      await trying { () async throws(AWSError) in try await readings.allMappings() } ?? []
    edges.mappings = mappings.filter {
      edges.called($0["FunctionArn"]?.string) != nil && $0["State"]?.string != "Deleting"
    }
    let rules = services.rules
    for bus in buses {
      for arn in [scope.functionARN, "\(scope.functionARN):$LATEST"] {
        let names =
          await trying { () async throws(AWSError) in try await rules.ruleNames(calling: arn, bus: bus) }
          ?? []
        for name in names {
          let targets =
            await trying { () async throws(AWSError) in try await rules.targets(name, bus: bus) } ?? []
          edges.targets += targets.filter { $0["Arn"]?.string == arn }.map {
            HangingEdges.Target(
              rule: name, bus: bus, members: $0,
              callsAliasToo: targets.contains { $0["Arn"]?.string == scope.aliasARN })
          }
        }
      }
    }
    let schedules = services.schedules
    let listed =
      await trying { () async throws(AWSError) in
        try await readings.once("all schedules") { () async throws(AWSError) in
          try await schedules.schedules(nil)
        }
      } ?? []
    for summary in listed where edges.called(summary["Target"]?["Arn"]?.string) != nil {
      let (name, group) = (summary["Name"]?.string ?? "", summary["GroupName"]?.string ?? "default")
      let found = await trying { () async throws(AWSError) in
        try await schedules.schedule(name, group: group)
      }
      if case .some(.some(var members)) = found {
        members["Name"] = .string(name)
        members["GroupName"] = .string(group)
        edges.schedules.append(members)
      }
    }
  }

  /// The default bus, and those whose rules statements name.
  private var buses: [String] {
    let named = sources.map(\.arn).compactMap { source -> String? in
      guard source.contains(":events:"), let path = source.components(after: ":rule/") else { return nil }
      let parts = path.split(separator: "/")
      return parts.count > 1 && !parts[0].contains("*") ? String(parts[0]) : nil
    }
    return ["default"] + Set(named).subtracting(["default"]).sorted()
  }
}
