internal import CSystem
import Glibc

/// Where time comes from. Passed in everywhere, so that tests and rehearsals set their own pace.
package protocol WallClock: Sendable {
  /// The present moment.
  func now() -> Timestamp

  /// Returns after `span`, or throws `CancellationError` as soon as the task is cancelled.
  func sleep(for span: TimeSpan) async throws
}

/// The machine's own clock.
package struct SystemClock: WallClock {
  /// The one there is.
  package init() {}

  /// The machine's time of day.
  package func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
  }

  /// Sleeps in real time.
  package func sleep(for span: TimeSpan) async throws {
    guard span > .zero else { return try Task.checkCancellation() }
    try await Task.sleep(nanoseconds: UInt64(min(span.seconds, 1e9) * 1e9))
  }
}

/// A clock that runs `speed` times as fast as real time from an anchor on; the sandbox and its clients share one.
package struct ScaledClock: WallClock {
  /// The paces there are: one in which a day takes a second, and one that lasts as long the other way, are far within.
  package static let speeds = 0.001...100_000.0

  /// How many of its seconds pass in a real one; within ``speeds``.
  package let speed: Double
  /// The real moment of the anchor.
  package let realAnchor: Timestamp
  /// What this clock showed at the anchor.
  package let anchor: Timestamp

  private let real = SystemClock()

  /// Shows `anchor` at the real moment `realAnchor`; a speed beyond ``speeds`` becomes the nearest in it.
  package init(speed: Double, realAnchor: Timestamp, anchor: Timestamp) {
    self.speed = speed.isNaN ? 1 : min(max(speed, Self.speeds.lowerBound), Self.speeds.upperBound)
    self.realAnchor = realAnchor
    self.anchor = anchor
  }

  /// The scaled time of day.
  package func now() -> Timestamp {
    anchor + (real.now() - realAnchor) * speed
  }

  /// Sleeps `span` of scaled time.
  package func sleep(for span: TimeSpan) async throws {
    try await real.sleep(for: span * (1 / speed))
  }
}
