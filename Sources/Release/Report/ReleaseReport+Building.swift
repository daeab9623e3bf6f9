internal import AWSClient
internal import Core

extension ReleaseReport {
  /// The report of a deploy that has done nothing yet.
  ///
  /// - Parameter drift: what becomes of settings that others have changed.
  init(_ plan: ReleasePlan, drift: DriftPolicy = .tell) {
    self.init(environment: plan.environment, alias: plan.alias)
    functions = plan.functions.map { plan in
      var report = FunctionReport(
        function: plan.input.function, functionName: plan.input.functionName, change: plan.change,
        reasons: plan.reasons(drift), fromVersion: plan.servingVersion,
        toVersion: plan.unfinished?.record.canary,
        codeSHA256: nil,
        digests: (plan.input.sourceDigest, plan.provenance?.package, plan.input.configurationDigest),
        outcome: .unchanged, settings: plan.differences + plan.own, serving: plan.serving,
        foreign: plan.foreign?.clauses(drift) ?? [])
      if plan.change == .none, plan.unfinished == nil { report.moved = plan.displaced }
      report.wasInPause = plan.unfinished?.record.state == .hold(.pause)
      return report
    }
  }

  /// The report of a run that has found nothing yet.
  init(environment: String, alias: String) {
    self.init(
      environment: environment, alias: alias, release: nil, outcome: .unchanged, functions: [], verdict: nil,
      error: nil)
  }

  /// Takes in what has happened: the report of a run is the sum of its events.
  mutating func take(_ event: ReleaseEvent) {
    switch event {
    case .release(let release): self.release = release
    case .built(let function, let package): update(function) { $0.digests?.package = package }
    case .identical(let function, _):
      update(function) { report in
        report.change = .none
        report.reasons = ["built, identical to what is deployed"]
      }
    case .published(let function, let version, _):
      update(function) { report in
        report.toVersion = version
        report.outcome = .published
      }
    case .candidate(let function, let from, let to, let code):
      update(function) { report in
        report.fromVersion = from ?? report.fromVersion
        report.toVersion = to
        report.codeSHA256 = code ?? report.codeSHA256
      }
    case .serves(let function, let shares): update(function) { $0.serving = shares }
    case .judged(let function, let verdict): update(function) { $0.verdict = verdict.noting($0.foreign) }
    case .observed(let evidence, let verdict):
      self.evidence = evidence
      self.verdict = verdict
    case .shifted(let function, _, _, _, _, _), .baking(let function, _, _):
      hasMovedTraffic = true
      update(function) { $0.isHeld = false }
    case .driven(let function, let owner, _): update(function) { $0.driver = owner }
    default: takeEnd(event)
    }
  }

  private mutating func takeEnd(_ event: ReleaseEvent) {
    switch event {
    case .verified(let function): update(function) { $0.isVerified = true }
    case .explained(let function, let errors, let cost):
      update(function) { report in
        report.errors = errors
        report.cost = cost
      }
    case .failed(let function, let error):
      if let function { update(function) { $0.failure = $0.failure ?? error } }
      self.error = self.error ?? error
      if error == .interrupted { wasInterrupted = true }
    case .ended(let function, let outcome): update(function) { $0.outcome = outcome }
    case .promoted(let function, _):
      hasMovedTraffic = true
      update(function) { $0.outcome = .promoted }
    case .rolledBack(let function, _, _): update(function) { $0.outcome = .rolledBack }
    case .held(let function, _):
      update(function) { report in
        report.outcome = .held
        report.isHeld = true
      }
    case .abandoned(let function):
      update(function) { report in
        report.outcome = .rolledBack
        report.isAbandoned = true
      }
    case .concluded(let outcome): conclude(outcome)
    case .interrupted: wasInterrupted = true
    case .warning(let function, let text): warnings.append((function.map { "\($0): " } ?? "") + text)
    default: break
    }
  }

  /// The run is over. A function that was to change and has come to no end of its own shares the run's.
  private mutating func conclude(_ outcome: Outcome) {
    self.outcome = outcome
    if outcome == .unchanged, functions.contains(where: { $0.outcome == .updated }) {
      self.outcome = .updated
    }
    guard outcome == .failed else { return }
    for index in functions.indices
    where functions[index].outcome == .unchanged && functions[index].change != .none {
      functions[index].outcome = .failed
    }
  }

  /// Changes what is said of one function; of one that is not in the report yet, nothing.
  private mutating func update(_ function: String, _ change: (inout FunctionReport) -> Void) {
    guard let index = functions.firstIndex(where: { $0.function == function }) else { return }
    change(&functions[index])
  }

  /// Whether it ended well for some functions and not for others, or not for all in the same way. A version that was
  /// published is no difference as long as nothing has got traffic.
  package var isPartial: Bool {
    let alike: Set<Outcome> = hasMovedTraffic ? [.unchanged, .updated] : [.unchanged, .updated, .published]
    let own = functions.filter { !$0.isAbandoned && !($0.wasInPause && $0.outcome == .held) }
    return Set(own.map(\.outcome)).subtracting(alike).count > 1
  }
}

extension FunctionPlan {
  /// The share of traffic of each version, as the plan has found it.
  fileprivate var serving: [String: Double] {
    guard case .serving(let serving) = deployed else { return [:] }
    return serving.snapshot?.alias.shares ?? [serving.version: 1]
  }
}
