internal import AWSClient
internal import Core

/// A function that gets a new version, with what it is made of.
struct Work: Sendable {
  let plan: FunctionPlan
  /// What is uploaded; nil when only settings change.
  let package: FunctionPackage?
  /// `pkg` of the version to be.
  let packageDigest: String
}

/// What there is to do once everything is built.
struct Built: Sendable {
  /// The functions that get a new version.
  var work: [Work] = []
  /// Functions whose rollout goes on, because the package in it turned out to be this very one.
  var resumed: [FunctionPlan] = []
}

/// A function with its new version.
struct Publication: Sendable {
  let work: Work
  let version: PublishedVersion
}

/// A new version that is to take the place of another.
struct Candidate: Sendable {
  let publication: Publication
  let serving: ServingFunction
  /// Its part in the rollout.
  var member: RolloutTarget
}

extension Releaser {
  /// Builds what must be built, and drops what turns out to be as it is deployed.
  func build(
    _ plan: ReleasePlan, packages: any PackageSource, isBuilt: Bool, report: inout ReleaseReport
  ) async throws(ReleaseError) -> Built {
    let changed = plan.changed.filter { $0.unfinished?.relation != .same }
    let needed = changed.filter(\.isToBeBuilt).map(\.input.function)
    var built: [String: FunctionPackage] = [:]
    if !needed.isEmpty {
      if !isBuilt { for function in needed { services.report(.phase(function, .building)) } }
      do throws(PackageFailure) {
        built = try await packages.packages(for: needed)
      } catch {
        throw Task.isCancelled ? .interrupted : .package(error)
      }
    }
    var result = Built()
    for function in changed {
      let name = function.input.function
      let package = built[name]
      let deployed = function.provenance?.package
      report.update(name) { $0.digests?.package = package?.digest ?? deployed }
      guard let digest = package?.digest ?? deployed else { continue }
      if function.change == .code, digest == deployed {
        services.report(.note(name, "built, and identical to version \(function.servingVersion ?? "") (pkg)"))
        report.update(name) { report in
          report.change = .none
          report.reasons = ["built, identical to what is deployed"]
        }
        if let plan = try await keepServing(function, report: &report) { result.resumed.append(plan) }
        continue
      }
      try await refuseQuarantined(function, digest: digest)
      result.work.append(Work(plan: function, package: package, packageDigest: digest))
    }
    return result
  }

  /// What serves is what is wanted: ends the canary of something else, if there is one.
  ///
  /// - Returns: the function, where what serves is still in the bake of a run that has ended.
  private func keepServing(
    _ plan: FunctionPlan, report: inout ReleaseReport
  ) async throws(ReleaseError) -> FunctionPlan? {
    guard let unfinished = plan.unfinished else { return nil }
    if unfinished.record.canary == plan.servingVersion {
      return FunctionPlan(
        input: plan.input, deployed: plan.deployed, change: .none, reasons: plan.reasons,
        unfinished: UnfinishedRollout(record: unfinished.record, relation: .same), drift: plan.drift)
    }
    try await end(plan, report: &report)
    return nil
  }

  /// What the judge, or a person, has taken back once is not tried again by itself.
  private func refuseQuarantined(_ plan: FunctionPlan, digest: String) async throws(ReleaseError) {
    guard !settings.retriesRolledBack, case .serving(let serving) = plan.deployed,
      let record = serving.record
    else { return }
    var suspects = record.badVersions
    // Right after the rollback the record itself tells of which package the last bad version was.
    if case .rolledBack(let reason) = record.state, reason.blamesVersion, !record.isPackage(digest) {
      suspects.removeAll { $0 == record.bad }
    }
    for version in suspects.reversed()
    where try await isSame(version, as: plan, digest: digest) {
      throw .quarantined(function: plan.input.function, version: version)
    }
  }

  /// Whether `version` is what `plan` would publish: the same package with other settings is another release.
  private func isSame(
    _ version: String, as plan: FunctionPlan, digest: String
  ) async throws(ReleaseError) -> Bool {
    do throws(AWSError) {
      let description = try await services.lambda.getFunction(plan.input.functionName, qualifier: version)
      let origin = VersionProvenance.decode(description.configuration.description).provenance
      return origin?.package == digest && origin?.configuration == plan.configurationDigest
    } catch {
      // Somebody has deleted it: nothing is left to compare with.
      if error.isNotFound { return false }
      throw .aws(error, function: plan.input.function)
    }
  }

  /// Publishes everything. Any failure ends the release before anything has traffic.
  func publish(
    _ work: [Work], release: ReleaseID, report: inout ReleaseReport
  ) async throws(ReleaseError) -> [Publication] {
    let publisher = Publisher(services, timeout: settings.timeout)
    let identity = identity
    // Most of a function's time here is Lambda's: while some are waited for, others use the rate that is allowed.
    // How many requests are under way at once is the client's to limit.
    let results = await Concurrent.map(work, limit: settings.publishing) {
      work -> Result<Publication, ReleaseError> in
      let provenance = VersionProvenance(
        source: work.plan.input.sourceDigest, package: work.packageDigest,
        configuration: work.plan.configurationDigest, commit: identity.commit,
        isDirty: identity.isDirty,
        release: release, by: identity.owner)
      do throws(ReleaseError) {
        let version = try await publisher.publish(work.plan, package: work.package, provenance: provenance)
        return .success(Publication(work: work, version: version))
      } catch {
        return .failure(error)
      }
    }
    var publications: [Publication] = []
    var failure: ReleaseError?
    for (work, result) in zip(work, results) {
      switch result {
      case .success(let publication):
        publications.append(publication)
        report.update(work.plan.input.function) { report in
          report.toVersion = publication.version.version
          report.codeSHA256 = publication.version.codeSHA256
          report.outcome = .published
        }
      case .failure(let error):
        failure = failure ?? error
        report.update(work.plan.input.function) { report in
          report.outcome = .failed
          report.failure = error
        }
      }
    }
    if Task.isCancelled { throw .interrupted }
    if let failure { throw failure }
    return publications
  }

