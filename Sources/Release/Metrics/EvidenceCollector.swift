internal import AWSClient
internal import Core

/// Turns what CloudWatch has into evidence for the judge.
///
/// The whole rollout is read anew each time, because points arrive late; a minute counts once it is settled.
struct EvidenceCollector: Sendable {
  /// How far back the stable version's own history is read: as far as the judge looks.
  private static let historyLength = TimeSpan.minutes(Double(Dispersion.historyMinutes))

  let metrics: VersionMetrics
  let alarms: AlarmWatch?
  let settle: TimeSpan
  private let slowLimits = SlowLimits()

  init(metrics: VersionMetrics, alarms: AlarmWatch?, settle: TimeSpan) {
    self.metrics = metrics
    self.alarms = alarms
    self.settle = settle
  }

  /// The evidence on every member at `now`, by its logical name.
  ///
  /// - Parameter phaseIsOver: whether the time of the step, or of the bake, is over.
  func evidence(
    on members: [RolloutTarget], now: Timestamp, phaseIsOver: Bool
  ) async -> [String: FunctionEvidence] {
    var evidence = await counted(members, now: now, phaseIsOver: phaseIsOver)
    guard let alarms else { return evidence }
    switch await alarms.read() {
    case .states(let states):
      for member in members {
        evidence[member.function]?.alarms = alarms.evidence(states, since: member.record.started)
      }
    case .unknown(let reason):
      for member in members where evidence[member.function]?.availability == .complete {
        evidence[member.function]?.availability = .failing(reason: reason)
      }
    }
    return evidence
  }

  private func counted(
    _ members: [RolloutTarget], now: Timestamp, phaseIsOver: Bool
  ) async -> [String: FunctionEvidence] {
    let starts = members.compactMap(\.record.started)
    let from = ((starts.min() ?? now) - Self.historyLength).startOfMinute
    // EndTime is exclusive: the minute under way is left out.
    let to = now.startOfMinute
    let subjects = members.flatMap { [subject($0, $0.canary), subject($0, $0.stable)] }
    do throws(AWSError) {
      let pairs = members.map { (stable: subject($0, $0.stable), canary: subject($0, $0.canary)) }
      let limits = try await slowLimits.limits(of: pairs, before: starts.min() ?? now, from: metrics)
      let minutes = try await metrics.minutes(of: subjects, slowLimits: limits, from: from, to: to)
      var evidence: [String: FunctionEvidence] = [:]
      for member in members {
        var found = Self.evidence(
          on: member.record, canary: minutes[subject(member, member.canary)] ?? VersionMinutes(),
          stable: minutes[subject(member, member.stable)] ?? VersionMinutes(), from: from,
          settledEnd: now - settle, phaseIsOver: phaseIsOver)
        (found.canaryVersion, found.stableVersion) = (member.canary, member.stable)
        evidence[member.function] = found
      }
      return evidence
    } catch {
      var evidence: [String: FunctionEvidence] = [:]
      for member in members {
        evidence[member.function] = FunctionEvidence(
          steps: [], availability: .failing(reason: "\(error)"), canaryVersion: member.canary,
          stableVersion: member.stable)
      }
      return evidence
    }
  }

  private func subject(_ member: RolloutTarget, _ version: String) -> VersionMetrics.Subject {
    VersionMetrics.Subject(function: member.function, functionName: member.functionName, version: version)
  }

  /// The evidence on the rollout that a record tells of, from the counts of its two versions.
  ///
  /// - Parameter settledEnd: a minute counts when it ended by then.
  static func evidence(
    on record: RolloutRecord, canary: VersionMinutes, stable: VersionMinutes, from: Timestamp,
    settledEnd: Timestamp, phaseIsOver: Bool
  ) -> FunctionEvidence {
    func minutes(_ step: RecordedStep) -> [Minute] {
      let end = step.endMinute ?? settledEnd
      return Self.starts(from: step.firstMinute, to: min(end, settledEnd)).map { start in
        Self.minute(start, canary, stable)
      }
    }
    let recorded = record.recordedSteps
    let split = recorded.filter { $0.weight != .all }
    var steps = split.map { StepEvidence(weight: $0.weight.fraction, ended: true, minutes: minutes($0)) }
    let start = (record.started ?? settledEnd).startOfMinute
    let before = Self.starts(from: from, to: min(start, settledEnd)).map { Self.historyMinute($0, stable) }
    var bake: BakeEvidence?
    if let last = recorded.last, last.weight == .all {
      // The hour before the new version had everything, steps included: the stable version's own share of it.
      let end = last.firstMinute - .minutes(1)
      let starts = Self.starts(from: end - .minutes(60), to: min(end, settledEnd))
      bake = BakeEvidence(
        ended: phaseIsOver, minutes: minutes(last),
        baseline: Counts.sum(starts.map { stable.counts[$0] ?? .zero }),
        baselineExtra: stable.extra.mapValues { sums in starts.reduce(0) { $0 + (sums[$1] ?? 0) } },
        baselinePeriod: starts.first.flatMap { first in starts.last.map { first..<$0 + .minutes(1) } })
    } else if !steps.isEmpty {
      steps[steps.count - 1].ended = phaseIsOver
    }
    return FunctionEvidence(
      steps: steps, history: before, bake: bake,
      availability: canary.isComplete && stable.isComplete
        ? .complete : .failing(reason: "CloudWatch answered with incomplete series"))
  }

  /// One minute. A count without a point was 0: CloudWatch has no points for what does not happen. Only for errors the
  /// judge is told which it was.
  static func minute(
    _ start: Timestamp, _ canary: VersionMinutes, _ stable: VersionMinutes
  ) -> Minute {
    func split(_ canary: [Timestamp: Int]?, _ stable: [Timestamp: Int]?) -> Split {
      Split(canary: canary?[start] ?? 0, stable: stable?[start] ?? 0)
    }
    var minute = Minute(
      start: start, canary: canary.counts[start] ?? .zero, stable: stable.counts[start] ?? .zero)
    minute.slow = zip(canary.slow, stable.slow).map(split)
    for name in Set(canary.extra.keys).union(stable.extra.keys) {
      minute.extra[name] = split(canary.extra[name], stable.extra[name])
    }
    return minute
  }

  /// One minute of the stable version before the canary began.
  static func historyMinute(_ start: Timestamp, _ stable: VersionMinutes) -> HistoryMinute {
    HistoryMinute(
      stable.counts[start] ?? .zero, slow: stable.slow.map { $0[start] ?? 0 },
      extra: stable.extra.mapValues { $0[start] ?? 0 })
  }

  private static func starts(from: Timestamp, to: Timestamp) -> [Timestamp] {
    guard from < to else { return [] }
    return stride(from: from.seconds, to: to.seconds, by: 60).map { Timestamp(seconds: $0) }
      .filter { $0.seconds + 60 <= to.seconds }
  }
}
