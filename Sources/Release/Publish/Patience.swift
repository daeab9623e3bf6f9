internal import Core

/// The pauses between looks at something that takes its time: 0.2 s at first and up to 3 s later, each with jitter,
/// until a deadline.
struct Patience {
  private static let firstPause = 0.2
  private static let longestPause = 3.0
  private static let growth = 1.6
  /// How often those who watch are told how long it has taken so far.
  private static let interval = TimeSpan.seconds(30)

  private let waiter: Waiter
  private let name: FunctionName
  private let subject: String
  private let start: Timestamp
  private var pause = Self.firstPause
  private var lastTold: Timestamp

  /// Waits for `subject` of a function from now on, for as long as `waiter` may.
  ///
  /// - Parameter subject: what is waited for, as the error is to name it: `version 42`.
  init(_ waiter: Waiter, _ name: FunctionName, subject: String) {
    self.waiter = waiter
    self.name = name
    self.subject = subject
    start = waiter.clock.now()
    lastTold = start
  }

  /// Returns after the next pause.
  ///
  /// - Throws: ``ReleaseError/timedOut(function:subject:seconds:)`` once the deadline is past,
  ///   ``ReleaseError/interrupted``.
  mutating func rest() async throws(ReleaseError) {
    let now = waiter.clock.now()
    let left = start + waiter.timeout - now
    guard left > .zero else {
      throw .timedOut(function: name.function, subject: subject, seconds: Int(waiter.timeout.seconds))
    }
    if now - lastTold >= Self.interval {
      lastTold = now
      let elapsed = Int((now - start).seconds)
      waiter.report(
        .note(
          name.function, "\(subject) is not ready after \(elapsed) s; waiting on, for \(Int(left.seconds)) s")
      )
    }
    do {
      try await waiter.clock.sleep(for: min(.seconds(pause * waiter.jitter()), left))
    } catch {
      throw .interrupted
    }
    pause = min(pause * Self.growth, Self.longestPause)
  }
}
