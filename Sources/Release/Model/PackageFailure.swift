/// A function that could not be built, or whose package must not be uploaded.
public struct PackageFailure: Error, Hashable, Sendable {
  /// Logical name of the function.
  public let function: String
  /// What failed and why, in one sentence.
  public let message: String
  /// The same for a page that others read, without command lines and what commands have said; nil where `message` has none.
  public let brief: String?
  /// What to do about it, where that is known.
  public let fix: String?

  /// Whether it was built and must not be uploaded.
  public let isGate: Bool

  /// A failure of `function`.
  public init(
    function: String, message: String, brief: String? = nil, fix: String? = nil, isGate: Bool = false
  ) {
    self.brief = brief
    self.isGate = isGate
    self.function = function
    self.message = message
    self.fix = fix
  }
}
