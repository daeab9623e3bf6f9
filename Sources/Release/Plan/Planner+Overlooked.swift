internal import AWSClient
internal import Core

extension Planner {
  /// The most aliases that a deploy reads in vain when nothing is to be done.
  private static let looks = 2

  /// `plans` with the rollouts that `$LATEST` does not give away: in the bake, the alias names the very version that
  /// `$LATEST` became, so that nothing looks unfinished although nobody has judged it to its end.
  ///
  /// The first function of a release in the alphabet is its leader and the last that is done, so one alias a release
  /// tells, and only the newest releases can be meant. Where a release is under way, or was taken back for some of its
  /// functions, all its functions are looked at.
  ///
  /// What is left of the few readings goes to functions whose aliases somebody may have moved.
  func withOverlooked(_ plans: [FunctionPlan]) async throws(ReleaseError) -> [FunctionPlan] {
    var plans = plans
    var isGroup = plans.contains(where: \.isOfOpenGroup)
    var looks = Self.looks
    for index in leaders(of: plans) where !isGroup && !readsAllAliases {
      plans[index] = try await looked(at: plans[index])
      isGroup = plans[index].isOfOpenGroup
      looks -= 1
    }
    guard isGroup || readsAllAliases else {
      for index in plans.indices.filter({ plans[$0].isQuiet }).prefix(looks) {
        plans[index] = try await looked(at: plans[index])
      }
      return plans
    }
    return try await Concurrent.map(plans, limit: parallel) { plan throws(ReleaseError) in
      plan.isQuiet ? try await looked(at: plan) : plan
    }
  }

  /// Where the leaders of the newest releases are, among the functions with nothing to do.
  private func leaders(of plans: [FunctionPlan]) -> [Int] {
    var leaders: [ReleaseID: Int] = [:]
    for (index, plan) in plans.enumerated() where plan.isQuiet {
      guard let release = plan.provenance?.release else { continue }
      let known = leaders[release].map { plans[$0].input.function }
      let isFirst = known.map { plan.input.function.utf8.lexicographicallyPrecedes($0.utf8) } ?? true
      if isFirst { leaders[release] = index }
    }
    return leaders.sorted { $0.key > $1.key }.prefix(Self.looks).map(\.value)
  }

  /// `plans` with how somebody has moved their aliases, as far as those were read.
  func withMoves(_ plans: [FunctionPlan]) async -> [FunctionPlan] {
    let stray = StrayWeights(lambda: lambda)
    return await Concurrent.map(plans, limit: parallel) { plan in
      guard let snapshot = plan.snapshot, plan.unfinished == nil else { return plan }
      var plan = plan
      plan.displaced = await stray.move(of: snapshot, functionName: plan.input.functionName)
      return plan
    }
  }

  /// `plan` with what its alias says.
  private func looked(at plan: FunctionPlan) async throws(ReleaseError) -> FunctionPlan {
    guard case .serving(let serving) = plan.deployed else { return plan }
    return try await lookedAt(plan.input, serving.description, latest: plan.latest) { _, _ in plan.reasons }
  }
}

extension FunctionPlan {
  /// Whether nothing is to be done and the alias was not read.
  fileprivate var isQuiet: Bool { servingVersion != nil && change == .none && snapshot == nil }

  /// Whether it belongs to a release of several functions that others of may still have to be brought to its end.
  fileprivate var isOfOpenGroup: Bool {
    guard let record, record.functions > 1 else { return false }
    if case .rolledBack = record.state { return true }
    return record.state.isUnderWay
  }
}
