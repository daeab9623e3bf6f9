internal import AWSClient
internal import Core

/// Turns what CloudWatch has into evidence for the judge.
///
/// The whole rollout is read anew each time, because points arrive late; a minute counts once it is settled.
struct EvidenceCollector: Sendable {
  /// How far back the stable version's own history is read: 180 minutes, as far as the judge looks.
  private static let history = TimeSpan.minutes(180)

  let metrics: VersionMetrics
  let alarms: AlarmWatch?
  let settle: TimeSpan
  private let slowLimits = SlowLimits()

  init(metrics: VersionMetrics, alarms: AlarmWatch?, settle: TimeSpan) {
    self.metrics = metrics
    self.alarms = alarms
    self.settle = settle
  }

  /// The evidence on every member at `now`, by function.
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
    let from = ((starts.min() ?? now) - Self.history).startOfMinute
    // EndTime is exclusive: the minute under way is left out.
    let to = now.startOfMinute
    let subjects = members.flatMap { [subject($0, $0.canary), subject($0, $0.stable)] }
    do throws(AWSError) {
      let pairs = members.map { (stable: subject($0, $0.stable), canary: subject($0, $0.canary)) }
      let limits = try await slowLimits.limits(of: pairs, before: starts.min() ?? now, from: metrics)
      let minutes = try await metrics.minutes(of: subjects, slowLimits: limits, from: from, to: to)
      var evidence: [String: FunctionEvidence] = [:]
      for member in members {
        evidence[member.function] = Self.evidence(
          on: member, canary: minutes[subject(member, member.canary)] ?? VersionMinutes(),
          stable: minutes[subject(member, member.stable)] ?? VersionMinutes(), from: from,
          settledEnd: now - settle, phaseIsOver: phaseIsOver)
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

  /// The evidence on one member, from the counts of its two versions.
  ///
  /// - Parameter settledEnd: a minute counts when it ended by then.
  static func evidence(
    on member: RolloutTarget, canary: VersionMinutes, stable: VersionMinutes, from: Timestamp,
    settledEnd: Timestamp,
    phaseIsOver: Bool
  ) -> FunctionEvidence {
    func minutes(_ step: RecordedStep) -> [Minute] {
      let end = step.endMinute ?? settledEnd
      return Self.starts(from: step.firstMinute, to: min(end, settledEnd)).map { start in
        Self.minute(start, canary, stable)
      }
    }
    let recorded = member.record.recordedSteps
    let split = recorded.filter { $0.weight != .all }
    var steps = split.map { StepEvidence(weight: $0.weight.fraction, ended: true, minutes: minutes($0)) }
    let start = (member.record.started ?? settledEnd).startOfMinute
    let before = Self.starts(from: from, to: min(start, settledEnd)).map { stable.counts[$0] ?? .zero }
    var bake: BakeEvidence?
    if let last = recorded.last, last.weight == .all {
      // The hour before the new version had everything, steps included: the stable version's own share of it.
      let end = last.firstMinute - .minutes(1)
      let starts = Self.starts(from: end - .minutes(60), to: min(end, settledEnd))
      bake = BakeEvidence(
        ended: phaseIsOver, minutes: minutes(last),
        baseline: Counts.sum(starts.map { stable.counts[$0] ?? .zero }),
        baselineExtra: stable.extra.mapValues { sums in starts.reduce(0) { $0 + (sums[$1] ?? 0) } })
    } else if !steps.isEmpty {
      steps[steps.count - 1].ended = phaseIsOver
    }
    return FunctionEvidence(
      steps: steps, history: before, bake: bake, availability: availability(canary, stable, steps, before),
      canaryVersion: member.canary, stableVersion: member.stable)
  }

  /// One minute. A count without a point was 0: CloudWatch has no points for what does not happen.
  static func minute(
    _ start: Timestamp, _ canary: VersionMinutes, _ stable: VersionMinutes
  ) -> Minute {
    func split(_ canary: [Timestamp: Int]?, _ stable: [Timestamp: Int]?) -> Split {
      Split(canary: canary?[start] ?? 0, stable: stable?[start] ?? 0)
    }
    var minute = Minute(
      start: start, canary: canary.counts[start] ?? .zero, stable: stable.counts[start] ?? .zero)
    if canary.slow != nil, stable.slow != nil { minute.slow = split(canary.slow, stable.slow) }
    for name in Set(canary.extra.keys).union(stable.extra.keys) {
      minute.extra[name] = split(canary.extra[name], stable.extra[name])
    }
    return minute
  }

  /// A stable version without a single point, although it had traffic in the last hour, means that something is
  /// wrong with the metrics or the dimensions, and not that all is well.
  private static func availability(
    _ canary: VersionMinutes, _ stable: VersionMinutes, _ steps: [StepEvidence], _ before: [Counts]
  ) -> MetricAvailability {
    guard canary.isComplete, stable.isComplete else {
      return .failing(reason: "CloudWatch answered with incomplete series")
    }
    let recent = Counts.sum(before.suffix(60)).invocations
    let during = steps.flatMap(\.minutes)
    let missing = during.count >= 3 && during.allSatisfy { $0.stable.invocations == 0 }
    return missing && recent >= 60 ? .stableMissing : .complete
  }

  private static func starts(from: Timestamp, to: Timestamp) -> [Timestamp] {
    guard from < to else { return [] }
    return stride(from: from.seconds, to: to.seconds, by: 60).map { Timestamp(seconds: $0) }
      .filter { $0.seconds + 60 <= to.seconds }
  }
}
