internal import AWSClient
internal import Core

/// Publishes the new versions of a release, and runs the hooks before their traffic. No alias that exists is touched.
struct PublishStage: Sendable {
  let services: ReleaseServices
  let settings: ReleaseSettings
  let identity: RunIdentity
  let alias: String
  let release: ReleaseID
  let journal: ReleaseJournal
  /// Whether a function that was begun is published to the end when the task is cancelled, so that `$LATEST` is never
  /// left with what is no version's.
  var finishesBegun = false

  /// Publishes everything. Any failure ends the release before anything has traffic.
  ///
  /// - Throws: the first failure; all of them are told, each of its function.
  func publish(_ work: [Work]) async throws(ReleaseError) -> [Publication] {
    let work = try await LayerStage(
      services: services, settings: settings, identity: identity, journal: journal
    ).publish(work)
    let publisher = Publisher(services, timeout: settings.timeout, drift: settings.drift)
    // Most of a function's time here is Lambda's: while some are waited for, others use the rate that is allowed.
    // How many requests are under way at once is the client's to limit.
    let results = await Concurrent.map(work, limit: settings.publishing) {
      work -> Result<Publication, ReleaseError> in
      let provenance = VersionProvenance(
        source: work.plan.input.sourceDigest, package: work.packageDigest,
        configuration: work.plan.configurationDigest, commit: identity.commit, isDirty: identity.isDirty,
        release: release, by: identity.owner, parts: work.plan.input.partDigests)
      do throws(ReleaseError) {
        let version = try await publish(work, provenance, with: publisher)
        return .success(Publication(work: work, version: version))
      } catch {
        return .failure(error)
      }
    }
    var first: ReleaseError?
    var publications: [Publication] = []
    for (work, result) in zip(work, results) {
      let function = work.plan.input.function
      switch result {
      case .success(let publication):
        publications.append(publication)
        let version = publication.version
        journal.tell(
          .candidate(function, from: nil, to: version.version, codeSHA256: version.codeSHA256))
      case .failure(let error):
        first = first ?? error
        guard !Task.isCancelled else { continue }
        journal.tell(.ended(function, .failed))
        journal.tell(.failed(function, error))
      }
    }
    if Task.isCancelled { throw .interrupted }
    if let first { throw first }
    return publications
  }

  private func publish(
    _ work: Work, _ provenance: VersionProvenance, with publisher: Publisher
  ) async throws(ReleaseError) -> PublishedVersion {
    guard finishesBegun else {
      return try await publisher.publish(work.plan, package: work.package, provenance: provenance)
    }
    if Task.isCancelled { throw .interrupted }
    // A task of its own is not cancelled with this one.
    let result = await Task { () -> Result<PublishedVersion, ReleaseError> in
      do throws(ReleaseError) {
        return .success(
          try await publisher.publish(work.plan, package: work.package, provenance: provenance))
      } catch {
        return .failure(error)
      }
    }.value
    return try result.get()
  }

  /// Runs the hooks of new versions that have no traffic yet. The first that fails ends the release.
  func runBeforeTraffic(_ publications: [Publication], environment: String) async throws(ReleaseError) {
    let wishes = publications.compactMap { publication -> (arguments: [String], subject: HookCall.Subject)? in
      let input = publication.plan.input
      return input.hooks.beforeTraffic.map { arguments in
        (
          arguments,
          HookCall.Subject(
            function: input.function, functionName: input.functionName,
            fromVersion: publication.plan.servingVersion, toVersion: publication.version.version)
        )
      }
    }
    for call in HookCall.calls(
      .beforeTraffic, wishes, environment: environment, alias: alias, release: release)
    {
      do throws(HookFailure) {
        try await services.hooks.run(call)
      } catch {
        if Task.isCancelled { throw .interrupted }
        throw .hookFailed(
          program: call.arguments[0], functions: call.subjects.map(\.function), reason: error.reason)
      }
    }
  }

  /// Makes the alias of a function that has none, on its first version.
  func createAlias(for publication: Publication) async throws(ReleaseError) {
    let input = publication.plan.input
    var record = RolloutRecord(release: release, state: .idle)
    record.stable = publication.version.version
    record.package = publication.work.packageDigest
    let text = record.encoded().text
    let version = publication.version.version
    // First, so that a run which dies in between leaves them to the next.
    let companions = CompanionWriter(services, settings.companions, alias: alias, parallel: 1)
    let wish = CompanionWriter.Wish(
      name: input.name, versions: CompanionVersions(all: version), premise: nil)
    if let failure = await companions?.point([wish]).first { throw failure.error }
    let creation = AliasCreation(
      services: services, timeout: settings.timeout, alias: alias, version: version, description: text)
    try await creation.create(for: input.name)
    journal.tell(.note(input.function, "first deploy: nothing to compare with"))
    journal.tell(.serves(input.function, [version: 1]))
    journal.tell(.promoted(input.function, version: version))
  }
}
