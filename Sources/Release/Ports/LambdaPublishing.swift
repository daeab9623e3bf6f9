public import AWSClient
public import Core

/// The calls of Lambda that bring a version into being.
public protocol LambdaPublishing: Sendable {
  /// One function, version or alias target.
  func getFunction(_ name: String, qualifier: String?) async throws(AWSError) -> FunctionDescription
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
  /// Tags of a function, over those it has.
  func tagResource(_ arn: String, tags: [String: String]) async throws(AWSError)
  /// The concurrency set aside for a function.
  func setFunctionConcurrency(_ function: String, reserved: Int?) async throws(AWSError)
}

extension LambdaClient: LambdaPublishing {}
