internal import AWSClient
internal import Core

/// Tells whoever shows what goes on that calls are tried again: a line now and then, not one for each of many functions.
final class RetryTeller: Sendable {
  /// Between two lines, by the clock of the calls.
  private static let pause = TimeSpan.seconds(5)

  private struct State {
    var listener: (@Sendable (String) -> Void)?
    var told: Timestamp?
  }

  private let state = Lock(State())
  private let clock: any WallClock

  init(clock: any WallClock) {
    self.clock = clock
  }

  /// Has `listener` told from now on.
  func tell(_ listener: @escaping @Sendable (String) -> Void) { state.withLock { $0.listener = listener } }

  /// A call is about to be tried again.
  func note(_ notice: RetryNotice) {
    let now = clock.now()
    let listener = state.withLock { state -> (@Sendable (String) -> Void)? in
      guard let listener = state.listener, state.told.map({ now - $0 >= Self.pause }) ?? true else {
        return nil
      }
      state.told = now
      return listener
    }
    listener?(notice.words)
  }
}
