package import Core

/// The way of a release from 0 % to 100 % and through its bake, and back where it must go back, as a value: events in,
/// actions out.
///
/// It knows no alias, no metric and no clock. Whoever drives it performs the action it asks for and tells it what came
/// of that, which gives the next action, until it says that the run has ended. Signals, faults and other hands at the
/// aliases are events like any other.
package struct RolloutMachine: Hashable, Sendable {
  /// The whole plan.
  package let settings: Settings
  /// Where the rollout stands.
  package private(set) var phase = Phase.fresh
  /// When the step, or the bake, is over and all of it was judged, unless it is held or extended.
  package private(set) var phaseEnd = Timestamp(seconds: 0)
  /// Whether all canaries have had traffic: until then the release is withdrawn as if nothing had been.
  package private(set) var hasBegun = false
  /// Whether the run was told to end.
  package private(set) var isStopped = false
  /// Whether another run has come to drive the release.
  private var isLost = false
  private var heldSince: Timestamp?
  /// What follows the first look at a rollout that somebody else has left.
  private var afterLook: Continuation?

  /// Whether all traffic has moved and is watched.
  package var isBaking: Bool { phase == .baking }

  /// Whether the release only goes forward, or only back, from here on.
  package var isDecided: Bool {
    switch phase {
    case .passed, .goingBack: true
    case .fresh, .step, .baking, .ended: false
    }
  }

  /// A rollout that nobody has begun.
  package init(_ settings: Settings) {
    self.settings = settings
  }

  /// What to do now that this has happened.
  package mutating func on(_ event: Event) -> Action {
    if case .ended(let end) = phase { return .end(end) }
    switch event {
    case .entered(let place, let now): return enter(place, at: now)
    case .leased(let now): return leased(at: now)
    case .shifted(let step, let moment): return shifted(step, at: moment)
    case .observed(let finding, let moment): return observed(finding, at: moment)
    case .promotedLeader: return promotedLeader()
    case .promoted(let moment): return promoted(at: moment)
    case .finished: return end(.promoted)
    case .held: return end(.held)
    case .released: return end(isLost ? .lost : .detached)
    case .withdrawn(let isSafe): return withdrawn(isSafe)
    case .failed: return failed()
    case .touched: return goBackUnlessPassed(Withdrawal(reason: .peer))
    case .lost: return lost()
    case .condemned(let reason):
      hasBegun = true
      return goBackUnlessPassed(Withdrawal(reason: reason))
    case .stopped(let cause): return stopped(by: cause)
    }
  }

  private mutating func enter(_ place: Place, at now: Timestamp) -> Action {
    switch place {
    case .fresh:
      return enter(step: 0)
    case .passed:
      hasBegun = true
      phase = .passed(attempts: 0)
      return .finish
    case .step(let step, let since, let isWhole):
      hasBegun = isWhole
      let index = min(step, settings.steps.count - 1)
      if index >= 0, case .traffic(_, let duration) = settings.steps[index] {
        phase = .step(index)
        phaseEnd = end(ofStep: index, since: since, duration)
        afterLook = settings.extent == .overHold ? .decision : nil
      } else {
        afterLook = .step(index + 1)
      }
    case .otherStep(let step, let isWhole):
      hasBegun = isWhole
      afterLook = .step(min(step, max(0, lastTraffic)))
    case .promoted(let pending, let since):
      hasBegun = true
      guard !pending else {
        afterLook = .promotion
        break
      }
      phase = .baking
      phaseEnd = end(ofBakeSince: since)
    }
    return settings.extent == .oneLook ? leased(at: now) : .lease
  }

  /// Nobody else drives the rollout from here on.
  private mutating func leased(at now: Timestamp) -> Action {
    // Somebody was promoted already: from there on a release only goes forward, without a look.
    if afterLook == .promotion {
      afterLook = nil
      return .promote
    }
    return .observe(at: now)
  }

  private mutating func shifted(_ index: Int, at moment: Timestamp) -> Action {
    hasBegun = true
    phase = .step(index)
    heldSince = nil
    if case .traffic(_, let duration) = settings.steps[index] {
      phaseEnd = end(ofStep: index, since: moment, duration)
    }
    switch settings.extent {
    case .firstWeight: return .release
    case .oneLook: return end(.detached)
    case .toEnd, .overHold: return look(after: moment)
    }
  }

  private mutating func promotedLeader() -> Action {
    hasBegun = true
    // Without a bake the release has passed with its first promotion, and only goes forward.
    if settings.bake <= .zero { phase = .passed(attempts: 0) }
    return .promote
  }

  private mutating func promoted(at moment: Timestamp) -> Action {
    hasBegun = true
    guard settings.bake > .zero else {
      phase = .passed(attempts: 0)
      // The leader of several was written once: its end is left to the next look.
      return settings.extent == .oneLook && settings.isGroup ? end(.detached) : .finish
    }
    phase = .baking
    heldSince = nil
    phaseEnd = end(ofBakeSince: moment)
    switch settings.extent {
    case .firstWeight: return .release
    case .oneLook: return end(.detached)
    case .toEnd, .overHold: return look(after: moment)
    }
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

  private mutating func observed(_ finding: Finding, at moment: Timestamp) -> Action {
    if case .rollback(let reason, let culprit) = finding {
      hasBegun = true
      return goBackUnlessPassed(Withdrawal(reason: reason, culprit: culprit))
    }
    if settings.isHeld { return end(.held) }
    if let next = afterLook {
      // Only evidence against the canary goes before the decision of a person, or to a step of another plan.
      afterLook = nil
      return goOn(next)
    }
    switch finding {
    case .rollback: return .observe(at: moment)
    case .hold(.lowTraffic):
      // The judge has waited already.
      return .hold(.lowTraffic)
    case .hold(let reason):
      // A run that looks once has not seen since when there is no verdict: that counts from the end of the step.
      let since = heldSince ?? (settings.extent == .oneLook ? phaseEnd : moment)
      heldSince = since
      return moment - since >= settings.maxHold ? .hold(reason) : look(after: moment)
    case .pass, .watch:
      if let since = heldSince {
        // The clock of the step stood still.
        phaseEnd = phaseEnd + (moment - since)
        heldSince = nil
      }
      guard finding == .pass, moment >= phaseEnd else { return look(after: moment) }
      return advance()
    }
  }

  private mutating func goOn(_ next: Continuation) -> Action {
    switch next {
    case .promotion: return .promote
    case .step(let index): return enter(step: index)
    case .decision:
      guard case .step(let index) = phase else { return .promote }
      var next = index + 1
      while next < settings.steps.count, settings.steps[next] == .pause { next += 1 }
      return enter(step: next)
    }
  }

  private mutating func advance() -> Action {
    guard case .step(let index) = phase else {
      phase = .passed(attempts: 0)
      return .finish
    }
    return enter(step: index + 1)
  }

  /// The next look: a few seconds after the next full minute, when a further minute may have settled; at the phase's end
  /// if that is sooner.
  private func look(after moment: Timestamp) -> Action {
    guard settings.extent != .oneLook else { return .keepWatch }
    let poll = moment.startOfMinute + .seconds(65)
    return .observe(at: phaseEnd > moment ? min(poll, phaseEnd) : poll)
  }

  /// From here on the release goes back, whatever happens on the way; one that has passed only goes forward.
  private mutating func goBackUnlessPassed(_ withdrawal: Withdrawal) -> Action {
    switch phase {
    case .passed: return .finish
    case .goingBack(let decided, _): return .withdraw(decided)
    case .fresh, .step, .baking, .ended:
      phase = .goingBack(withdrawal, attempts: 0)
      return .withdraw(withdrawal)
    }
  }

  private mutating func withdrawn(_ isSafe: Bool) -> Action {
    guard case .goingBack(let withdrawal, let attempts) = phase else {
      return end(outcomeOfWithdrawal(isSafe))
    }
    // When taking back fails it is tried once more.
    guard isSafe || attempts > 0 else {
      phase = .goingBack(withdrawal, attempts: 1)
      return .withdraw(withdrawal)
    }
    return end(outcomeOfWithdrawal(isSafe))
  }

  private func outcomeOfWithdrawal(_ isSafe: Bool) -> End {
    if isLost { return .lost }
    guard isSafe else { return isStopped ? .detached : .held }
    return hasBegun ? .rolledBack : .failed
  }

  private mutating func failed() -> Action {
    switch phase {
    case .passed(let attempts):
      // What is left then the next run brings to its end.
      guard attempts == 0 else { return end(.promoted) }
      phase = .passed(attempts: 1)
      return .finish
    case .goingBack(let withdrawal, _): return .withdraw(withdrawal)
    case .fresh, .step, .baking, .ended:
      // The next look is as good as this one: a rollout that many short runs look after outlives each.
      if settings.extent == .oneLook { return end(.detached) }
      return goBackUnlessPassed(Withdrawal(reason: .interrupt))
    }
  }

  /// Another run drives the release: nothing of it is touched but what is condemned, and what this run gave traffic
  /// before the release had begun.
  private mutating func lost() -> Action {
    isLost = true
    switch phase {
    case .goingBack(let withdrawal, _) where withdrawal.reason.blamesVersion: return .withdraw(withdrawal)
    case .fresh where !hasBegun:
      let withdrawal = Withdrawal(reason: .interrupt, onlyOurs: true)
      phase = .goingBack(withdrawal, attempts: 1)
      return .withdraw(withdrawal)
    default: return end(.lost)
    }
  }

  private mutating func stopped(by cause: StopCause) -> Action {
    isStopped = true
    switch phase {
    case .passed, .goingBack: return goBackUnlessPassed(Withdrawal(reason: cause.reason))
    case .fresh, .step, .baking, .ended:
      if settings.extent == .oneLook { return end(.detached) }
      if settings.onInterrupt == .leave { return .release }
      return goBackUnlessPassed(Withdrawal(reason: cause.reason))
    }
  }

  private mutating func end(_ end: End) -> Action {
    phase = .ended(end)
    return .end(end)
  }
}
