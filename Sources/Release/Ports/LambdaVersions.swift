package import AWSClient

/// The calls of Lambda that tell of versions and aliases, and remove them.
package protocol LambdaVersions: Sendable {
  /// All versions of a function, `$LATEST` first, then ascending.
  func listVersions(_ name: String) async throws(AWSError) -> [FunctionConfiguration]
  /// All aliases of a function.
  func listAliases(_ function: String) async throws(AWSError) -> [AliasConfiguration]
  /// Deletes an alias; one that is gone already is no error.
  func deleteAlias(_ function: String, name: String) async throws(AWSError)
  /// Takes the URL of an alias away, and tells whether there was one.
  @discardableResult
  func deleteFunctionURLConfig(_ function: String, qualifier: String?) async throws(AWSError) -> Bool
  /// Deletes one published version; one that is gone already is no error.
  func deleteFunctionVersion(_ name: String, version: String) async throws(AWSError)
}

extension LambdaClient: LambdaVersions {}
