internal import AWSClient
package import Core

/// The address of a preview.
package struct PreviewAddress: Hashable, Sendable {
  /// The URL.
  package let url: String
  /// Whether it, or who may call it, is other than before.
  package let hasChanged: Bool
}

/// What goes with the aliases of previews: an address each, and the schedules that take both away.
///
/// The schedules are written before there is anything to take away: one for what does not exist does no harm, one that is
/// missing leaves a public address for good. For the same reason they are the last to go.
package struct PreviewEdges: Sendable {
  /// How long a new URL is looked for.
  private static let looks = 5
  /// The name of what a preview has, in marks and sentences.
  private static let trigger = "preview"

  private let services: EdgeServices
  private let partition: String
  private let parallel: Int

  /// - Parameters:
  ///   - partition: `aws`, or that of another group of regions.
  ///   - parallel: how many functions are worked on at once.
  package init(_ services: EdgeServices, partition: String, parallel: Int) {
    self.services = services
    self.partition = partition
    self.parallel = parallel
  }

  /// Makes the schedules of previews of one project, or moves them.
  ///
  /// - Parameter hasURL: whether there is an address to take away.
  /// - Returns: why it failed, in the order of `scopes`; nil where it did not.
  package func schedule(_ scopes: [EdgeScope], _ end: PreviewEnd, hasURL: Bool) async -> [EdgeError?] {
    guard let first = scopes.first else { return [] }
    let (group, schedules) = (first.scheduleGroup, hasURL ? PreviewSchedule.allCases : [.alias])
    let known: Set<String>
    do throws(EdgeError) {
      known = try await writer(first).known(in: group)
      if known.isEmpty { try await writer(first).perform(.createGroup(group), Self.trigger) }
    } catch {
      return scopes.map { EdgeError($0, error.trigger, error.reason, fix: error.fix, cause: error.cause) }
    }
    return await Concurrent.map(scopes, limit: parallel) { scope -> EdgeError? in
      do throws(EdgeError) {
        for schedule in schedules {
          let name = schedule.name(in: scope)
          try await writer(scope).put(
            name, schedule.members(in: scope, end, partition: partition), isThere: known.contains(name))
        }
        return nil
      } catch {
        return error
      }
    }
  }

  /// Gives an alias its address, or takes one away that it is not to have any more.
  ///
  /// - Parameter settings: members of CreateFunctionUrlConfig, and `callers`; nil for no address.
  /// - Returns: the address; nil for none.
  package func bind(_ scope: EdgeScope, _ settings: JSONObject?) async throws(EdgeError) -> PreviewAddress? {
    let writer = writer(scope)
    let found = try await find(scope)
    guard let settings else {
      try await remove(found, with: writer)
      return nil
    }
    let trigger = Trigger(name: Self.trigger, kind: .functionUrl, settings: settings)
    let wanted = FunctionURLEdges.statements(for: trigger)
    let missing = wanted.filter { statement in !found.statements.contains { $0.sid == statement.sid } }
    for statement in missing { try await writer.add(statement) }
    let step = FunctionURLEdges.step(trigger, present: found.url, in: scope)
    for call in step.writes { try await writer.perform(call, Self.trigger) }
    let old = found.statements.filter { placed in !wanted.contains { $0.sid == placed.sid } }
    for statement in old { try await writer.remove(statement) }
    let hasChanged = step.change != .none || !missing.isEmpty || !old.isEmpty
    if let url = step.id { return PreviewAddress(url: url, hasChanged: hasChanged) }
    return PreviewAddress(url: try await address(scope), hasChanged: hasChanged)
  }

  /// The address of an alias; nil where it has none.
  package func url(_ scope: EdgeScope) async throws(EdgeError) -> String? {
    try await writer(scope).trying(Self.trigger) { () async throws(AWSError) in
      try await services.lambda.url(scope.functionName, alias: scope.alias)?["FunctionUrl"]?.string
    }
  }

  /// Takes away who may call the address of an alias, and the address.
  package func unbind(_ scope: EdgeScope) async throws(EdgeError) {
    try await remove(find(scope), with: writer(scope))
  }

  /// Takes the schedules of an alias away; those that are gone are no error.
  package func unschedule(_ scope: EdgeScope) async throws(EdgeError) {
    for schedule in PreviewSchedule.allCases {
      try await writer(scope).perform(
        .deleteSchedule(name: schedule.name(in: scope), group: scope.scheduleGroup), Self.trigger)
    }
  }

  /// Takes the schedules of aliases of one project away that there are.
  package func unschedule(_ scopes: [EdgeScope]) async throws(EdgeError) {
    guard let first = scopes.first else { return }
    let known = try await writer(first).known(in: first.scheduleGroup)
    for scope in scopes {
      for name in PreviewSchedule.allCases.map({ $0.name(in: scope) }) where known.contains(name) {
        try await writer(scope).perform(.deleteSchedule(name: name, group: scope.scheduleGroup), Self.trigger)
      }
    }
  }

  private struct Found {
    let url: JSONObject?
    /// Those of ours that are about the address.
    let statements: [PlacedStatement]
  }

  private func find(_ scope: EdgeScope) async throws(EdgeError) -> Found {
    let (name, alias) = (scope.functionName, scope.alias)
    let statements = try await writer(scope).trying(Self.trigger) { () async throws(AWSError) in
      try await services.lambda.statements(name, alias: alias)
    }
    let url = try await writer(scope).trying(Self.trigger) { () async throws(AWSError) in
      try await services.lambda.url(name, alias: alias)
    }
    return Found(
      url: url, statements: statements.compactMap(PlacedStatement.init).filter { $0.kind == .functionUrl })
  }

  private func remove(_ found: Found, with writer: EdgeWriter) async throws(EdgeError) {
    for statement in found.statements { try await writer.remove(statement) }
    if found.url != nil { try await writer.perform(.deleteURL, Self.trigger) }
  }

  /// The address of a URL that was just made, which not every read shows yet.
  private func address(_ scope: EdgeScope) async throws(EdgeError) -> String {
    for _ in 1..<Self.looks {
      if let url = try await url(scope) { return url }
      do { try await services.clock.sleep(for: .seconds(1)) } catch { break }
    }
    guard let url = try await url(scope) else {
      throw EdgeError(
        scope, Self.trigger, "the URL was made, and AWS does not show it yet", fix: "run the command again")
    }
    return url
  }

  private func writer(_ scope: EdgeScope) -> EdgeWriter { EdgeWriter(services: services, scope: scope) }
}

extension EdgeWriter {
  /// The names of the schedules of a group.
  fileprivate func known(in group: String) async throws(EdgeError) -> Set<String> {
    let listed = try await trying(nil) { () async throws(AWSError) in
      try await services.schedules.schedules(group)
    }
    return Set(listed.compactMap { $0["Name"]?.string })
  }

  /// Moves a schedule that is there. One may have done its work since it was seen, and one may have come.
  fileprivate func put(_ name: String, _ members: JSONObject, isThere: Bool) async throws(EdgeError) {
    if isThere {
      do throws(EdgeError) {
        return try await perform(.updateSchedule(name: name, members), "preview")
      } catch {
        guard error.cause?.isNotFound ?? false else { throw error }
      }
    }
    try await perform(.createSchedule(name: name, members), "preview")
  }
}
