package import Core

/// What both versions did on one alias in one settled minute.
package struct Minute: Hashable, Sendable {
  /// When it began; nil where nobody wrote that down. Its number is its place among the minutes.
  package var start: Timestamp?
  /// The canary's invocations and errors.
  package var canary: Counts
  /// The stable version's invocations and errors.
  package var stable: Counts
  /// Invocations slower than each of up to three limits, the lowest limit first; empty where nobody asked.
  package var slow: [Split]
  /// Counts of the user's own metrics by name. A metric without an entry says nothing about this minute.
  package var extra: [String: Split]

  /// A minute of errors, and of whatever else is known.
  package init(
    start: Timestamp? = nil, canary: Counts, stable: Counts, slow: [Split] = [], extra: [String: Split] = [:]
  ) {
    self.start = start
    self.canary = canary
    self.stable = stable
    self.slow = slow
    self.extra = extra
  }
}

/// What the stable version did in one minute before the canary began.
package struct HistoryMinute: Hashable, Sendable {
  /// Its invocations and errors.
  package var counts: Counts
  /// Its invocations slower than each limit, in the order of ``Minute/slow``; empty where nobody asked.
  package var slow: [Int]
  /// Its counts of the user's own metrics by name.
  package var extra: [String: Int]

  /// A minute of errors, and of whatever else is known.
  package init(_ counts: Counts, slow: [Int] = [], extra: [String: Int] = [:]) {
    self.counts = counts
    self.slow = slow
    self.extra = extra
  }
}
