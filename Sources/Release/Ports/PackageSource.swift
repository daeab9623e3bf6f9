/// Builds packages when the release turns out to need them.
package protocol PackageSource: Sendable {
  /// The package of each of `functions`, by logical name, or why there is none: it cannot be built, or does not pass the
  /// gate. A unit that several functions share is built once.
  func packages(for functions: [String]) async -> [String: Result<FunctionPackage, PackageFailure>]
}
