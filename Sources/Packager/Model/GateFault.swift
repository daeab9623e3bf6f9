/// One reason why a package must not be uploaded.
package struct GateFault: Hashable, Sendable, CustomStringConvertible {
  /// The file in the package, or nil when the whole package is meant.
  package let file: String?
  /// What was found.
  package let found: String
  /// What is allowed instead.
  package let allowed: String
  /// The way out.
  package let fix: String

  /// One sentence without the way out.
  package var description: String {
    (file.map { "\($0) " } ?? "") + "\(found); \(allowed)"
  }
}
