/// Builds packages when the release turns out to need them.
public protocol PackageSource: Sendable {
  /// The packages of `functions`, by logical name. A unit that several functions share is built once.
  ///
  /// - Throws: ``PackageFailure`` for the first function that cannot be built or does not pass the gate.
  func packages(for functions: [String]) async throws(PackageFailure) -> [String: FunctionPackage]
}
