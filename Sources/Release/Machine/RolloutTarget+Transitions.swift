internal import Core

extension RolloutTarget {
  /// The record with which the canary gets `weight` in step `step` (from 0) of `steps` at `now`.
  func shifted(to weight: Weight, step: Int, of steps: Int, at now: Timestamp)
    -> RolloutRecord
  {
    var next = record
    next.steps = steps
    guard next.history.last?.weight == weight else {
      return next.shifted(to: weight, step: step + 1, at: now)
    }
    // Another run gave it that weight: its minutes go on counting.
    next.state = .canary
    next.step = step + 1
    return next
  }

  /// The record with which the canary gets all traffic at `now`; `commits` marks the release as decided.
  func promoted(bakes: Bool, commits: Bool, at now: Timestamp) -> RolloutRecord {
    guard bakes || commits else { return finished() }
    var next = record.baking(at: now)
    if commits { next.state = .commit }
    return next
  }

  /// The record with which the release is through. A version that was bad once and has passed now is not bad any more.
  func finished() -> RolloutRecord {
    var next = record.finished()
    next.absolve(canary)
    return next
  }

  /// The record of a rollout that waits for a person; nobody holds its lease.
  func held(for reason: RecordReason) -> RolloutRecord {
    var next = record
    next.state = .hold(reason)
    next.leaseEnd = nil
    return next
  }
}
