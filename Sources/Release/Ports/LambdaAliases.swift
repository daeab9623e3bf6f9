package import AWSClient

/// The call of Lambda that shows where traffic goes.
package protocol LambdaAliasReading: Sendable {
  /// One alias.
  func getAlias(_ function: String, name: String) async throws(AWSError) -> AliasConfiguration
}

/// The calls of Lambda that move traffic.
package protocol LambdaAliases: LambdaAliasReading {
  /// A new alias with all traffic on one version.
  func createAlias(
    _ function: String, name: String, version: String, description: String
  ) async throws(AWSError) -> AliasConfiguration
  /// Version, weights and Description of an alias in one compare-and-swap.
  func updateAlias(
    _ function: String, name: String, version: String, weights: [String: Double], description: String,
    revisionID: String?, priority: RequestPriority
  ) async throws(AWSError) -> AliasConfiguration
}

extension LambdaClient: LambdaAliases {}
