internal import AWSClient
internal import Core

/// Makes sure that new versions may get traffic: as far as that can be known, before anything is uploaded.
package struct PreflightStage: Sendable {
  let services: ReleaseServices
  let settings: ReleaseSettings
  let alias: String

  /// A stage of a release by `settings`.
  package init(services: ReleaseServices, settings: ReleaseSettings, alias: String) {
    self.services = services
    self.settings = settings
    self.alias = alias
  }

  private var reader: PreflightReader {
    PreflightReader(services: services, alias: alias, settle: settings.settle, parallel: settings.parallel)
  }

  /// What speaks against a release of `plans`, and what the last hour's traffic was, by logical name.
  ///
  /// - Parameter functions: how many functions the release moves.
  /// - Throws: ``ReleaseError/interrupted``.
  package func examine(
    _ plans: [FunctionPlan], functions: Int
  ) async throws(ReleaseError) -> (findings: [PreflightFinding], traffic: [String: HourOfTraffic]) {
    let inferences = plans.flatMap(Preflight.inferences)
    let facts = plans.compactMap { PreflightFacts($0, alias: alias, heaviest: settings.plan.heaviest) }
    guard !facts.isEmpty else { return (inferences, [:]) }
    let (known, unreadable) = await reader.completed(facts)
    if Task.isCancelled { throw .interrupted }
    var findings = inferences + known.flatMap(Preflight.findings) + unreadable
    let adopted = Set(plans.filter { $0.adoption != nil }.map(\.input.function))
    findings += await reader.bareCallers(known.filter { !adopted.contains($0.name.function) })
    if Preflight.unreservedNeed(known) > Preflight.smallestAccount,
      let unreserved = await reader.unreserved(),
      let finding = Preflight.unreservedConcurrency(known, unreserved: unreserved)
    {
      findings.append(finding)
    }
    let now = services.serverTime()
    if let finding = Preflight.credentials(settings, from: now) { findings.append(finding) }
    if !settings.cutsDescription {
      findings += plans.compactMap { plan in
        plan.snapshot.flatMap {
          Preflight.userText(of: plan, $0, settings: settings, functions: functions, at: now)
        }
      }
    }
    if Task.isCancelled { throw .interrupted }
    let traffic = Dictionary(known.compactMap { facts in facts.traffic.map { (facts.name.function, $0) } }) {
      first, _ in first
    }
    return (findings, traffic)
  }

  /// The alarms of the rollout that CloudWatch does not know, which end a release; nil where all are there, or where that
  /// cannot be told now.
  package func unknownAlarms() async -> PreflightFinding? {
    do throws(ReleaseError) {
      _ = try await AlarmWatch.begin(settings.alarms, with: services.alarms) { _ in }
      return nil
    } catch {
      guard case .unknownAlarms = error else { return nil }
      return .refusal(nil, "\(error)", fix: error.fix ?? "")
    }
  }

  /// Why an alias has weights that no record tells of.
  func explain(_ error: ReleaseError, of plan: ReleasePlan) async -> ReleaseError {
    guard case .foreignWeights(let function, _, _) = error,
      let input = plan.functions.first(where: { $0.input.function == function }), let seen = input.snapshot
    else { return error }
    let provisioned = await reader.provisioned([input.input.name])[function]
    return Preflight.foreignWeights(seen.alias, provisioned: provisioned, function: function)?.error ?? error
  }
}

extension StepPlan {
  /// The largest share of a step; nil without steps, where all traffic moves at once.
  var heaviest: Weight? {
    steps.compactMap { step in
      guard case .traffic(let weight, _) = step else { return nil }
      return weight
    }.max()
  }

  /// How long all its steps take.
  var duration: TimeSpan {
    steps.reduce(.zero) { sum, step in
      guard case .traffic(_, let duration) = step else { return sum }
      return sum + duration
    }
  }
}
