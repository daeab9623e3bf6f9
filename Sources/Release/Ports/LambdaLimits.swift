package import AWSClient

/// The calls of Lambda that tell of concurrency.
package protocol LambdaLimits: Sendable {
  /// Concurrency that is kept ready for a version or alias; nil when none is.
  func getProvisionedConcurrencyConfig(
    _ function: String, qualifier: String
  ) async throws(AWSError) -> ProvisionedConcurrency?
  /// The account's limits.
  func getAccountSettings() async throws(AWSError) -> AccountSettings
}

extension LambdaClient: LambdaLimits {}
