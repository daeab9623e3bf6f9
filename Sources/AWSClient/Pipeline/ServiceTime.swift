internal import Core

/// What the services' `Date` headers say about this machine's clock.
final class ServiceTime: Sendable {
  private struct State {
    /// What the last answers said, the newest last.
    var observed: [TimeSpan] = []
    var signing = TimeSpan.zero
  }

  /// How many answers are remembered: what most of them say is believed, so that one with a wrong date, a proxy's, moves
  /// nothing that goes by this time.
  private static let memory = 5
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
  var offset: TimeSpan {
    state.withLock { state in
      let sorted = state.observed.sorted()
      // Of two that differ, the one that has this machine's clock right sooner.
      guard sorted.count != 2 else {
        return sorted.min { $0.seconds.magnitude < $1.seconds.magnitude } ?? .zero
      }
      return sorted.isEmpty ? .zero : sorted[sorted.count / 2]
    }
  }

  /// Whether an answer has told the time yet.
  var isKnown: Bool { state.withLock { !$0.observed.isEmpty } }

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
      state.observed = state.observed.suffix(Self.memory - 1) + [offset]
    }
  }

  /// Signs with the services' time from now on.
  ///
  /// - Returns: whether that makes a difference to a signature made at `moment`.
  func correct(signedAt moment: Timestamp) -> Bool {
    state.withLock { state in
      // Of the answer that refused the signature: it knows what it compared with.
      let newest = state.observed.last ?? .zero
      let right = clock.now() + newest
      guard (right - moment).seconds.magnitude > Self.tolerated.seconds else { return false }
      state.signing = newest
      return true
    }
  }
}
