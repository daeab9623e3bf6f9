internal import Core

/// A moment of the past, as a person names it.
enum PastMoment: Hashable, ParameterValue {
  /// So long before now: `2h`.
  case ago(TimeSpan)
  /// A point in time: `2026-11-21T05:49:00Z`.
  case at(Timestamp)

  init(argument: String) throws(ValueError) {
    if let moment = Timestamp(iso8601: argument) {
      self = .at(moment)
    } else if let span = try? TimeSpan(parsing: argument), span > .zero {
      self = .ago(span)
    } else {
      throw ValueError(
        "'\(argument)' is no moment of the past: write for example 2h, or 2026-11-21T05:49:00Z")
    }
  }

  /// The moment, seen from `now`.
  func moment(before now: Timestamp) -> Timestamp {
    switch self {
    case .ago(let span): now - span
    case .at(let moment): moment
    }
  }
}
