package import Core

/// The settled minutes at one weight. The minute in which a weight changed belongs to no step.
package struct StepEvidence: Hashable, Sendable {
  /// The canary's weight: above 0, up to 1.
  package var weight: Double
  /// Whether the step's time is over.
  package var ended: Bool
  /// The minutes in order.
  package var minutes: [Minute]

  /// A step at `weight`.
  package init(weight: Double, ended: Bool, minutes: [Minute]) {
    self.weight = weight
    self.ended = ended
    self.minutes = minutes
  }
}

/// The settled minutes with all traffic on the canary, and the hour to compare them with.
package struct BakeEvidence: Hashable, Sendable {
  /// Whether the bake's time is over, and its minutes are settled.
  package var ended: Bool
  /// The minutes in order; their `stable` is not looked at.
  package var minutes: [Minute]
  /// The stable version's sum over the hour before it lost its traffic.
  package var baseline: Counts
  /// The stable version's counts of the user's own metrics over that hour.
  package var baselineExtra: [String: Int]
  /// The minutes that ``baseline`` sums up, from the start of the first to the end of the last; nil where nobody wrote
  /// that down.
  package var baselinePeriod: Range<Timestamp>?

  /// A bake against `baseline`.
  package init(
    ended: Bool, minutes: [Minute], baseline: Counts, baselineExtra: [String: Int] = [:],
    baselinePeriod: Range<Timestamp>? = nil
  ) {
    self.ended = ended
    self.minutes = minutes
    self.baseline = baseline
    self.baselineExtra = baselineExtra
    self.baselinePeriod = baselinePeriod
  }
}

/// Whether the metrics can be relied on.
package enum MetricAvailability: Hashable, Sendable {
  /// All series were read.
  case complete
  /// Metrics fail, are forbidden or partial; the reason in half a sentence.
  case failing(reason: String)
  /// Whoever collected the evidence has missed the stable version's series.
  case stableMissing
}

/// An alarm the user listed.
package struct AlarmEvidence: Hashable, Sendable {
  /// Its name.
  package var name: String
  /// Whether it was not in ALARM when the rollout began; one that was says nothing about the release.
  package var wasOK: Bool
  /// Whether it is in ALARM now.
  package var isInAlarm: Bool
  /// Since when it is in the state it is in; nil where nobody knows.
  package var since: Timestamp?

  /// The alarm `name`, then and now.
  package init(name: String, wasOK: Bool, isInAlarm: Bool, since: Timestamp? = nil) {
    self.name = name
    self.wasOK = wasOK
    self.isInAlarm = isInAlarm
    self.since = since
  }
}

/// All that the judge may know of one function's rollout. It is read anew at each poll, because points arrive late.
package struct FunctionEvidence: Hashable, Sendable {
  /// The steps so far in order; only the last can be under way.
  package var steps: [StepEvidence]
  /// The stable version's minutes before the canary began, oldest first: the last 180 tell how errors bunch, the
  /// last 60 what is usual.
  package var history: [HistoryMinute]
  /// The bake, once all traffic is on the canary.
  package var bake: BakeEvidence?
  /// Whether the metrics can be relied on.
  package var availability: MetricAvailability
  /// The alarms the user listed.
  package var alarms: [AlarmEvidence]
  /// The canary's version, for the sentences.
  package var canaryVersion: String?
  /// The stable version, for the sentences.
  package var stableVersion: String?

  /// Evidence of `steps`, with nothing else known unless given.
  package init(
    steps: [StepEvidence], history: [HistoryMinute] = [], bake: BakeEvidence? = nil,
    availability: MetricAvailability = .complete, alarms: [AlarmEvidence] = [], canaryVersion: String? = nil,
    stableVersion: String? = nil
  ) {
    self.steps = steps
    self.history = history
    self.bake = bake
    self.availability = availability
    self.alarms = alarms
    self.canaryVersion = canaryVersion
    self.stableVersion = stableVersion
  }

  /// The names of the user's own metrics that have counts here.
  var metricNames: Set<String> {
    var names: Set<String> = []
    for step in steps { Self.collect(step.minutes, into: &names) }
    if let bake {
      Self.collect(bake.minutes, into: &names)
      names.formUnion(bake.baselineExtra.keys)
    }
    return names
  }

  private static func collect(_ minutes: [Minute], into names: inout Set<String>) {
    for index in minutes.indices where !minutes[index].extra.isEmpty {
      names.formUnion(minutes[index].extra.keys)
    }
  }
}
