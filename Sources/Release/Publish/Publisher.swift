internal import AWSClient
internal import Core

/// Brings the code and settings of one function to AWS and makes a version of them. No traffic is touched.
///
/// Code, wait, settings, wait, PublishVersion: in this order a version never holds new code with old settings, and
/// PublishVersion alone can give it a Description. It carries `CodeSha256` and `RevisionId`, so that what it freezes
/// is what this run uploaded.
struct Publisher: Sendable {
  let lambda: any LambdaPublishing
  let waiter: Waiter
  let upload: any PackageUpload
  /// Told what is happening to a function.
  let report: @Sendable (ReleaseEvent) -> Void

  /// Publishes what `plan` asks for.
  ///
  /// - Parameters:
  ///   - package: the package; nil when only settings change.
  ///   - provenance: what the version's Description is to say.
  func publish(
    _ plan: FunctionPlan, package: FunctionPackage?, provenance: VersionProvenance
  ) async throws(ReleaseError) -> PublishedVersion {
    let input = plan.input
    let latest: FunctionConfiguration
    if case .missing = plan.deployed {
      latest = try await create(input, package: package)
    } else {
      latest = try await update(plan, package: package)
    }
    try checkUntouched(plan, package: package, latest: latest)
    report(.phase(input.function, .publishing))
    let answer = try await waiter.persist(input.name, subject: "$LATEST") { () async throws(AWSError) in
      try await lambda.publishVersion(
        input.functionName, codeSHA256: latest.codeSHA256, revisionID: latest.revisionIfKnown,
        description: provenance.encoded())
    } owned: { error in
      // Somebody has changed $LATEST since it was read.
      error.isPreconditionFailed || error.isCodeMismatch
    }
    let known = VersionProvenance.decode(answer.description).provenance
    try Preflight.broken(
      answer, wasThere: known?.release != provenance.release, function: input.function)?.enforce()
    let subject = "version \(answer.version)"
    var version = answer
    if try !Waiter.isSettled(answer, function: input.function, subject: subject) {
      version = try await waiter.settled(input.name, qualifier: answer.version, subject: subject)
    }
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

  private func create(
    _ input: FunctionInput, package: FunctionPackage?
  ) async throws(ReleaseError) -> FunctionConfiguration {
    guard let package else {
      return try await waiter.settled(input.name, qualifier: nil, subject: "the function")
    }
    report(.phase(input.function, .uploading(bytes: package.size)))
    let code = try await call(input) { () async throws(AWSError) in
      try await upload.code(for: package, of: input.functionName)
    }
    _ = try await waiter.persist(input.name, subject: "the new function") { () async throws(AWSError) in
      try await lambda.createFunction(
        name: input.functionName, code: code,
        configuration: input.configuration.forCreation)
    } owned: {
      $0.conflict == .alreadyExists
    }
    if let reserved = input.configuration.reservedConcurrency {
      try await call(input) { () async throws(AWSError) in
        try await lambda.setFunctionConcurrency(input.functionName, reserved: reserved)
      }
    }
    report(.phase(input.function, .waiting))
    return try await waiter.settled(input.name, qualifier: nil, subject: "the new function")
  }

  private func update(
    _ plan: FunctionPlan, package: FunctionPackage?
  ) async throws(ReleaseError) -> FunctionConfiguration {
    let input = plan.input
    var latest: FunctionConfiguration?
    if let package {
      report(.phase(input.function, .uploading(bytes: package.size)))
      let code = try await call(input) { () async throws(AWSError) in
        try await upload.code(for: package, of: input.functionName)
      }
      _ = try await waiter.persist(input.name, subject: "$LATEST") { () async throws(AWSError) in
        try await lambda.updateFunctionCode(
          input.functionName, code: code, architectures: input.configuration.architectures, revisionID: nil)
      }
      report(.phase(input.function, .waiting))
      latest = try await waiter.settled(input.name, qualifier: nil, subject: "the new code")
    }
    guard plan.configures else {
      if let latest { return latest }
      return try await waiter.settled(input.name, qualifier: nil, subject: "$LATEST")
    }
    return try await configure(plan, latest: latest)
  }

  private func configure(
    _ plan: FunctionPlan, latest known: FunctionConfiguration?
  ) async throws(ReleaseError) -> FunctionConfiguration {
    let input = plan.input
    let latest: FunctionConfiguration
    if let known {
      latest = known
    } else {
      // Settings that Lambda could not apply last time are what this update may mend.
      latest = try await waiter.settled(
        input.name, qualifier: nil, subject: "$LATEST", acceptsFailedUpdate: true)
    }
    report(.phase(input.function, .configuring))
    var changes = input.configuration.forUpdate(of: latest.members)
    if let restoration = try await restoration(plan) {
      changes = restoration.completed(changes, latest: latest, mode: input.configuration.environmentMode)
    }
    if !changes.isEmpty {
      _ = try await waiter.persist(input.name, subject: "$LATEST") { () async throws(AWSError) in
        try await lambda.updateFunctionConfiguration(
          input.functionName, changes: changes, revisionID: latest.revisionIfKnown)
      } owned: {
        $0.isPreconditionFailed
      }
    }
    if let reserved = input.configuration.reservedConcurrency {
      try await call(input) { () async throws(AWSError) in
        try await lambda.setFunctionConcurrency(input.functionName, reserved: reserved)
      }
    }
    let tags = input.configuration.tags
    if !tags.isEmpty {
      try await call(input) { () async throws(AWSError) in
        try await lambda.tagResource(latest.functionARN, tags: tags)
      }
    }
    report(.phase(input.function, .waiting))
    return try await waiter.settled(input.name, qualifier: nil, subject: "the new configuration")
  }

  /// What tells the settings of a version that was taken back from others; nil where nothing was, or where
  /// `$LATEST` has the settings of the version that serves.
  private func restoration(_ plan: FunctionPlan) async throws(ReleaseError) -> Restoration? {
    guard plan.drift.configuration, case .serving(let serving) = plan.deployed, let record = serving.record,
      let version = record.canary ?? record.bad, version != serving.version
    else { return nil }
    do throws(AWSError) {
      let takenBack = try await lambda.getFunction(plan.input.functionName, qualifier: version).configuration
      return Restoration(serving: serving.description.configuration, takenBack: takenBack)
    } catch {
      // Somebody has deleted it: its settings are not known any more.
      if error.isNotFound { return nil }
      throw .aws(error, function: plan.input.function)
    }
  }

  /// Checks that `$LATEST` holds nothing of another run: neither other code than this run's, nor, where this run
  /// leaves one of the two alone, other than what serves.
  private func checkUntouched(
    _ plan: FunctionPlan, package: FunctionPackage?, latest: FunctionConfiguration
  ) throws(ReleaseError) {
    let meanwhile = ReleaseError.changedMeanwhile(function: plan.input.function)
    if let package, latest.codeSHA256 != package.codeSHA256 { throw meanwhile }
    guard case .serving(let serving) = plan.deployed else { return }
    // The architecture comes with the code.
    let drift = Comparison.drift(
      of: latest, from: serving.description.configuration, ignoring: ["Architectures"])
    if package == nil, drift.code { throw meanwhile }
    if !plan.configures, drift.configuration, !plan.drift.configuration { throw meanwhile }
  }

  private func call<Value: Sendable>(
    _ input: FunctionInput, _ body: () async throws(AWSError) -> Value
  ) async throws(ReleaseError) -> Value {
    do throws(AWSError) { return try await body() } catch { throw .aws(error, function: input.function) }
  }
}

extension FunctionConfiguration {
  /// `RevisionId`, where the endpoint gives one.
  fileprivate var revisionIfKnown: String? { revisionID.isEmpty ? nil : revisionID }
}

extension AWSError {
  /// `$LATEST` has other code than the `CodeSha256` that PublishVersion was given.
  fileprivate var isCodeMismatch: Bool {
    fault?.code == "InvalidParameterValueException" && fault?.message.contains("CodeSHA256") == true
  }
}
