internal import AWSClient
package import Core

/// Judges versions by what CloudWatch still knows of them. Writes nothing.
package struct PastReview: Sendable {
  /// For how long CloudWatch keeps points of one minute:
  /// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Metric
  package static let memory = TimeSpan.minutes(15 * 24 * 60)
  /// How far back before the period the stable version's own history is read, as far as the judge looks.
  private static let history = TimeSpan.minutes(Double(Dispersion.historyMinutes))

  private let services: ReleaseServices
  private let settings: ReleaseSettings
  private let alias: String

  /// A review of traffic through one alias.
  package init(services: ReleaseServices, settings: ReleaseSettings, alias: String) {
    self.services = services
    self.settings = settings
    self.alias = alias
  }

  /// The trials of the last release among `names`, as the records in their aliases tell of it; none without a record.
  ///
  /// - Throws: ``ReleaseError/aws(_:function:)``.
  package func lastTrials(of names: [FunctionName]) async throws(ReleaseError) -> [PastSubject] {
    let aliases = try await AliasReader(lambda: services.lambda, alias: alias, parallel: settings.parallel)
      .read(names)
    let trials = names.compactMap { name -> (release: ReleaseID, subject: PastSubject)? in
      guard let record = aliases[name.function]?.record,
        let subject = PastSubject(name, record: record)
      else { return nil }
      return (record.release, subject)
    }
    let last = trials.map(\.release).max()
    return trials.filter { $0.release == last }.map(\.subject)
  }

  /// The end of the minutes that have settled.
  package var settled: Timestamp { (services.serverTime() - settings.settle).startOfMinute }

  /// The verdict on the versions of `subjects` over the minutes from `from` to `to`, those that have not settled left
  /// out; as on a release where there are several.
  ///
  /// - Returns: nil where none of the versions on trial had traffic then.
  /// - Throws: ``ReleaseError/aws(_:function:)`` when CloudWatch cannot be read.
  package func judge(
    _ subjects: [PastSubject], from: Timestamp, to: Timestamp
  ) async throws(ReleaseError) -> Review? {
    let from = from.startOfMinute
    let end = min(to.startOfMinute, settled)
    guard from < end else { return nil }
    do throws(AWSError) {
      var evidence: [String: FunctionEvidence] = [:]
      for (subject, rollout) in try await rollouts(subjects, from: from, to: end) {
        evidence[subject.name.function] = rollout.evidence(
          stableVersion: subject.stable, canaryVersion: subject.canary)
      }
      guard !evidence.isEmpty else { return nil }
      var judge = settings.judge
      judge.plannedSteps = max(1, evidence.values.map(\.steps.count).max() ?? 1)
      return Review(release: nil, Observation(EvidenceFile(functions: evidence, settings: judge)))
    } catch {
      throw .aws(error, function: nil)
    }
  }

  /// Two readings: which invocations count as slow is known only once it is known when the trial began.
  private func rollouts(
    _ subjects: [PastSubject], from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [(PastSubject, PastRollout)] {
    let metrics = VersionMetrics(metrics: services.metrics, alias: alias, extra: settings.metrics)
    let both = subjects.flatMap { [Self.canary($0), Self.stable($0)] }
    // CloudWatch has nothing at all to say of a time that begins before its memory.
    let oldest = (services.serverTime() - Self.memory).startOfMinute + .minutes(1)
    let counts = try await metrics.minutes(of: both, from: max(from - Self.history, oldest), to: to)
    let found = subjects.compactMap { subject in
      PastRollout(
        canary: counts[Self.canary(subject)] ?? VersionMinutes(),
        stable: counts[Self.stable(subject)] ?? VersionMinutes(), from: from, to: to
      ).map { (subject, $0) }
    }
    guard let first = found.map(\.1.started).min() else { return [] }
    let pairs = found.map { (stable: Self.stable($0.0), canary: Self.canary($0.0)) }
    let limits = try await SlowLimits().limits(of: pairs, before: first, from: metrics)
    guard !limits.isEmpty else { return found }
    let again = try await metrics.minutes(
      of: both, slowLimits: limits, from: max(first - Self.history, oldest), to: to)
    return found.map { subject, rollout in
      (
        subject,
        rollout.with(
          slow: again[Self.canary(subject)]?.slow ?? [], and: again[Self.stable(subject)]?.slow ?? [])
      )
    }
  }

  private static func canary(_ subject: PastSubject) -> VersionMetrics.Subject {
    VersionMetrics.Subject(
      function: subject.name.function, functionName: subject.name.functionName, version: subject.canary)
  }

  private static func stable(_ subject: PastSubject) -> VersionMetrics.Subject {
    VersionMetrics.Subject(
      function: subject.name.function, functionName: subject.name.functionName, version: subject.stable)
  }
}
