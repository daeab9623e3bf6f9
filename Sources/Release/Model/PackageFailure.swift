/// A function that could not be built, or whose package must not be uploaded.
package struct PackageFailure: Error, Hashable, Sendable {
  /// Logical name of the function.
  package let function: String
  /// What failed and why, in one sentence.
  package let message: String
  /// The same for a page that others read, without command lines and what commands have said; nil where `message` has none.
  package let brief: String?
  /// What to do about it, where that is known.
  package let fix: String?

  /// Where the fault lies.
  package enum Kind: Hashable, Sendable {
    /// In what the repository says: nothing was built of it.
    case configuration
    /// It was built and must not be uploaded.
    case gate
    /// Anywhere else: a command that failed, a registry that refused.
    case other
  }

  /// Where the fault lies.
  package let kind: Kind

  /// A failure of `function`.
  package init(
    function: String, message: String, brief: String? = nil, fix: String? = nil, kind: Kind = .other
  ) {
    self.brief = brief
    self.kind = kind
    self.function = function
    self.message = message
    self.fix = fix
  }
}
