package import Core

/// A clock that stands still but for those who sleep on it: a sleep takes no real time and moves it on.
package final class ManualClock: WallClock {
  private let moment: Lock<Timestamp>

  /// Shows `start` until somebody sleeps.
  package init(start: Timestamp = Timestamp(seconds: 1_763_704_140)) {
    moment = Lock(start)
  }

  /// What it shows.
  package func now() -> Timestamp { moment.withLock { $0 } }

  /// Moves the clock on by `span` and lets others run. Until a moment that is past nobody sleeps.
  package func sleep(for span: TimeSpan) async throws {
    try Task.checkCancellation()
    advance(by: max(.zero, span))
    await Task.yield()
  }

  /// Moves the clock on.
  package func advance(by span: TimeSpan) {
    moment.withLock { moment in moment = moment + span }
  }
}
