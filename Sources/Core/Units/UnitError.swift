/// A weight, a time or a plan of steps that cannot be understood. The description says what is accepted.
package enum UnitError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Text that is no length of time.
  case time(String, missingUnit: Bool)
  /// A length of time beyond 366 days.
  case tooLong(String)
  /// Text that is no share of traffic of 0.1 % to 100 %.
  case weight(String)
  /// A list of steps that breaks a rule.
  case steps(String, reason: String)

  /// One sentence for the user.
  package var description: String {
    switch self {
    case .time(let text, missingUnit: true):
      "'\(text)' has no unit: write \(text)s, \(text)m or \(text)h"
    case .time(let text, missingUnit: false):
      "'\(text)' is not a time: write for example 90s, 5m or 1h"
    case .tooLong(let text):
      "'\(text)' is longer than a year: write at most 366d"
    case .weight(let text):
      "'\(text)' is not a share of traffic: write at least 0.1% and at most 100%, such as 10% or 0.5%"
    case .steps(let text, let reason):
      "'\(text)' is not a list of steps: \(reason); write for example 1%:5m,10%:10m,50%:10m"
    }
  }
}
