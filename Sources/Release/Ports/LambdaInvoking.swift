package import AWSClient

/// The call of Lambda that runs a function.
package protocol LambdaInvoking: Sendable {
  /// Runs a version and returns what it answers.
  func invoke(
    _ function: String, qualifier: String?, payload: [UInt8], kind: InvocationKind, logs: Bool
  ) async throws(AWSError) -> InvokeResult
}

extension LambdaClient: LambdaInvoking {}
