public import Core

/// The way of a release from 0 % to 100 % and through its bake, as a value: verdicts and times in, actions out.
///
/// It knows no alias, no metric and no clock. Whoever drives it performs the action it asks for and tells it the
/// outcome, which gives the next action.
public struct RolloutMachine: Hashable, Sendable {
  /// What is fixed before the first weight.
  public struct Settings: Hashable, Sendable {
    /// The stages; none when all traffic moves at once.
    public var steps: [StepPlan.Step]
    /// How long the new version is watched at 100 %; 0 ends the rollout with the promotion.
    public var bake: TimeSpan
    /// How long after the bake its last minutes take to settle: rollback stays armed until they were judged.
    public var settle: TimeSpan
    /// How long a hold may last before a person is asked for.
    public var maxHold: TimeSpan
    /// How much longer the last step lasts, so that invocations which run until they time out are judged before the
    /// promotion: CloudWatch counts an invocation when it ends, in the minute in which it began.
    public var drain: TimeSpan
    /// Whether the rollout stops at its last step until somebody promotes it.
    public var stopsBeforePromotion: Bool

    /// A plan with its times.
    public init(
      steps: [StepPlan.Step], bake: TimeSpan, settle: TimeSpan = .zero, drain: TimeSpan = .zero,
      maxHold: TimeSpan, stopsBeforePromotion: Bool = false
    ) {
      self.steps = steps
      self.bake = bake
      self.settle = settle
      self.drain = drain
      self.maxHold = maxHold
      self.stopsBeforePromotion = stopsBeforePromotion
    }
  }

  /// What is to be done next.
  public enum Action: Hashable, Sendable {
    /// Give the canaries this weight; answer with ``shifted(at:)``.
    case shift(step: Int, weight: Weight)
    /// Read the evidence at this time and judge it; answer with ``observed(_:at:)``.
    case observe(at: Timestamp)
    /// Give the new versions all traffic; answer with ``promoted(at:)``.
    case promote
    /// Take the release's end down.
    case finish
    /// Take all traffic back.
    case rollBack
    /// Leave the weights as they are and ask for a person.
    case hold(RecordReason)
  }

  /// What the judge found, as far as it moves the rollout.
  public enum Finding: Hashable, Sendable {
    /// The step, or the bake, is over and nothing was found against the canary.
    case pass
    /// Nothing was found so far.
    case watch
    /// No verdict is possible; the clock stands still.
    case hold(RecordReason)
    /// The canary is worse.
    case rollback
  }

  private enum Phase: Hashable {
    case step(Int)
    case bake
  }

  /// The whole plan.
  public let settings: Settings
  private var phase: Phase?
  private var end = Timestamp(seconds: 0)
  private var heldSince: Timestamp?

  /// A rollout that has not begun.
  public init(_ settings: Settings) {
    self.settings = settings
  }

  /// The step under way, from 0; nil before the first and from the promotion on.
  public var step: Int? {
    guard case .step(let index) = phase else { return nil }
    return index
  }

  /// Whether all traffic has moved.
  public var isBaking: Bool { phase == .bake }

  /// When the step, or the bake, is over, unless it is held or extended.
  public var phaseEnd: Timestamp { end }

  /// The first action of a rollout that nobody began before.
  public mutating func begin() -> Action { enter(step: 0) }

  /// The first action of a rollout that another run left at `step` (from 0), which began at `since`.
  public mutating func resume(step: Int, since: Timestamp, now: Timestamp) -> Action {
    let index = min(step, settings.steps.count - 1)
    guard index >= 0, case .traffic(_, let duration) = settings.steps[index] else {
      return enter(step: index + 1)
    }
    phase = .step(index)
    end = since + duration + drain(after: index)
    return .observe(at: now)
  }

  /// The first action of a rollout whose functions another run left at different steps, or at a step of another plan:
  /// all enter `step` (from 0), or the last step with traffic where the plan has no such step.
  public mutating func restart(at step: Int) -> Action { enter(step: min(step, max(0, lastTraffic))) }

  /// The first action of a rollout that another run left in its bake, or between its promotions.
  public mutating func resumePromotion() -> Action { .promote }

  /// The next stage, because a person has decided so: over the pauses that the rollout stands before.
  public mutating func decided() -> Action {
    guard case .step(let index) = phase else { return .promote }
    var next = index + 1
    while next < settings.steps.count, settings.steps[next] == .pause { next += 1 }
    return enter(step: next)
  }

  /// The canaries have the weight of the step since `moment`.
  public mutating func shifted(step index: Int, at moment: Timestamp) -> Action {
    phase = .step(index)
    heldSince = nil
    if case .traffic(_, let duration) = settings.steps[index] {
      end = moment + duration + drain(after: index)
    }
    return .observe(at: next(after: moment))
  }

  /// The judge looked at `moment`.
  public mutating func observed(_ finding: Finding, at moment: Timestamp) -> Action {
    switch finding {
    case .rollback:
      return .rollBack
    case .hold(.lowTraffic):
      // The judge has waited already.
      return .hold(.lowTraffic)
    case .hold(let reason):
      let since = heldSince ?? moment
      heldSince = since
      return moment - since >= settings.maxHold ? .hold(reason) : .observe(at: next(after: moment))
    case .pass, .watch:
      if let since = heldSince {
        // The clock of the step stood still.
        end = end + (moment - since)
        heldSince = nil
      }
      guard finding == .pass, moment >= end else { return .observe(at: next(after: moment)) }
      return advance()
    }
  }

  /// All traffic has been on the new versions since `moment`.
  public mutating func promoted(at moment: Timestamp) -> Action {
    guard settings.bake > .zero else { return .finish }
    phase = .bake
    heldSince = nil
    // From the first full minute on: the one under way has traffic of both, and counts for neither.
    end = moment.startOfMinute + .minutes(1) + settings.bake + settings.settle
    return .observe(at: next(after: moment))
  }

  /// The last step with traffic, from 0; -1 where all traffic moves at once.
  private var lastTraffic: Int { settings.steps.lastIndex { $0 != .pause } ?? -1 }

  private func drain(after index: Int) -> TimeSpan { index == lastTraffic ? settings.drain : .zero }

  private mutating func advance() -> Action {
    guard case .step(let index) = phase else { return .finish }
    return enter(step: index + 1)
  }

  private mutating func enter(step index: Int) -> Action {
    guard index < settings.steps.count else {
      return settings.stopsBeforePromotion && !settings.steps.isEmpty ? .hold(.pause) : .promote
    }
    switch settings.steps[index] {
    case .traffic(let weight, _): return .shift(step: index, weight: weight)
    case .pause: return .hold(.pause)
    }
  }

  /// A few seconds after the next full minute, when a further minute may have settled; the phase's end if that is
  /// sooner.
  private func next(after moment: Timestamp) -> Timestamp {
    let poll = moment.startOfMinute + .seconds(65)
    return end > moment ? min(poll, end) : poll
  }
}
