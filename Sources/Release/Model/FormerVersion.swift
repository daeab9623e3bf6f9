/// A version that a function could go back to, though no record says so.
public struct FormerVersion: Hashable, Sendable {
  /// The function's logical name.
  public let function: String
  /// The version that serves.
  public let serving: String
  /// The newest version before it that had traffic through the alias.
  public let version: String
  /// How much of it in the last 15 days.
  public let invocations: Int
}
