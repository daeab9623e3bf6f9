package import AWSClient
package import Core

/// The calls of Lambda that tell of settings which need no version.
package protocol LambdaSettingReading: Sendable {
  /// The ARN of a function's code signing configuration; nil when it has none.
  func getFunctionCodeSigningConfig(_ function: String) async throws(AWSError) -> String?
  /// How the runtime of a version is kept up to date.
  func getRuntimeManagementConfig(
    _ function: String, qualifier: String
  ) async throws(AWSError) -> JSONObject
  /// What Lambda does about a function that calls itself.
  func getFunctionRecursionConfig(_ function: String) async throws(AWSError) -> String?
  /// Concurrency that is kept ready for a version or alias; nil when none is.
  func getProvisionedConcurrencyConfig(
    _ function: String, qualifier: String
  ) async throws(AWSError) -> ProvisionedConcurrency?
}

/// The calls of Lambda that write them.
package protocol LambdaSettingWriting: LambdaSettingReading {
  /// Tags of a function, over those it has.
  func tagResource(_ arn: String, tags: [String: String]) async throws(AWSError)
  /// The concurrency set aside for a function; nil gives it back.
  func setFunctionConcurrency(_ function: String, reserved: Int?) async throws(AWSError)
  /// The code signing configuration of a function; nil takes it away.
  func setFunctionCodeSigningConfig(_ function: String, arn: String?) async throws(AWSError)
  /// How the runtime of a version is kept up to date.
  func putRuntimeManagementConfig(
    _ function: String, qualifier: String, configuration: JSONObject
  ) async throws(AWSError)
  /// What Lambda does about a function that calls itself.
  func putFunctionRecursionConfig(_ function: String, loop: String) async throws(AWSError)
  /// Concurrency kept ready for a version; nil lets it go.
  func setProvisionedConcurrency(
    _ function: String, qualifier: String, provisioned: Int?
  ) async throws(AWSError)
}

extension LambdaClient: LambdaSettingWriting {}
