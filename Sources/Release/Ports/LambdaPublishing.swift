package import AWSClient
package import Core

/// The calls of Lambda that bring a version into being.
package protocol LambdaPublishing: LambdaSettingWriting {
  /// One function, version or alias target.
  func getFunction(_ name: String, qualifier: String?) async throws(AWSError) -> FunctionDescription
  /// All versions of a function, `$LATEST` first, then ascending.
  func listVersions(_ name: String) async throws(AWSError) -> [FunctionConfiguration]
  /// A new function.
  func createFunction(
    name: String, code: FunctionCode, configuration: JSONObject
  ) async throws(AWSError) -> FunctionConfiguration
  /// Other code for `$LATEST`.
  func updateFunctionCode(
    _ name: String, code: FunctionCode, architectures: [String]?, revisionID: String?
  ) async throws(AWSError) -> FunctionConfiguration
  /// Other settings for `$LATEST`.
  func updateFunctionConfiguration(
    _ name: String, changes: JSONObject, revisionID: String?
  ) async throws(AWSError) -> FunctionConfiguration
  /// A version from `$LATEST`.
  func publishVersion(
    _ name: String, codeSHA256: String?, revisionID: String?, description: String?
  ) async throws(AWSError) -> FunctionConfiguration
}

extension LambdaClient: LambdaPublishing {}
