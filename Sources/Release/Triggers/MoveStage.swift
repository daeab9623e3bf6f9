internal import AWSClient
internal import Core
package import Triggers

/// Leads what hangs on bare functions to their alias: the plan, the work under the lease on each alias, and its proof.
package struct MoveStage: Sendable {
  /// One function that may have callers of its bare name.
  package struct Subject: Hashable, Sendable {
    /// Its names.
    package let name: FunctionName
    /// The project, which marks name.
    package let project: String
    /// The triggers of its configuration.
    package let triggers: [Trigger]

    /// A function of these names and triggers.
    package init(name: FunctionName, project: String, triggers: [Trigger]) {
      self.name = name
      self.project = project
      self.triggers = triggers
    }
  }

  let services: ReleaseServices
  let edges: EdgeServices
  let alias: String
  let owner: String
  let parallel: Int

  /// A stage for one alias.
  package init(
    services: ReleaseServices, edges: EdgeServices, alias: String, owner: String, parallel: Int
  ) {
    self.services = services
    self.edges = edges
    self.alias = alias
    self.owner = owner
    self.parallel = parallel
  }

  /// What is to be done to each function. Nothing is written.
  ///
  /// - Parameter evenManaged: whether to move what a CloudFormation stack made.
  /// - Throws: ``ReleaseError`` when functions cannot be read.
  package func plan(_ subjects: [Subject], evenManaged: Bool) async throws(ReleaseError) -> [MovePlan] {
    let known = try await known(subjects)
    let surveyed = await survey(known)
    return known.map { subject in
      guard let edges = surveyed[subject.scope] else { return subject.missing }
      var plan = MovePlan(edges, triggers: subject.triggers, evenManaged: evenManaged)
      if let difference = subject.difference, !plan.moves.isEmpty { plan.notes.insert(difference, at: 0) }
      return plan
    }
  }

  /// What bare functions can lose, of those that nobody has called by that name for a day.
  ///
  /// - Parameter evenManaged: whether to take away what a CloudFormation stack made.
  /// - Throws: ``ReleaseError`` when functions or their metrics cannot be read.
  package func farewell(_ subjects: [Subject], evenManaged: Bool) async throws(ReleaseError) -> [MovePlan] {
    let known = try await known(subjects)
    let surveyed = await survey(known)
    let reader = MoveTraffic(services: services, alias: alias)
    return try await Concurrent.map(known, limit: parallel) { subject throws(ReleaseError) in
      guard let edges = surveyed[subject.scope] else { return subject.missing }
      let plan = MovePlan.farewell(edges, evenManaged: evenManaged)
      guard !plan.moves.isEmpty else { return plan }
      let reason: String?
      do throws(AWSError) {
        reason = try await reader.objection(to: subject.name.functionName)
      } catch {
        throw .aws(error, function: subject.name.function)
      }
      return reason.map {
        plan.held(by: $0, fix: "run the same command again when a day has gone by with the alias alone")
      } ?? plan
    }
  }

  private func survey(_ known: [KnownSubject]) async -> [EdgeScope: HangingEdges] {
    let edges = await HangingSurveyor(edges, parallel: parallel, readsStacks: true)
      .survey(known.filter(\.hasAlias).map(\.scope))
    return Dictionary(edges.map { ($0.scope, $0) }) { $1 }
  }

  /// Those that are in AWS: what was never released has no callers.
  private func known(_ subjects: [Subject]) async throws(ReleaseError) -> [KnownSubject] {
    let found = try await Concurrent.map(subjects, limit: parallel) {
      subject throws(ReleaseError) -> KnownSubject? in
      guard let bare = try await read(subject.name, nil) else { return nil }
      let version = try await read(subject.name, alias)
      return KnownSubject(
        name: subject.name, triggers: subject.triggers,
        scope: EdgeScope(
          project: subject.project, function: subject.name.function,
          functionName: subject.name.functionName, functionARN: bare.configuration.unqualifiedARN,
          alias: alias),
        hasAlias: version != nil, difference: version.flatMap { Self.difference(bare, $0, alias) })
    }
    return found.compactMap { $0 }
  }

  private func read(
    _ name: FunctionName, _ qualifier: String?
  ) async throws(ReleaseError) -> FunctionDescription? {
    do throws(AWSError) {
      return try await services.lambda.getFunction(name.functionName, qualifier: qualifier)
    } catch {
      if error.isNotFound { return nil }
      throw .aws(error, function: name.function)
    }
  }

  /// What callers get that move: the alias need not name the code that they call now.
  private static func difference(
    _ bare: FunctionDescription, _ served: FunctionDescription, _ alias: String
  ) -> String? {
    guard bare.configuration.codeSHA256 != served.configuration.codeSHA256 else { return nil }
    return "who moves gets other code: the alias \(alias) names version \(served.configuration.version), and "
      + "$LATEST was uploaded since"
  }
}

/// A function that is in AWS.
private struct KnownSubject: Sendable {
  let name: FunctionName
  let triggers: [Trigger]
  let scope: EdgeScope
  let hasAlias: Bool
  let difference: String?

  var missing: MovePlan {
    MovePlan(
      scope, obstacle: "there is no alias \(scope.alias) to move its callers to",
      fix: "lamctl deploy --no-triggers makes it, at what is live now")
  }
}
