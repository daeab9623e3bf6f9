package import AWSClient

/// The calls of Lambda that a plan needs. None of them writes.
package protocol LambdaReading: LambdaAliasReading, LambdaSettingReading, LambdaLayerReading {
  /// One function, version or alias target.
  func getFunction(_ name: String, qualifier: String?) async throws(AWSError) -> FunctionDescription
  /// One page of all functions' `$LATEST`.
  func listFunctions(marker: String?) async throws(AWSError) -> Page<FunctionConfiguration>
  /// All versions of a function, `$LATEST` first, then ascending.
  func listVersions(_ name: String) async throws(AWSError) -> [FunctionConfiguration]
}

extension LambdaClient: LambdaReading {
  /// One function, version or alias target.
  package func getFunction(_ name: String, qualifier: String?) async throws(AWSError) -> FunctionDescription {
    try await getFunction(name, qualifier: qualifier, priority: .normal)
  }

  /// One alias.
  package func getAlias(_ function: String, name: String) async throws(AWSError) -> AliasConfiguration {
    try await getAlias(function, name: name, priority: .normal)
  }
}
