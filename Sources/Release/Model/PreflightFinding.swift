internal import AWSClient

/// Something that speaks against giving a new version traffic.
package struct PreflightFinding: Hashable, Sendable {
  /// What follows from it.
  package enum Severity: Hashable, Sendable {
    /// The release ends before any traffic has moved.
    case refusal
    /// The user is told, and the release goes on.
    case warning
  }

  /// The function's logical name; nil for the release as a whole.
  package let function: String?
  /// What follows from it.
  package let severity: Severity
  /// What does not hold, in a sentence without its full stop.
  package let rule: String
  /// What the user can do about it.
  package let fix: String
  /// The answer of AWS that it rests on, where it is one.
  var cause: AWSError?

  static func refusal(_ function: String?, _ rule: String, fix: String) -> PreflightFinding {
    PreflightFinding(function: function, severity: .refusal, rule: rule, fix: fix)
  }

  static func warning(_ function: String?, _ rule: String, fix: String) -> PreflightFinding {
    PreflightFinding(function: function, severity: .warning, rule: rule, fix: fix)
  }
}

extension PreflightFinding: CustomStringConvertible {
  /// Function, rule and fix as one line.
  package var description: String { (function.map { "\($0): " } ?? "") + "\(rule); \(fix)" }
}

extension PreflightFinding {
  /// Ends the release if the finding refuses it.
  ///
  /// - Throws: ``ReleaseError/preflight(function:rule:fix:)``.
  func enforce() throws(ReleaseError) {
    if severity == .refusal { throw error }
  }

  /// The error that a refusal ends the release with.
  var error: ReleaseError {
    cause.map { .aws($0, function: function) }
      ?? .preflight(function: function ?? "the release", rule: rule, fix: fix)
  }
}
