internal import AWSClient
internal import Core

/// What is left of a plan once the functions that serve without our doing were seen to.
struct AfterAdoption: Sendable {
  /// The plan for what can be released now.
  var plan: ReleasePlan
  /// Of the functions that cannot be released; nil where there are none.
  var refused: ReleaseReport?
  /// What is to be told of the others, each of its function.
  var warnings: [(function: String, text: String)] = []
}

extension Releaser {
  /// Puts the functions of `plan` that serve already under their aliases, and stops those that others call by their bare
  /// names: whatever is written to `$LATEST` reaches them at once.
  ///
  /// - Parameter release: the name that the records of new aliases get.
  /// - Returns: nil where aliases were made or pointed anew, so that a new plan is needed.
  /// - Throws: ``ReleaseError`` when AWS cannot be read.
  func adopting(_ plan: ReleasePlan, as release: ReleaseID) async throws(ReleaseError) -> AfterAdoption? {
    let plan = try await AdoptionReader(services: services, alias: alias, parallel: settings.parallel)
      .completed(plan)
    let affected = plan.functions.filter { $0.adoption != nil }
    let course = Course(plan, settings: settings, at: services.serverTime())
    // What is refused anyway is refused before anything is written.
    guard !affected.isEmpty, course.refusals.isEmpty else { return AfterAdoption(plan: plan) }
    let stage = AdoptionStage(services: services, settings: settings, alias: alias, release: release)
    let results = await Concurrent.map(affected, limit: settings.parallel) {
      function -> Result<String?, ReleaseError> in
      do throws(ReleaseError) { return .success(try await stage.adopt(function)) } catch {
        return .failure(error)
      }
    }
    let scope = settings.perFunction ? plan.keeping { $0.adoption != nil } : plan
    let journal = ReleaseJournal(ReleaseReport(scope, drift: settings.drift), listener: services.report)
    var errors: [(function: String, error: ReleaseError)] = []
    var isAdopted = false
    for (function, result) in zip(affected, results) {
      let name = function.input.function
      switch result {
      case .success(let version):
        if let version {
          isAdopted = true
          tell(version, of: name, to: journal)
        }
        if let error = bareCallers(function) { errors.append((name, error)) }
      case .failure(let error): errors.append((name, error))
      }
    }
    if isAdopted, settings.perFunction || errors.isEmpty { return nil }
    return after(plan, errors, journal)
  }

  private func tell(_ version: String, of function: String, to journal: ReleaseJournal) {
    journal.tell(.note(function, "version \(version) is what is live, and the alias \(alias) serves it"))
    journal.tell(.candidate(function, from: nil, to: version, codeSHA256: nil))
    journal.tell(.serves(function, [version: 1]))
  }

  /// Why nothing must be written to a function: others run `$LATEST`.
  private func bareCallers(_ plan: FunctionPlan) -> ReleaseError? {
    guard let callers = plan.adoption?.callers, !callers.isEmpty, !settings.updatesLatest else { return nil }
    return .bareCallers(function: plan.input.function, alias: alias, callers: callers)
  }

  /// What can go on after the functions of `errors` cannot. A release goes together, or each function alone.
  private func after(
    _ plan: ReleasePlan, _ errors: [(function: String, error: ReleaseError)], _ journal: ReleaseJournal
  ) -> AfterAdoption {
    for (function, error) in errors {
      journal.tell(.failed(function, error))
      journal.tell(.ended(function, .failed))
    }
    let refused = Set(errors.map(\.function))
    var after = AfterAdoption(plan: plan.keeping { !refused.contains($0.input.function) })
    for function in after.plan.functions {
      let name = function.input.function
      after.warnings += (function.adoption?.sentences(alias: alias, updatesLatest: true) ?? []).map {
        (name, $0)
      }
    }
    guard !errors.isEmpty else { return after }
    if Task.isCancelled { journal.tell(.interrupted) }
    journal.tell(.concluded(.failed))
    after.refused = settings.perFunction ? journal.report.keeping(refused) : journal.report
    if !settings.perFunction { after.plan = plan.keeping { _ in false } }
    return after
  }

  /// Carries out what is left of a plan, and adds to its report what was found out before.
  func deploy(_ after: AfterAdoption, packages: any PackageSource) async -> ReleaseReport {
    if let refused = after.refused, after.plan.functions.isEmpty { return refused }
    var report = await deploy(after.plan, packages: packages)
    for warning in after.warnings {
      services.report(.warning(warning.function, warning.text))
      report.take(.warning(warning.function, warning.text))
    }
    if let refused = after.refused { report.join(refused) }
    return report
  }
}

extension ReleasePlan {
  /// The same with some of its functions.
  fileprivate func keeping(_ isKept: (FunctionPlan) -> Bool) -> ReleasePlan {
    ReleasePlan(environment: environment, alias: alias, functions: functions.filter(isKept))
  }
}

extension ReleaseReport {
  /// The same with the functions called `names`.
  fileprivate func keeping(_ names: Set<String>) -> ReleaseReport {
    var report = self
    report.functions = functions.filter { names.contains($0.function) }
    return report
  }
}
