/// A version that a function could go back to, though no record says so.
package struct FormerVersion: Hashable, Sendable {
  /// The function's logical name.
  package let function: String
  /// The version that serves.
  package let serving: String
  /// The newest version before it that had traffic through the alias.
  package let version: String
  /// How much of it in the last 15 days.
  package let invocations: Int
}
