package import Core

extension RolloutMachine {
  /// What is fixed before the first weight.
  package struct Settings: Hashable, Sendable {
    /// The stages; none when all traffic moves at once.
    package var steps: [StepPlan.Step]
    /// How long the new version is watched at 100 %; 0 ends the rollout with the promotion.
    package var bake: TimeSpan
    /// How old a minute must be before it is judged.
    package var settle: TimeSpan
    /// How long invocations may take that CloudWatch counts in a minute only when they end; 0 where no longer than
    /// ``settle``.
    package var drain: TimeSpan
    /// How long a hold may last before a person is asked for.
    package var maxHold: TimeSpan
    /// Whether the rollout stops at its last step until somebody promotes it.
    package var stopsBeforePromotion: Bool
    /// What becomes of the weights when the run is told to end.
    package var onInterrupt: InterruptPolicy
    /// How far this run takes the rollout.
    package var extent: Extent
    /// Whether the rollout waits for a person, and this run is none.
    package var isHeld: Bool
    /// Whether several functions move together.
    package var isGroup: Bool

    /// A plan with its times.
    package init(
      steps: [StepPlan.Step], bake: TimeSpan, settle: TimeSpan = .zero, drain: TimeSpan = .zero,
      maxHold: TimeSpan, stopsBeforePromotion: Bool = false, onInterrupt: InterruptPolicy = .rollback,
      extent: Extent = .toEnd, isHeld: Bool = false, isGroup: Bool = false
    ) {
      self.steps = steps
      self.bake = bake
      self.settle = settle
      self.drain = drain
      self.maxHold = maxHold
      self.stopsBeforePromotion = stopsBeforePromotion
      self.onInterrupt = onInterrupt
      self.extent = extent
      self.isHeld = isHeld
      self.isGroup = isGroup
    }
  }

  /// How far one run takes a rollout.
  package enum Extent: Hashable, Sendable {
    /// To its end.
    case toEnd
    /// To its first weight; the lease is released then.
    case firstWeight
    /// By one look, and one write of each alias at most. No lease is taken.
    case oneLook
    /// Over the hold that it stands in, as a person has decided, and then to its end.
    case overHold
  }

  /// Where the rollout stands.
  package enum Phase: Hashable, Sendable {
    /// Not all canaries have had traffic, or another run has left it where this one has not looked yet.
    case fresh
    /// The canaries have the weight of a step, counted from 0.
    case step(Int)
    /// The new versions have all traffic and are watched.
    case baking
    /// It has passed everything and only goes forward; `attempts` counts the ends that failed.
    case passed(attempts: Int)
    /// It only goes back; `attempts` counts the times that it was tried in vain.
    case goingBack(Withdrawal, attempts: Int)
    /// This run is over.
    case ended(End)
  }

  /// Where this run comes to the rollout.
  package enum Place: Hashable, Sendable {
    /// No canary has traffic.
    case fresh
    /// Another run has left it in a step, counted from 0, that began at `since`; `isWhole` where every canary has it.
    case step(Int, since: Timestamp, isWhole: Bool)
    /// Another run has left it at different steps, or at a step of another plan, which is taken up again at this one.
    case otherStep(Int, isWhole: Bool)
    /// Some new versions, or (not `pending`) all of them since that time, have all traffic.
    case promoted(pending: Bool, since: Timestamp)
    /// It has passed everything.
    case passed
  }

  /// What has happened.
  package enum Event: Hashable, Sendable {
    /// The run has found the rollout there.
    case entered(Place, at: Timestamp)
    /// The run has taken the leases of a rollout that another has left.
    case leased(at: Timestamp)
    /// The canaries have the weight of the step since then.
    case shifted(step: Int, at: Timestamp)
    /// The evidence was read and judged.
    case observed(Finding, at: Timestamp)
    /// The first of several new versions has all traffic, and the release is decided with it.
    case promotedLeader
    /// All new versions have all traffic since then.
    case promoted(at: Timestamp)
    /// The release's end is written down.
    case finished
    /// All that was to be taken back is, or not.
    case withdrawn(isSafe: Bool)
    /// The hold is written down.
    case held
    /// The weights stay and nobody holds a lease on them.
    case released
    /// A call has failed for good.
    case failed
    /// A person, or another release, has an alias of the release, which is left as it stands.
    case touched
    /// Another run drives this very release.
    case lost
    /// Somebody has decided that a rollout which another run has left goes back.
    case condemned(RecordReason)
    /// The run is to end.
    case stopped(by: StopCause)
  }

  /// Why a run is to end before its time.
  package enum StopCause: Hashable, Sendable {
    /// A signal.
    case signal
    /// Its credentials are about to end.
    case credentials

    /// The word for it in a record.
    var reason: RecordReason { self == .signal ? .interrupt : .credentials }
  }

  /// What is to be done next.
  package enum Action: Hashable, Sendable {
    /// Take the leases of the aliases.
    case lease
    /// Give the canaries this weight.
    case shift(step: Int, weight: Weight)
    /// Read the evidence at this time and judge it.
    case observe(at: Timestamp)
    /// Give the new versions all traffic, the leader's first.
    case promote
    /// Write the release's good end down.
    case finish
    /// Take all traffic back that is this run's.
    case withdraw(Withdrawal)
    /// Leave the weights as they are and ask for a person.
    case hold(RecordReason)
    /// Leave the weights to later runs.
    case release
    /// Leave the weights, and see to it that they stay guarded.
    case keepWatch
    /// Nothing: this run is over.
    case end(End)
  }

  /// How one run's part in a rollout has ended.
  package enum End: Hashable, Sendable {
    /// The new versions have all traffic for good.
    case promoted
    /// The traffic went back.
    case rolledBack
    /// It never began.
    case failed
    /// It waits for a person.
    case held
    /// It goes on without this run.
    case detached
    /// Another run has it.
    case lost
  }

  /// Why a release goes back.
  package struct Withdrawal: Hashable, Sendable {
    /// What the record will say.
    package let reason: RecordReason
    /// The function that is to blame; nil where all, or none, are.
    package let culprit: String?
    /// Whether only aliases go back that this run has given their traffic.
    package let onlyOurs: Bool

    init(reason: RecordReason, culprit: String? = nil, onlyOurs: Bool = false) {
      self.reason = reason
      self.culprit = culprit
      self.onlyOurs = onlyOurs
    }
  }

  /// What the judge found, as far as it moves the rollout.
  package enum Finding: Hashable, Sendable {
    /// The step, or the bake, is over and nothing was found against the canary.
    case pass
    /// Nothing was found so far.
    case watch
    /// No verdict is possible; the clock stands still.
    case hold(RecordReason)
    /// The canary is worse, that of `culprit` above all.
    case rollback(RecordReason, culprit: String?)
  }

  /// What follows the first look at a rollout that somebody else has left.
  enum Continuation: Hashable, Sendable {
    case decision, promotion
    case step(Int)
  }
}