  /// Tests the new versions, gives first versions their alias, and sorts the others into the rollout.
  func prepare(
    _ publications: [Publication], resumed: [FunctionPlan], release: ReleaseID, report: inout ReleaseReport
  ) async throws(ReleaseError) -> [RolloutTarget] {
    var members = resumed.compactMap(member(resuming:))
    var first: [Publication] = []
    var fresh: [Publication] = []
    var candidates = publications.compactMap { candidate($0, release: release) }
    let functions = members.count + candidates.count
    try await preflight(candidates, functions: functions, report: &report)
    if settings.adoptsDescription {
      let forecast = RecordForecast(settings: settings, functions: functions)
      for index in candidates.indices {
        candidates[index].member.userText = forecast.lastingRoom(
          of: candidates[index].member, at: services.serverTime())
      }
    }
    try await smoke(publications)
    for publication in publications {
      let plan = publication.work.plan
      guard case .serving(let serving) = plan.deployed else {
        first.append(publication)
        fresh.append(publication)
        continue
      }
      guard let candidate = candidates.first(where: { $0.member.function == plan.input.function }) else {
        services.report(
          .note(plan.input.function, "version \(serving.version) already is what was to be published"))
        report.update(plan.input.function) { $0.outcome = .unchanged }
        if let plan = try await keepServing(plan, report: &report) {
          members += [plan].compactMap(member(resuming:))
        }
        continue
      }
      if let left = plan.unfinished, left.relation == .superseded, let canary = left.record.canary {
        services.report(
          .note(
            plan.input.function,
            "version \(canary), which another run has left on trial, gives way to version "
              + candidate.member.canary))
      }
      members.append(candidate.member)
      fresh.append(publication)
    }
    try await runBeforeTraffic(fresh, release: release, environment: report.environment)
    for publication in first { try await createAlias(for: publication, release: release, report: &report) }
    return members
  }

  /// A new version that is to take the place of another; nil where nothing serves yet, or this very version.
  private func candidate(_ publication: Publication, release: ReleaseID) -> Candidate? {
    guard case .serving(let serving) = publication.work.plan.deployed,
      publication.version.version != serving.version
    else { return nil }
    return Candidate(
      publication: publication, serving: serving,
      member: member(for: publication, serving: serving, release: release))
  }

  private func member(for publication: Publication, serving: ServingFunction, release: ReleaseID)
    -> RolloutTarget
  {
    let input = publication.work.plan.input
    let content = serving.alias.map { RolloutRecord.decode($0.description) } ?? .none(userText: "")
    var record =
      content.record?.succeeded(by: release, state: .idle) ?? RolloutRecord(release: release, state: .idle)
    record.stable = serving.version
    record.canary = publication.version.version
    record.package = publication.work.packageDigest
    return RolloutTarget(
      function: input.function, functionName: input.functionName, stable: serving.version,
      canary: publication.version.version, isSmoked: !input.smokeTests.isEmpty,
      timeout: publication.work.plan.timeout, userText: content.userText, record: record,
      revisionID: serving.alias?.revisionIfKnown)
  }

  /// Runs the smoke tests of all new versions, those of one version one after the other.
  private func smoke(_ publications: [Publication]) async throws(ReleaseError) {
    let lambda = services.lambda
    let waiter = Waiter(services, timeout: settings.timeout)
    let results = await Concurrent.map(publications, limit: settings.parallel) {
      publication -> Result<Void, ReleaseError> in
      let input = publication.work.plan.input
      do throws(ReleaseError) {
        for test in input.smokeTests {
          try await test.run(input, version: publication.version.version, with: lambda, waiter: waiter)
        }
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    for result in results { try result.get() }
  }

  private func createAlias(
    for publication: Publication, release: ReleaseID, report: inout ReleaseReport
  ) async throws(ReleaseError) {
    let input = publication.work.plan.input
    var record = RolloutRecord(release: release, state: .idle)
    record.stable = publication.version.version
    record.package = publication.work.packageDigest
    let text = record.encoded().text
    let version = publication.version.version
    do throws(ReleaseError) {
      _ = try await Waiter(services, timeout: settings.timeout).whenFound(version, of: input.name) {
        () async throws(AWSError) in
        try await services.lambda.createAlias(
          input.functionName, name: alias, version: version, description: text)
      }
    } catch {
      guard case .aws(let cause, _) = error, cause.conflict == .alreadyExists else { throw error }
      throw .owned(function: input.function, alias: alias, by: "it has just been created")
    }
    services.report(.note(input.function, "first deploy: nothing to compare with"))
    services.report(.promoted(input.function, version: publication.version.version))
    report.update(input.function) { report in
      report.outcome = .promoted
      report.serving = [publication.version.version: 1]
    }
  }
}
