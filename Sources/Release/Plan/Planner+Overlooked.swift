internal import AWSClient
internal import Core

extension Planner {
  /// The most aliases that are read in vain when nothing is to be done.
  private static let looks = 2

  /// `plans` with the rollouts that `$LATEST` does not give away: in the bake, the alias names the very version that
  /// `$LATEST` became, so that nothing looks unfinished although nobody has judged it to its end.
  ///
  /// The first function of a release in the alphabet is its leader and the last that is done, so one alias a release
  /// tells, and only the newest releases can be meant. Where a release is under way, all its functions are looked at.
  func withOverlooked(_ plans: [FunctionPlan]) async throws(ReleaseError) -> [FunctionPlan] {
    var plans = plans
    var isGroup = plans.contains { ($0.unfinished?.record.functions ?? 1) > 1 }
    for index in leaders(of: plans) where !isGroup {
      plans[index] = try await looked(at: plans[index])
      isGroup = (plans[index].unfinished?.record.functions ?? 1) > 1
    }
    guard isGroup else { return plans }
    let found = await Concurrent.map(plans, limit: parallel) { plan -> Result<FunctionPlan, ReleaseError> in
      guard plan.isQuiet else { return .success(plan) }
      do throws(ReleaseError) {
        return .success(try await looked(at: plan))
      } catch {
        return .failure(error)
      }
    }
    var all: [FunctionPlan] = []
    for plan in found { all.append(try plan.get()) }
    return all
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

  /// `plan` with what its alias says.
  private func looked(at plan: FunctionPlan) async throws(ReleaseError) -> FunctionPlan {
    guard case .serving(let serving) = plan.deployed else { return plan }
    let seen = try await reading(plan.input) { () async throws(AWSError) in
      try await lambda.getAlias(plan.input.functionName, name: alias)
    }
    let known = ServingFunction(description: serving.description, provenance: serving.provenance, alias: seen)
    return FunctionPlan(
      input: plan.input, deployed: .serving(known), change: plan.change, reasons: plan.reasons,
      unfinished: try await unfinished(plan.input, serving: known, change: plan.change), drift: plan.drift,
      latest: plan.latest)
  }
}

extension FunctionPlan {
  /// Whether nothing is to be done and the alias was not read.
  fileprivate var isQuiet: Bool {
    guard case .serving(let serving) = deployed else { return false }
    return change == .none && serving.alias == nil
  }
}
