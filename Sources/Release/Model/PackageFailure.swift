/// A function that could not be built, or whose package must not be uploaded.
public struct PackageFailure: Error, Hashable, Sendable {
  /// Logical name of the function.
  public let function: String
  /// What failed and why, in one sentence.
  public let message: String
  /// What to do about it, where that is known.
  public let fix: String?

  /// Whether it was built and must not be uploaded.
  public let isGate: Bool

  /// A failure of `function`.
  public init(function: String, message: String, fix: String? = nil, isGate: Bool = false) {
    self.isGate = isGate
    self.function = function
    self.message = message
    self.fix = fix
  }
}
