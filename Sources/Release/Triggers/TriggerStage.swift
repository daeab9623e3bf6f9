internal import AWSClient
internal import Core
package import Triggers

/// What a run is told about triggers.
package struct TriggerSettings: Hashable, Sendable {
  /// Whether they are left alone: `--no-triggers`.
  package var isSkipped = false
  /// Whether they are read although the tag says that nothing has changed: `--check-triggers`.
  package var isChecked = false
  /// How edges are written.
  package var edges = EdgeSettings()

  /// As always.
  package init() {}
}

/// Binds what calls the functions of a release to their alias, once it serves for good.
///
/// A function whose tag says that everything is as it is wanted costs no call.
package struct TriggerStage: Sendable {
  let services: ReleaseServices
  let edges: EdgeServices
  let settings: TriggerSettings
  let alias: String
  let owner: String

  /// A stage for one alias.
  package init(
    services: ReleaseServices, edges: EdgeServices, settings: TriggerSettings, alias: String, owner: String
  ) {
    self.services = services
    self.edges = edges
    self.settings = settings
    self.alias = alias
    self.owner = owner
  }

  /// What the functions of a plan that have an alias are to have.
  ///
  /// - Parameter isOpen: leave out those whose tag says that nothing is to be done.
  func subjects(_ plans: [FunctionPlan], isOpen: Bool) async throws(ReleaseError) -> [EdgeSubject] {
    let wishes = plans.filter { $0.input.edges != nil }
    let tags = try await tags(
      wishes.compactMap { plan in
        guard case .serving(let serving) = plan.deployed else { return nil }
        return (plan.input.name, serving.description)
      })
    return wishes.compactMap { plan in
      guard case .serving(let serving) = plan.deployed else { return nil }
      let subject = subject(
        plan, arn: serving.description.configuration.unqualifiedARN, tags: tags[plan.input.function] ?? [:])
      return isOpen && !needsWork(subject) ? nil : subject
    }
  }

  /// Reads and compares the edges of the functions that need it. Writes nothing.
  ///
  /// - Parameter all: whether the tag counts for nothing.
  package func survey(_ plan: ReleasePlan, all: Bool = false) async throws(ReleaseError) -> [EdgeSurvey] {
    guard !settings.isSkipped else { return [] }
    let isOpen = !(all || settings.isChecked)
    // A timeout that is raised is held against queues that are bound already.
    let subjects = try await subjects(plan.functions, isOpen: false).filter { subject in
      !isOpen || needsWork(subject) || (subject.timeout?.isRaised ?? false) && !subject.queues.isEmpty
    }
    return try await survey(subjects)
  }

  /// Ends the run before its first write where the edges could not be written afterwards.
  ///
  /// - Throws: ``ReleaseError/edge(_:isBefore:)`` with the first obstacle.
  package func refuse(_ surveys: [EdgeSurvey]) throws(ReleaseError) {
    let obstacles = EdgeRun(edges, settings: settings.edges).obstacles(surveys)
    for error in obstacles.dropFirst() { services.report(.warning(error.function, error.description)) }
    if let first = obstacles.first { throw .edge(first, isBefore: true) }
  }

  /// Writes the edges of the functions in which a release has ended well, and takes down what became of them.
  ///
  /// - Parameters:
  ///   - early: what was written of them beside the bake.
  ///   - isApart: whether each function was a release of its own, of which some may have ended well and others not.
  package func carryOut(
    _ plan: ReleasePlan, early: [EdgeResult] = [], isApart: Bool = false, into report: inout ReleaseReport
  ) async {
    let done = early.filter(\.isComplete)
    report.take(done)
    let bound = Set(done.map(\.survey.subject.scope.function))
    var wished = plan.functions.filter { $0.input.edges != nil && !bound.contains($0.input.function) }
    if report.outcome != .promoted { report.tell(early) }
    guard !wished.isEmpty, !report.wasInterrupted else { return }
    guard !settings.isSkipped else { return await tellLeft(wished, "(--no-triggers)", into: &report) }
    if isApart {
      let ended = report.functions.filter { Self.good.contains($0.outcome) && $0.failure == nil }
      let well = Set(ended.map(\.function))
      for plan in wished where !well.contains(plan.input.function) {
        report.warnings.append(
          "\(plan.input.function): its triggers are left as they are, as its release has not ended well")
      }
      wished.removeAll { !well.contains($0.input.function) }
    } else if report.error == nil, report.outcome == .held {
      // A release of its own may have ended well beside the one that somebody is waited for.
      let ended = report.functions.filter { $0.outcome == .promoted && $0.failure == nil }
      let well = Set(ended.map(\.function))
      let waiting = wished.filter { !well.contains($0.input.function) }
      await tellLeft(waiting, "until what is held has been promoted", into: &report)
      wished.removeAll { !well.contains($0.input.function) }
    } else {
      guard report.error == nil, Self.good.contains(report.outcome) else { return }
    }
    do throws(ReleaseError) {
      try await write(try await served(wished, report), into: &report)
    } catch {
      report.fail(error)
    }
  }

  /// Warns of those of `plans` that have triggers which are still to be written.
  private func tellLeft(_ plans: [FunctionPlan], _ why: String, into report: inout ReleaseReport) async {
    do throws(ReleaseError) {
      for subject in try await subjects(plans, isOpen: true) {
        report.warnings.append("\(subject.scope.function): its triggers are left as they are \(why)")
      }
    } catch {
      report.warnings.append(
        "triggers are left as they are \(why), and whether any is to be written cannot be told: \(error)")
    }
  }

  /// How a release has ended after which its triggers are bound.
  private static let good: Set<Outcome> = [.unchanged, .updated, .promoted]

  /// What the functions of a plan are to have whose alias serves what was released.
  private func served(
    _ plans: [FunctionPlan], _ report: ReleaseReport
  ) async throws(ReleaseError) -> [EdgeSubject] {
    var subjects = try await subjects(plans, isOpen: !settings.isChecked)
    for plan in plans {
      if case .serving = plan.deployed { continue }
      guard
        report.functions.contains(where: { $0.function == plan.input.function && $0.outcome == .promoted })
      else { continue }
      let made = try await description(of: plan.input.name, qualifier: alias)
      subjects.append(subject(plan, arn: made.configuration.unqualifiedARN, tags: [:]))
    }
    return subjects
  }

  /// Writes what differs under leases on the aliases.
  func write(_ subjects: [EdgeSubject], into report: inout ReleaseReport) async throws(ReleaseError) {
    guard !subjects.isEmpty else { return }
    let surveys = try await survey(subjects)
    try refuse(surveys)
    let release =
      report.release
      ?? ReleaseID(
        time: services.serverTime(), commit: nil, random: (0..<4).map { _ in UInt8.random(in: 0 ... .max) })
    let keeper = LeaseKeeper()
    try await take(surveys.filter(\.differs).map(\.subject), release, keeper)
    let run = EdgeRun(edges, settings: settings.edges) { scope throws(EdgeError) in
      try await keeper.renew(scope)
    }
    let results = await run.apply(surveys, release: "\(release)")
    // A signal must not leave a lease behind that nobody needs.
    let open = await Task { await keeper.giveBack() }.value
    report.warnings += open.map { "\($0)" }
    report.take(results)
  }

  private func take(
    _ subjects: [EdgeSubject], _ release: ReleaseID, _ keeper: LeaseKeeper
  ) async throws(ReleaseError) {
    let failures = await Concurrent.map(subjects, limit: settings.edges.parallel) {
      subject -> ReleaseError? in
      let name = FunctionName(function: subject.scope.function, functionName: subject.scope.functionName)
      do throws(ReleaseError) {
        let lease = try await TriggerLease.take(
          name, alias: alias, services: services, owner: owner, release: release)
        await keeper.keep(lease, of: subject.scope)
        return nil
      } catch {
        return error
      }
    }
    guard let error = failures.compactMap(\.self).first else { return }
    _ = await Task { await keeper.giveBack() }.value
    throw error
  }

  func survey(_ subjects: [EdgeSubject]) async throws(ReleaseError) -> [EdgeSurvey] {
    do throws(EdgeError) {
      return try await EdgeSurveyor(edges, parallel: settings.edges.parallel).survey(subjects)
    } catch {
      throw .edge(error, isBefore: true)
    }
  }

  func subject(_ plan: FunctionPlan, arn: String, tags: [String: String]) -> EdgeSubject {
    EdgeSubject(
      scope: EdgeScope(
        project: plan.input.edges?.project ?? "", function: plan.input.function,
        functionName: plan.input.functionName, functionARN: arn, alias: alias),
      triggers: plan.input.edges?.triggers, eventInvoke: plan.input.edges?.eventInvoke,
      recorded: tags[TriggerTag.key(alias: alias)].flatMap { TriggerTag($0) }, timeout: plan.longestInvocation
    )
  }

  func needsWork(_ subject: EdgeSubject) -> Bool {
    guard let recorded = subject.recorded, recorded.digest == subject.digest else { return true }
    return recorded.removals.map { $0 <= services.serverTime() } ?? false
  }

  /// The tags of functions. A reading of an alias need not show them: where the first has none, one of the bare function
  /// tells whether that is so, and only then the others are read too.
  func tags(
    _ functions: [(name: FunctionName, seen: FunctionDescription)]
  ) async throws(ReleaseError) -> [String: [String: String]] {
    var tags: [String: [String: String]] = [:]
    var hidden: Bool?
    for (name, seen) in functions {
      tags[name.function] = seen.tags
      guard seen.tags.isEmpty, hidden ?? true else { continue }
      let read = try await description(of: name, qualifier: nil).tags
      hidden = !read.isEmpty
      tags[name.function] = read
    }
    return tags
  }

  /// A function as it is now.
  func description(
    of name: FunctionName, qualifier: String?
  ) async throws(ReleaseError) -> FunctionDescription {
    do throws(AWSError) {
      return try await services.lambda.getFunction(name.functionName, qualifier: qualifier)
    } catch {
      throw .aws(error, function: name.function)
    }
  }
}
