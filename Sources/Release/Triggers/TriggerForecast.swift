package import Core
package import Triggers

/// What each trigger of one function will let its canary see. Pure: what is bound, what was counted and the time go in,
/// figures come out.
package struct TriggerForecast: Hashable, Sendable {
  /// A trigger as it will be while the canary has traffic.
  package struct Bound: Hashable, Sendable {
    /// Its name and kind, and the settings that are in force.
    package let trigger: Trigger
    /// False where it is to be made: that comes after the bake, when the canary is over.
    package let isBound: Bool

    /// A trigger, bound or to be bound.
    package init(_ trigger: Trigger, isBound: Bool) {
      self.trigger = trigger
      self.isBound = isBound
    }
  }

  /// What was counted, a day's worth each.
  package struct Counts: Hashable, Sendable {
    /// Invocations through the alias; nil where nothing was counted.
    package var throughAlias: Double?
    /// What the triggers' own series told; those that told nothing are not there.
    package var series: [TriggerSeries: Double]

    /// Counts of 24 hours.
    package init(throughAlias: Double? = nil, series: [TriggerSeries: Double] = [:]) {
      self.throughAlias = throughAlias
      self.series = series
    }
  }

  /// How many calls a canary sees of one trigger.
  package enum Sight: Hashable, Sendable {
    /// So many, from all steps together.
    case expected(ClosedRange<Double>, basis: Basis)
    /// By the clock: the canary's share, all calls in the steps, and the next one after the begin where the clock tells.
    case scheduled(Double, of: Double, next: Timestamp?)
    /// None: it is bound after the bake.
    case later
    /// None: it is switched off.
    case off
    /// Nobody can say, and why where there is more to it than that nothing was counted.
    case unknown(String?)
  }

  /// Where an expectation comes from.
  package enum Basis: String, Hashable, Sendable {
    /// A series of the trigger's own.
    case metrics
    /// What the alias had, less what the other triggers account for.
    case alias
  }

  /// One trigger and what is seen of it.
  package struct Line: Hashable, Sendable {
    /// The trigger's name.
    package let name: String
    /// Its kind.
    package let kind: TriggerKind
    /// What the canary sees.
    package let sight: Sight

    /// Whether a call is a batch of messages or records.
    package var isBatched: Bool { kind == .eventSource }
  }

  /// The function's logical name.
  package let function: String
  /// The steps with traffic.
  package let plan: StepPlan
  /// When the first step begins.
  package let begin: Timestamp
  /// Invocations through the alias in all steps together; nil where nothing was counted.
  package let invocations: Double?
  /// Those of the canary.
  package let canary: Double?
  /// Every trigger, by name.
  package let lines: [Line]

  /// - Parameters:
  ///   - begin: when the first step is taken to begin.
  ///   - zone: the rules of a time zone; nil for one that nobody here knows.
  /// - Returns: nil where all traffic moves at once, so that nothing is seen before, and without triggers.
  package init?(
    function: String, scope: EdgeScope, triggers: [Bound], plan: StepPlan, begin: Timestamp, counts: Counts,
    zone: (String) -> ZoneRules?
  ) {
    let exposure = Exposure(plan, begin: begin)
    guard !exposure.steps.isEmpty, !triggers.isEmpty else { return nil }
    self.function = function
    self.plan = plan
    self.begin = begin
    invocations = counts.throughAlias.map { $0 * exposure.days }
    canary = counts.throughAlias.map { $0 * exposure.canaryDays }
    let paced = triggers.map { (bound: $0, pace: TriggerPace($0.trigger, in: scope)) }
    let calling = paced.filter { $0.bound.isBound && $0.pace != .off }
    let exact = calling.map { Self.day($0.pace, before: begin, counts, zone) }
    // Only where a single trigger has no count of its own the rest is that one's.
    let left = counts.throughAlias.map { max(0, $0 - exact.reduce(0) { $0 + ($1 ?? 0) }) }
    let rest = exact.count { $0 == nil } == 1 ? left : nil
    lines = paced.map { bound, pace in
      Line(
        name: bound.trigger.name, kind: bound.trigger.kind,
        sight: bound.isBound ? Self.sight(pace, exposure, counts, rest, zone) : .later)
    }.sorted { ($0.name, $0.kind) < ($1.name, $1.kind) }
  }

  /// The calls of the last day, where they can be told to the one.
  private static func day(
    _ pace: TriggerPace, before begin: Timestamp, _ counts: Counts, _ zone: (String) -> ZoneRules?
  ) -> Double? {
    switch pace {
    case .timetable(let timetable):
      zone(timetable.zone).map { timetable.count(after: begin - .minutes(24 * 60), through: begin, in: $0) }
    case .series(let series) where series.unit == .calls: counts.series[series]
    default: nil
    }
  }

  private static func sight(
    _ pace: TriggerPace, _ exposure: Exposure, _ counts: Counts, _ rest: Double?,
    _ zone: (String) -> ZoneRules?
  ) -> Sight {
    func expected(_ least: Double, _ most: Double, _ basis: Basis) -> Sight {
      .expected(least * exposure.canaryDays...most * exposure.canaryDays, basis: basis)
    }
    switch pace {
    case .off: return .off
    case .timetable(let timetable):
      guard let rules = zone(timetable.zone) else {
        return .unknown("the time zone \(timetable.zone) is not known here")
      }
      let calls = exposure.steps.map { step in
        (step.weight, timetable.count(after: step.begin, through: step.end, in: rules))
      }
      return .scheduled(
        calls.reduce(0) { $0 + $1.0 * $1.1 }, of: calls.reduce(0) { $0 + $1.1 },
        next: timetable.next(after: exposure.begin, in: rules))
    case .series(let series):
      guard let count = counts.series[series] else { break }
      switch series.unit {
      case .calls: return expected(count, count, .metrics)
      case .callsAtMost:
        if let rest { return expected(min(rest, count), min(rest, count), .alias) }
        return expected(0, count, .metrics)
      case .records(let batch, let isFiltered):
        if let rest { return expected(rest, rest, .alias) }
        return expected(isFiltered ? 0 : (count / Double(batch)).rounded(.up), count, .metrics)
      }
    case .uncounted: break
    }
    return rest.map { expected($0, $0, .alias) } ?? .unknown(nil)
  }
}

/// The steps with traffic in time.
private struct Exposure {
  let begin: Timestamp
  let steps: [(weight: Double, begin: Timestamp, end: Timestamp)]

  init(_ plan: StepPlan, begin: Timestamp) {
    var time = begin
    self.begin = begin
    steps = plan.steps.compactMap { step in
      guard case .traffic(let weight, let duration) = step else { return nil }
      defer { time = time + duration }
      return (weight.fraction, time, time + duration)
    }
  }

  /// Their length.
  var days: Double { steps.reduce(0) { $0 + ($1.end - $1.begin).seconds / 86_400 } }

  /// Their length, each by its weight.
  var canaryDays: Double { steps.reduce(0) { $0 + $1.weight * ($1.end - $1.begin).seconds / 86_400 } }
}
