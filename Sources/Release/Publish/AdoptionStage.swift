internal import AWSClient
internal import Core

/// Puts a function that serves already under its alias. What serves stays what it is: a version is published from what is
/// live, and the alias goes there.
struct AdoptionStage: Sendable {
  let services: ReleaseServices
  let settings: ReleaseSettings
  let alias: String
  let release: ReleaseID

  /// What the version of what was live says of itself.
  private static let description = "what was live when lamctl took the function over"

  /// - Returns: the version that the alias names now; nil where nothing was to be done.
  /// - Throws: ``ReleaseError``.
  func adopt(_ plan: FunctionPlan) async throws(ReleaseError) -> String? {
    guard let adoption = plan.adoption, adoption.stage != .begun else { return nil }
    let version = try await Publisher(services, timeout: settings.timeout)
      .publishLive(plan, description: Self.description).version
    var record = RolloutRecord(release: release, state: .idle)
    record.stable = version
    if let snapshot = plan.snapshot {
      try await point(snapshot, of: plan.input.name, at: version, record)
    } else {
      try await AliasCreation(
        services: services, timeout: settings.timeout, alias: alias, version: version,
        description: record.encoded().text
      ).create(for: plan.input.name)
    }
    return version
  }

  /// Points an alias that names `$LATEST` at what that is. The user's text in its Description comes before the record.
  private func point(
    _ snapshot: AliasSnapshot, of name: FunctionName, at version: String, _ record: RolloutRecord
  ) async throws(ReleaseError) {
    let encoded = record.encoded(userText: snapshot.content.userText)
    let isRoomy = encoded.keepsUserText || settings.cutsDescription
    let description = isRoomy ? encoded.text : snapshot.alias.description
    let revision = snapshot.alias.revisionIfKnown
    do throws(ReleaseError) {
      _ = try await Waiter(services, timeout: settings.timeout).whenFound(version, of: name) {
        () async throws(AWSError) in
        try await services.lambda.updateAlias(
          name.functionName, name: alias, version: version, weights: [:], description: description,
          revisionID: revision, priority: .normal)
      }
    } catch {
      guard case .aws(let cause, _) = error, cause.isPreconditionFailed else { throw error }
      throw .owned(function: name.function, alias: alias, by: "it has just been changed")
    }
  }
}

extension Publisher {
  /// A version of what `$LATEST` is, as `plan` knows it; the one that is there where nothing has changed since.
  ///
  /// - Throws: ``ReleaseError/changedMeanwhile(function:)`` where it is something else by now.
  func publishLive(
    _ plan: FunctionPlan, description: String
  ) async throws(ReleaseError) -> FunctionConfiguration {
    let name = plan.input.name
    let latest = try await waiter.latest(name, subject: "$LATEST", known: plan.knownLatest)
    report(.phase(name.function, .publishing))
    let answer = try await publishVersion(plan.input, of: latest, isNew: false, description: description)
    return try await waiter.version(answer.version, of: name, isNew: true, acceptsSleep: true)
  }
}
