internal import AWSClient
internal import Core

// Code and settings of `$LATEST`.
extension Publisher {
  /// Makes the function.
  func create(_ input: FunctionInput, package: FunctionPackage) async throws(ReleaseError) -> KnownLatest {
    let subject = "the new function"
    let uploaded = try await uploaded(package, of: input)
    let result = try await waiter.write(input.name, "CreateFunction", subject: subject) {
      () async throws(AWSError) in
      try await lambda.createFunction(
        name: input.functionName, code: uploaded.code, configuration: input.configuration.forCreation)
    }
    let made: KnownLatest
    switch result {
    case .done(let answer): made = KnownLatest(answer)
    case .refused:
      // What is there may be this run's own, by an attempt whose answer was lost.
      made = try await waiter.latest(input.name, subject: subject, known: nil, isNew: true)
      let there = made.configuration
      guard there.codeSHA256 == uploaded.sha256,
        there.matches(input.configuration.forUpdate(of: there.members))
      else { throw .changedMeanwhile(function: input.function) }
    }
    try await writer.complete(input, arn: made.configuration.functionARN)
    report(.phase(input.function, .waiting))
    return try await waiter.latest(input.name, subject: subject, known: made, isNew: true)
  }

  /// Gives a function that exists the code and settings that `plan` asks for.
  func update(
    _ plan: FunctionPlan, package: FunctionPackage?
  ) async throws(ReleaseError) -> KnownLatest {
    let input = plan.input
    var latest: KnownLatest
    if let package {
      latest = try await replaceCode(plan, package: package)
      report(.phase(input.function, .waiting))
      latest = try await waiter.latest(input.name, subject: "the new code", known: latest)
    } else {
      // Settings that Lambda could not apply last time are what this update may mend.
      latest = try await waiter.latest(
        input.name, subject: "$LATEST", known: plan.knownLatest, acceptsFailedUpdate: plan.configures)
    }
    try await writer.write(plan, arn: latest.configuration.functionARN)
    guard plan.configures else { return latest }
    report(.phase(input.function, .configuring))
    latest = try await configure(plan, latest: latest)
    report(.phase(input.function, .waiting))
    return try await waiter.latest(input.name, subject: "the new configuration", known: latest)
  }

  private func replaceCode(
    _ plan: FunctionPlan, package: FunctionPackage
  ) async throws(ReleaseError) -> KnownLatest {
    let uploaded = try await uploaded(package, of: plan.input)
    do throws(ReleaseError) {
      return try await send(uploaded, of: plan, over: plan.knownLatest)
    } catch {
      guard case .aws(let cause, _) = error, cause.fault?.isArchitectureOfRuntime == true,
        let before = plan.knownLatest, let known = try await withRuntime(plan, before)
      else { throw error }
      return try await send(uploaded, of: plan, over: known)
    }
  }

  /// Sets the runtime before the code, where the one that is there does not have the architecture of the new code.
  ///
  /// - Returns: nil where the runtime does not change.
  private func withRuntime(
    _ plan: FunctionPlan, _ before: KnownLatest
  ) async throws(ReleaseError) -> KnownLatest? {
    let input = plan.input
    guard plan.configures, let runtime = input.configuration.members["Runtime"],
      before.configuration.members["Runtime"] != runtime
    else { return nil }
    report(.note(input.function, "the runtime goes first: the old one does not have the new architecture"))
    let answer = try await carriedOut(input, "UpdateFunctionConfiguration", subject: "$LATEST") {
      () async throws(AWSError) in
      try await lambda.updateFunctionConfiguration(
        input.functionName, changes: JSONObject([("Runtime", runtime)]),
        revisionID: before.configuration.revisionIfKnown)
    }
    return try await waiter.latest(
      input.name, subject: "the new runtime", known: before.followed(by: answer))
  }

  private func send(
    _ uploaded: UploadedCode, of plan: FunctionPlan, over before: KnownLatest?
  ) async throws(ReleaseError) -> KnownLatest {
    let input = plan.input
    let answer = try await carriedOut(input, "UpdateFunctionCode", subject: "$LATEST") {
      () async throws(AWSError) in
      try await lambda.updateFunctionCode(
        input.functionName, code: uploaded.code, architectures: input.configuration.architectures,
        revisionID: nil)
    }
    // The answer has the settings too: those that somebody has changed since the plan was made would be published
    // unseen.
    guard answer.codeSHA256 == uploaded.sha256, before?.hasSameSettings(as: answer) ?? true else {
      throw .changedMeanwhile(function: input.function)
    }
    return before?.followed(by: answer) ?? KnownLatest(answer)
  }

  /// Writes the settings over exactly what is known.
  private func configure(
    _ plan: FunctionPlan, latest: KnownLatest
  ) async throws(ReleaseError) -> KnownLatest {
    let input = plan.input
    var changes = input.configuration.forUpdate(of: latest.configuration.members)
    if let restoration = restoration(plan) {
      changes = restoration.completed(
        changes, latest: latest.configuration, mode: input.configuration.environmentMode)
    }
    guard !changes.isEmpty else { return latest }
    let request = changes
    var latest = latest
    var refused: Set<String> = []
    var patience = Patience(waiter, input.name, subject: "$LATEST")
    while true {
      let before = latest.configuration
      let result = try await waiter.write(input.name, "UpdateFunctionConfiguration", subject: "$LATEST") {
        () async throws(AWSError) in
        try await lambda.updateFunctionConfiguration(
          input.functionName, changes: request, revisionID: before.revisionIfKnown)
      }
      if case .done(let answer) = result {
        // Endpoints that check no RevisionId let the code of another run through.
        guard answer.codeSHA256 == before.codeSHA256 else {
          throw .changedMeanwhile(function: input.function)
        }
        return latest.followed(by: answer)
      }
      // The first refusal is followed up however late it came: a run may have stood still in between.
      if !refused.isEmpty { try await patience.rest() }
      if let revision = before.revisionIfKnown { refused.insert(revision) }
      latest = try await waiter.latest(
        input.name, subject: "$LATEST", known: latest, orWritten: request, past: refused,
        acceptsFailedUpdate: true)
      if latest.configuration.matches(request) { return latest }
    }
  }

  /// What tells the settings of `$LATEST` that others want in the next version from those that only some other version
  /// of ours brought: one that was taken back, or that serves another alias. Nil where `$LATEST` has the settings of the
  /// version that serves.
  private func restoration(_ plan: FunctionPlan) -> Restoration? {
    guard plan.drift.configuration, case .serving(let serving) = plan.deployed, let latest = plan.latest,
      let base = plan.base
    else { return nil }
    return Restoration(
      serving: serving.description.configuration, others: [drift == .restore ? latest : base])
  }

  private func uploaded(
    _ package: FunctionPackage, of input: FunctionInput
  ) async throws(ReleaseError) -> UploadedCode {
    report(.phase(input.function, .uploading(bytes: package.size)))
    do throws(UploadFailure) {
      return try await upload.code(for: package, of: input.functionName)
    } catch {
      throw ReleaseError(error, of: input.function)
    }
  }

  /// The answer of a write that expects nothing of what is there.
  private func carriedOut<Value: Sendable>(
    _ input: FunctionInput, _ operation: String, subject: String, isNew: Bool = false,
    _ call: () async throws(AWSError) -> Value
  ) async throws(ReleaseError) -> Value {
    switch try await waiter.write(input.name, operation, subject: subject, isNew: isNew, call) {
    case .done(let answer): return answer
    case .refused(let error): throw .aws(error, function: input.function)
    }
  }
}
