/// In what `$LATEST` differs from the version that an alias serves.
public struct LatestDrift: Hashable, Sendable {
  /// It has other code.
  public let code: Bool
  /// It has other settings.
  public let configuration: Bool

  /// It is the same.
  static let none = LatestDrift(code: false, configuration: false)
}
