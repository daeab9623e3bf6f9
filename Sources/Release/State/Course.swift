internal import AWSClient
package import Core

/// What a deploy does about everything that it finds, in its order: what stands in its way, what earlier runs and people
/// have left, and its own work. Pure: plan in, course out; `plan` shows it and `deploy` takes it.
package struct Course: Sendable {
  /// One step of it.
  package enum Step: Sendable {
    /// Ends with this, and changes nothing.
    case refuse(ReleaseError)
    /// A living run may drive a rollout here until then: waits, or ends with 12.
    case wait(FunctionPlan, until: Timestamp)
    /// Brings a release forward to its end that another run has left decided, then plans anew.
    case finishFirst(ReleaseID, [FunctionPlan])
    /// Takes a release back that another run, or a person, has taken back in part, then plans anew.
    case endFirst(ReleaseID, [FunctionPlan], RecordReason)
    /// Ends the canaries of changes that were taken back in the repository.
    case abandon([FunctionPlan])
    /// Releases over what somebody has put there by hand.
    case override(FunctionPlan, AliasMove)
    /// Leaves an alias as somebody has put it: nothing of the function is to be released.
    case leave(FunctionPlan, AliasMove)
    /// Leaves a rollout held that somebody has had stop in a pause: a deploy is no person's word that it may go on.
    case keepHeld(ReleaseID, [FunctionPlan])
    /// Goes on with a rollout that another run has begun.
    case goOn(ReleaseID, [FunctionPlan])
    /// Gives the place of a canary that another run has left to a newer version.
    case replace(FunctionPlan, version: String)
    /// Writes settings of functions that get no new version for them.
    case update([FunctionPlan])
    /// Begins a release of these functions.
    case begin([FunctionPlan])
  }

  /// The steps in order.
  package let steps: [Step]
  /// Whether it only brings releases to their end that others have left half way: the rest is planned anew after that.
  package let isRepair: Bool

  /// What speaks against all of it: the first steps.
  let obstacles: [ReleaseError]

  /// Everything that keeps new versions from being released.
  package var refusals: [ReleaseError] { steps.compactMap(\.refusal) }

  /// The course of a deploy by `plan`.
  ///
  /// - Parameters:
  ///   - settings: how it is to be rolled out.
  ///   - now: AWS's time.
  package init(_ plan: ReleasePlan, settings: ReleaseSettings, at now: Timestamp) {
    obstacles = Self.obstacles(plan, settings)
    var steps = obstacles.map(Step.refuse)
    if !settings.takesOver {
      steps += plan.functions.compactMap { function in
        guard let record = function.unfinished?.record, let end = record.leaseEnd,
          !record.isLeaseOver(at: now)
        else { return nil }
        return .wait(function, until: end)
      }
    }
    let halves = HalfRelease.find(plan)
    for half in halves {
      switch half.way {
      case .forward: steps.append(.finishFirst(half.release, half.functions))
      case .back(let reason): steps.append(.endFirst(half.release, half.functions, reason))
      }
    }
    if halves.isEmpty { steps += Self.work(plan, settings) }
    self.steps = steps
    isRepair = !halves.isEmpty
  }

  /// What speaks against all of it.
  private static func obstacles(_ plan: ReleasePlan, _ settings: ReleaseSettings) -> [ReleaseError] {
    var errors: [ReleaseError] = []
    let missing = plan.functions.filter { plan in
      guard case .missing = plan.deployed else { return false }
      return !plan.input.mayCreate
    }
    if !missing.isEmpty { errors.append(.notCreatable(functions: missing.map(\.input.function))) }
    for function in plan.functions {
      let name = function.input.function
      if let finding = Preflight.creation(function), function.input.mayCreate { errors.append(finding.error) }
      if function.change != .none { errors += Preflight.creationSettings(function).map(\.error) }
      if settings.drift == .refuse, function.change != .none, let foreign = function.foreign {
        errors.append(.foreignChanges(function: name, foreign))
      }
      guard let snapshot = function.snapshot else { continue }
      if let reason = snapshot.content.unreadable {
        errors.append(.unreadableRecord(function: name, alias: plan.alias, reason: reason))
      } else if function.change != .none, function.unfinished == nil, function.move == nil,
        !snapshot.alias.others.isEmpty
      {
        errors.append(.foreignWeights(function: name, alias: plan.alias, found: snapshot.alias.others))
      }
    }
    return errors
  }

  private static func work(_ plan: ReleasePlan, _ settings: ReleaseSettings) -> [Step] {
    let waiting = waiting(plan)
    let free = { (function: FunctionPlan) in
      function.unfinished.map { !waiting.contains($0.record.release) } ?? true
    }
    let abandoned = plan.functions.filter { $0.unfinished?.relation == .takenBack && free($0) }
    let fresh = plan.changed.filter { $0.unfinished.map { $0.relation == .superseded } ?? true && free($0) }
    var steps: [Step] = []
    for function in plan.functions where function.change == .none && function.unfinished == nil {
      if let move = function.displaced { steps.append(.leave(function, move)) }
    }
    if !abandoned.isEmpty { steps.append(.abandon(abandoned)) }
    if !plan.updated.isEmpty { steps.append(.update(plan.updated)) }
    steps += continuations(plan, waiting, besides: !fresh.isEmpty)
    steps += quarantine(fresh, settings)
    for function in fresh { steps += replacements(function) }
    if !fresh.isEmpty { steps.append(.begin(fresh)) }
    return steps
  }

  /// What the judge, or a person, has taken back once is not tried again by itself.
  private static func quarantine(_ fresh: [FunctionPlan], _ settings: ReleaseSettings) -> [Step] {
    guard !settings.retriesRolledBack else { return [] }
    return fresh.compactMap { function in
      function.quarantined.map { .refuse(.quarantined(function: function.input.function, version: $0)) }
    }
  }

  /// The releases that stand in a pause. They are left whole, as a release goes forward or back as one: what has changed
  /// again in a part of one waits too, also where the run is of that part alone. One whose every function has newer code
  /// gives way.
  private static func waiting(_ plan: ReleasePlan) -> Set<ReleaseID> {
    let releases = Dictionary(grouping: plan.functions.compactMap(\.unfinished), by: \.record.release)
    let waiting = releases.filter { _, members in
      let count = members.map(\.record.functions).max() ?? 0
      return members.contains { $0.record.state == .hold(.pause) }
        && (members.count < count || members.contains { $0.relation == .same })
    }
    return Set(waiting.keys)
  }

  /// The releases of other runs that this one goes on with, or leaves as they stand. What is new must not go forward with
  /// what was decided before: that comes to its end first.
  private static func continuations(
    _ plan: ReleasePlan, _ waiting: Set<ReleaseID>, besides hasMore: Bool
  ) -> [Step] {
    var releases: [ReleaseID: [FunctionPlan]] = [:]
    var decided: Set<ReleaseID> = []
    for function in plan.functions {
      guard let unfinished = function.unfinished,
        unfinished.relation == .same || waiting.contains(unfinished.record.release)
      else { continue }
      releases[unfinished.record.release, default: []].append(function)
      if unfinished.record.state.isDecided { decided.insert(unfinished.record.release) }
    }
    let comesFirst = hasMore || releases.count > decided.count || decided.count > 1
    var steps: [Step] = []
    for release in releases.keys.sorted() {
      let functions = releases[release] ?? []
      if waiting.contains(release) {
        steps.append(.keepHeld(release, functions))
      } else if comesFirst, decided.contains(release) {
        steps.append(.finishFirst(release, functions))
      } else {
        steps.append(.goOn(release, functions))
      }
    }
    return steps
  }

  /// What stands where a new version is to go.
  private static func replacements(_ function: FunctionPlan) -> [Step] {
    var steps: [Step] = []
    if let move = function.move { steps.append(.override(function, move)) }
    if let canary = function.unfinished?.record.canary, canary != function.servingVersion {
      steps.append(.replace(function, version: canary))
    }
    return steps
  }
}

extension Course.Step {
  /// Why it ends here; nil where it goes on.
  fileprivate var refusal: ReleaseError? {
    guard case .refuse(let error) = self else { return nil }
    return error
  }
}
