/// In what `$LATEST` differs from the version that an alias serves.
package struct LatestDrift: Hashable, Sendable {
  /// It has other code.
  package let code: Bool
  /// It has other settings.
  package let configuration: Bool

  /// It is the same.
  static let none = LatestDrift(code: false, configuration: false)
}
