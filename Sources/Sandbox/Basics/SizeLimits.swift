/// Sizes that several parts of a sandbox hold to.
enum SizeLimits {
  /// The most bytes of a request's body, and of an object or a package that is kept: a package of 50 MB takes a third more
  /// in a request.
  static let body = 80 << 20
}
