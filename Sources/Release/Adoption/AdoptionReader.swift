internal import AWSClient
internal import Core
internal import Triggers

/// The versions and aliases of a function, as they were listed.
struct AdoptionLook: Sendable {
  let versions: [FunctionConfiguration]
  let aliases: [AliasConfiguration]

  /// The names of the aliases that send traffic to `$LATEST`, and so serve whatever is written there.
  var servingLatest: [String] { aliases.filter { $0.shares["$LATEST"] != nil }.map(\.name).sorted() }
}

/// Finds out which functions of a plan serve already without our doing, and who calls them by their bare names.
package struct AdoptionReader: Sendable {
  /// How many versions, the newest ones, are told apart from the bare name.
  private static let versions = 20

  let services: ReleaseServices
  let alias: String
  let parallel: Int

  /// A reader for one alias.
  package init(services: ReleaseServices, alias: String, parallel: Int) {
    self.services = services
    self.alias = alias
    self.parallel = parallel
  }

  /// `plan` with ``FunctionPlan/adoption`` of the functions that need one: for each of those ListVersionsByFunction,
  /// ListAliases, GetPolicy, ListEventSourceMappings, GetFunctionUrlConfig and one or two GetMetricData.
  ///
  /// - Throws: ``ReleaseError`` when versions or aliases cannot be read.
  package func completed(_ plan: ReleasePlan) async throws(ReleaseError) -> ReleasePlan {
    guard plan.functions.contains(where: { $0.adoptionStage != nil }) else { return plan }
    let functions = try await Concurrent.map(plan.functions, limit: parallel) {
      function throws(ReleaseError) -> FunctionPlan in
      guard let stage = function.adoptionStage else { return function }
      var function = function
      function.adoption = try await adoption(of: function, stage)
      return function
    }
    return ReleasePlan(environment: plan.environment, alias: plan.alias, functions: functions)
  }

  private func adoption(
    of plan: FunctionPlan, _ stage: Adoption.Stage
  ) async throws(ReleaseError) -> Adoption? {
    let look = try await look(at: plan.input.name)
    if stage == .alias, isOurs(plan, look) { return nil }
    let (callers, lastCall) = await self.callers(of: plan.input.name, look)
    return Adoption(stage: stage, callers: callers, lastCall: lastCall)
  }

  /// The versions and aliases of a function.
  func look(at name: FunctionName) async throws(ReleaseError) -> AdoptionLook {
    do throws(AWSError) {
      return AdoptionLook(
        versions: try await services.lambda.listVersions(name.functionName),
        aliases: try await services.lambda.listAliases(name.functionName))
    } catch {
      throw .aws(error, function: name.function)
    }
  }

  /// Who calls a function by its bare name, or by another alias that names `$LATEST`, and when it was called so before
  /// the last hour.
  func callers(
    of name: FunctionName, _ look: AdoptionLook
  ) async -> (callers: [BareCaller], lastCall: Timestamp?) {
    let numbers = look.versions.map(\.version).filter { $0 != "$LATEST" }.suffix(Self.versions)
    let reader = BareCallerReader(lambda: services.lambda, metrics: services.metrics)
    async let hanging = reader.hanging(on: name.functionName)
    async let traffic = reader.traffic(
      of: name.functionName, besides: look.aliases.map(\.name) + numbers, at: services.serverTime())
    let (callers, lastCall) = await traffic
    let aliases = look.servingLatest.filter { $0 != alias }.map { BareCaller.alias($0) }
    return (aliases + (await withoutIdle(await hanging, of: name, look)) + callers, lastCall)
  }

  /// The same without the statements that an adoption has left: the alias has their like, and what they are for calls
  /// the alias. They stay for a day, in which a rollout may well begin.
  private func withoutIdle(
    _ callers: [BareCaller], of name: FunctionName, _ look: AdoptionLook
  ) async -> [BareCaller] {
    guard let edges = services.edges, let arn = look.versions.first?.unqualifiedARN,
      callers.contains(where: { if case .statement = $0 { true } else { false } })
    else { return callers }
    let scope = EdgeScope(
      project: "", function: name.function, functionName: name.functionName, functionARN: arn, alias: alias)
    let surveyor = HangingSurveyor(edges, parallel: 1, readsStacks: false)
    let idle = await surveyor.survey([scope]).first?.idleStatements ?? []
    return callers.filter { caller in
      guard case .statement(let id, _, _) = caller else { return true }
      return !idle.contains(id)
    }
  }

  /// Whether lamctl has made the function, and not got as far as the alias; or releases it to another alias.
  func isOurs(_ plan: FunctionPlan, _ look: AdoptionLook) -> Bool {
    if look.aliases.contains(where: { AliasSnapshot($0).record != nil }) { return true }
    guard let latest = plan.latest, let newest = look.versions.last, newest.version != "$LATEST",
      VersionProvenance.decode(newest.description).provenance != nil
    else { return false }
    return Comparison.drift(of: latest, from: newest) == .none
  }
}

extension FunctionPlan {
  /// What stands between it and its alias, as far as the plan tells; nil where a release can begin.
  fileprivate var adoptionStage: Adoption.Stage? {
    guard change != .none, unfinished == nil else { return nil }
    switch deployed {
    case .missing: return nil
    case .withoutAlias: return .alias
    case .serving(let serving):
      if serving.version == "$LATEST" { return .pin }
      let isUntouched = serving.record.map(\.isAdoption) ?? true
      return serving.provenance == nil && isUntouched ? .begun : nil
    }
  }
}

extension RolloutRecord {
  /// Whether it is as an adoption leaves it: no release of ours has come after it.
  fileprivate var isAdoption: Bool {
    state == .idle && canary == nil && previous == nil && badVersions.isEmpty && package == nil
  }
}
