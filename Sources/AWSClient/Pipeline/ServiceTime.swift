internal import Core

/// What the services' `Date` headers say about this machine's clock.
final class ServiceTime: Sendable {
  private struct State {
    var observed = TimeSpan.zero
    var isKnown = false
    var signing = TimeSpan.zero
  }

  /// A clock that is less off than this does not make a signature fail.
  private static let tolerated = TimeSpan.minutes(4)

  private let clock: any WallClock
  private let state = Lock(State())

  init(clock: any WallClock) {
    self.clock = clock
  }

  /// The services' present time, as far as their answers tell.
  var now: Timestamp { clock.now() + offset }

  /// What to add to this machine's clock to get the services' time.
  var offset: TimeSpan { state.withLock { $0.observed } }

  /// Whether an answer has told the time yet.
  var isKnown: Bool { state.withLock { $0.isKnown } }

  /// The moment to sign with.
  var signingTime: Timestamp {
    clock.now() + state.withLock { $0.signing }
  }

  /// Takes the time of an answer in. The header counts whole seconds: within its second, the clock is right.
  func observe(_ headers: HTTPHeaders) {
    guard let text = headers["Date"], let date = Timestamp(httpDate: text) else { return }
    let early = date - clock.now()
    let late = date + .seconds(1) - clock.now()
    let offset = early > .zero ? early : late < .zero ? late : .zero
    state.withLock { state in
      state.observed = offset
      state.isKnown = true
    }
  }

  /// Signs with the services' time from now on.
  ///
  /// - Returns: whether that makes a difference to a signature made at `moment`.
  func correct(signedAt moment: Timestamp) -> Bool {
    state.withLock { state in
      let right = clock.now() + state.observed
      guard (right - moment).seconds.magnitude > Self.tolerated.seconds else { return false }
      state.signing = state.observed
      return true
    }
  }
}
