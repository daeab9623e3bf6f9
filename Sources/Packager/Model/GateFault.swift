/// One reason why a package must not be uploaded.
public struct GateFault: Hashable, Sendable, CustomStringConvertible {
  /// The file in the package, or nil when the whole package is meant.
  public let file: String?
  /// What was found.
  public let found: String
  /// What is allowed instead.
  public let allowed: String
  /// The way out.
  public let fix: String

  /// One sentence without the way out.
  public var description: String {
    (file.map { "\($0) " } ?? "") + "\(found); \(allowed)"
  }
}
