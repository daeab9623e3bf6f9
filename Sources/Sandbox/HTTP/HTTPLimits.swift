internal import Core

/// What a server takes from those who connect to it. All times are real seconds.
struct HTTPLimits: Sendable {
  /// The most bytes of a body.
  var body: Int
  /// The most bytes of all bodies that are being read, or belong to requests under way, at one time.
  var allBodies = 192 << 20
  /// How long a connection may say nothing between two requests.
  var idle = 75.0
  /// How long a head may take from its first byte to its end.
  var head = 10.0
  /// How long a body may take, and the bytes a second that give it more time.
  var bodyTime = 20.0
  var bodyRate = 256_000.0
  /// How long the other end may take nothing of an answer.
  var send = 30

  /// The most bytes of a request line with all header fields, and of one chunk's line.
  static let headBytes = 1 << 16
  /// The most header fields, and the most fields behind a chunked body.
  static let fields = 100

  init(body: Int) {
    self.body = body
  }
}

/// How many connections a server has had.
package struct ConnectionCount: Hashable, Sendable {
  /// All so far.
  package var accepted = 0
  /// The most that were open at once.
  package var mostOpen = 0
}

/// Room for bodies that all connections of a server share, so that no number of them fills the memory.
final class BodyRoom: Sendable {
  private let limit: Int
  private let used = Monitor(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// Takes `count` bytes of room, and waits for it until the monotonic moment `deadline`; false when none came free.
  func take(_ count: Int, until deadline: Double) -> Bool {
    used.wait(until: deadline) { used in
      guard used + count <= self.limit else { return nil }
      used += count
      return true
    } ?? false
  }

  func giveBack(_ count: Int) { used.update { $0 -= count } }
}
