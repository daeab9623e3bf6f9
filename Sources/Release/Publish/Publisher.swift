internal import AWSClient
internal import Core

/// Brings the code and settings of one function to AWS and makes a version of them. No traffic is touched.
///
/// Code, wait, settings, wait, PublishVersion: in this order a version never holds new code with old settings, and
/// PublishVersion alone can give it a Description. It carries `CodeSha256` and `RevisionId`, so that what it freezes
/// is what this run uploaded. What a write has answered is known from then on, whatever reads still show.
struct Publisher: Sendable {
  let lambda: any LambdaPublishing
  let waiter: Waiter
  let writer: SettingWriter
  let upload: any PackageUpload
  /// What becomes of settings that others have changed.
  let drift: DriftPolicy
  /// Told what is happening to a function.
  let report: @Sendable (ReleaseEvent) -> Void

  /// - Parameters:
  ///   - timeout: how long one wait for Lambda may take.
  ///   - drift: what becomes of settings that others have changed.
  init(_ services: ReleaseServices, timeout: TimeSpan, drift: DriftPolicy = .tell) {
    self.drift = drift
    lambda = services.lambda
    waiter = Waiter(services, timeout: timeout)
    writer = SettingWriter(services, timeout: timeout)
    upload = services.upload
    report = services.report
  }

  /// Publishes what `plan` asks for.
  ///
  /// - Parameters:
  ///   - package: the package; nil when only settings change.
  ///   - provenance: what the version's Description is to say.
  func publish(
    _ plan: FunctionPlan, package: FunctionPackage?, provenance: VersionProvenance
  ) async throws(ReleaseError) -> PublishedVersion {
    let input = plan.input
    let latest: KnownLatest
    let isNew: Bool
    if case .missing = plan.deployed, let package {
      latest = try await create(input, package: package)
      isNew = true
    } else {
      latest = try await update(plan, package: package)
      isNew = false
    }
    report(.phase(input.function, .publishing))
    let answer = try await publishVersion(
      input, of: latest, isNew: isNew,
      description: provenance.encoded(userText: input.configuration.description))
    let known = VersionProvenance.decode(answer.description).provenance
    try Preflight.broken(
      answer, wasThere: known?.release != provenance.release, function: input.function)?.enforce()
    _ = try Waiter.isReady(answer, function: input.function, subject: "version \(answer.version)")
    // What comes next looks the version up: it is handed on once a read shows it.
    let version = try await waiter.version(answer.version, of: input.name, isNew: true, acceptsSleep: true)
    try await writer.equip(version.version, of: input)
    let kept = VersionProvenance.decode(version.description).provenance
    report(
      .published(input.function, version: version.version, wasThere: kept?.release != provenance.release))
    return PublishedVersion(
      version: version.version, codeSHA256: version.codeSHA256, packageDigest: kept?.package,
      wasThere: kept?.release != provenance.release, role: version.role,
      deadLetterTarget: version.members["DeadLetterConfig"]?["TargetArn"]?.string,
      usesSnapStart: version.members["SnapStart"]?["ApplyOn"]?.string == "PublishedVersions",
      isAsleep: version.state == "Inactive")
  }

  /// A version of what is known of `$LATEST`, and of nothing else.
  ///
  /// A refusal may come from this run's own write, whose answer was lost, or from tags: as long as code and settings
  /// are the known ones, it is tried again with the new revision. Where the version exists by then, Lambda returns it
  /// and makes no second one.
  func publishVersion(
    _ input: FunctionInput, of latest: KnownLatest, isNew: Bool, description: String
  ) async throws(ReleaseError) -> FunctionConfiguration {
    let subject = "$LATEST"
    var latest = latest
    var refused: Set<String> = []
    var wasRefused = false
    var patience = Patience(waiter, input.name, subject: subject)
    while true {
      let now = latest.configuration
      let result = try await waiter.write(input.name, "PublishVersion", subject: subject, isNew: isNew) {
        () async throws(AWSError) in
        try await lambda.publishVersion(
          input.functionName, codeSHA256: now.codeSHA256, revisionID: now.revisionIfKnown,
          description: description)
      }
      if case .done(let version) = result { return version }
      // The first refusal is followed up however late it came: a run may have stood still in between.
      if wasRefused { try await patience.rest() }
      wasRefused = true
      if let revision = now.revisionIfKnown { refused.insert(revision) }
      latest = try await waiter.latest(
        input.name, subject: subject, known: latest, past: refused, isNew: isNew)
    }
  }
}
