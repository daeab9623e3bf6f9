internal import Core

// When the phases of a rollout end.
extension RolloutMachine {
  /// The last step with traffic, from 0; -1 where all traffic moves at once.
  var lastTraffic: Int { settings.steps.lastIndex { $0 != .pause } ?? -1 }

  /// Between steps the weights move on time. Before the promotion the last minute that belongs to the step must have
  /// settled, and what runs until it times out must have ended: nothing is promoted on evidence that is not in yet.
  func end(ofStep index: Int, since moment: Timestamp, _ duration: TimeSpan) -> Timestamp {
    let end = moment + duration
    guard index == lastTraffic else { return end }
    return (end - .seconds(0.001)).startOfMinute + .minutes(1) + max(settings.settle, settings.drain)
  }

  /// From the first full minute on: the one under way has traffic of both, and counts for neither.
  func end(ofBakeSince moment: Timestamp) -> Timestamp {
    moment.startOfMinute + .minutes(1) + settings.bake + settings.settle
  }
}
