/// Where the packages of functions come from: a builder, or artifacts that were built before.
package protocol PackageMaker: Sendable {
  /// The package of each of several functions by logical name, or why there is none.
  ///
  /// - Parameter digests: those of each function, by its name.
  func packages(
    _ definitions: [FunctionDefinition], digests: [String: FunctionDigests],
    progress: @escaping @Sendable (BuildEvent) -> Void
  ) async -> [String: Result<BuiltPackage, PackagerError>]

  /// The container image of each of several functions by logical name, or why there is none.
  func images(
    _ definitions: [FunctionDefinition], progress: @escaping @Sendable (BuildEvent) -> Void
  ) async -> [String: Result<BuiltImage, PackagerError>]
}
