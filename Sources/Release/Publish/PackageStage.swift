internal import AWSClient
internal import Core

/// Builds what a plan needs, and drops what turns out to be as it is deployed. Nothing is uploaded.
struct PackageStage: Sendable {
  let services: ReleaseServices
  let settings: ReleaseSettings
  let journal: ReleaseJournal

  /// - Parameter isBuilt: whether `packages` are built already, and that was told.
  /// - Throws: the first failure; all of them are told, each of its function.
  func build(
    _ plans: [FunctionPlan], packages: any PackageSource, isBuilt: Bool
  ) async throws(ReleaseError) -> Built {
    let needed = plans.filter(\.isToBeBuilt).map(\.input.function)
    var built: [String: FunctionPackage] = [:]
    if !needed.isEmpty {
      if !isBuilt { for function in needed { journal.tell(.phase(function, .building)) } }
      built = try taken(await packages.packages(for: needed), of: needed)
    }
    let known = try await KnownLayers.read(
      for: plans.filter(\.changesLayers).map(\.input), with: services.lambda, parallel: settings.parallel)
    var result = Built()
    for plan in plans {
      let layers = built[plan.input.function]?.layers ?? []
      let plan = settled(plan, layers, known)
      // What is built only to be held against its layers stays here.
      let package = plan.uploads ? built[plan.input.function] : nil
      guard let digest = package?.digest ?? plan.provenance?.package else { continue }
      journal.tell(.built(plan.input.function, package: digest))
      let isIdentical = plan.change == .none || plan.change == .code
      if isIdentical, digest == plan.provenance?.package {
        let version = plan.servingVersion ?? ""
        journal.tell(.identical(plan.input.function, version: version))
        result.identical.append(plan)
        continue
      }
      try await refuseQuarantined(plan, digest: digest)
      result.work.append(Work(plan: plan, package: package, packageDigest: digest, layers: layers))
    }
    return result
  }

  /// The plan with versions of its layers, now that their content is known, and without a change that turns out to be
  /// none.
  private func settled(_ plan: FunctionPlan, _ layers: [LayerPackage], _ known: KnownLayers) -> FunctionPlan {
    guard plan.changesLayers, let serving = plan.servingConfiguration else { return plan }
    var plan = plan
    let content = Dictionary(layers.map { ($0.layer, $0.package.digest) }) { first, _ in first }
    plan.input = plan.input.resolving {
      known.arn(of: $0, package: content[$0], present: serving.layers)
    }
    plan.differences = Comparison.differences(
      of: plan.input, from: serving, latest: plan.latest, provenance: plan.provenance)
    if plan.differences.isEmpty {
      if plan.change == .config { plan.change = .none }
      if plan.change == .codeAndConfig { plan.change = .code }
    }
    return plan
  }

  private func taken(
    _ results: [String: Result<FunctionPackage, PackageFailure>], of needed: [String]
  ) throws(ReleaseError) -> [String: FunctionPackage] {
    if Task.isCancelled { throw .interrupted }
    var built: [String: FunctionPackage] = [:]
    var first: ReleaseError?
    for function in needed {
      switch results[function] {
      case .success(let package)?: built[function] = package
      case .failure(let failure)?:
        let error = ReleaseError.package(failure)
        journal.tell(.ended(function, .failed))
        journal.tell(.failed(function, error))
        first = first ?? error
      case nil: break
      }
    }
    if let first { throw first }
    return built
  }

  /// What the judge, or a person, has taken back once is not tried again by itself.
  private func refuseQuarantined(_ plan: FunctionPlan, digest: String) async throws(ReleaseError) {
    guard !settings.retriesRolledBack, let snapshot = plan.snapshot, let record = snapshot.record else {
      return
    }
    var suspects = snapshot.takenBack
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
      return origin?.package == digest
        && Comparison.differences(
          of: plan.input, from: description.configuration, latest: nil, provenance: origin
        ).isEmpty
    } catch {
      // Somebody has deleted it: nothing is left to compare with.
      if error.isNotFound { return false }
      throw .aws(error, function: plan.input.function)
    }
  }
}
