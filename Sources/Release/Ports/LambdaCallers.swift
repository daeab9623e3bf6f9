package import AWSClient

/// The calls of Lambda that tell who may call a function, and by which name. None of them writes.
package protocol LambdaCallers: Sendable {
  /// Who may invoke a function or alias; nil when it has no policy.
  func getPolicy(_ function: String, qualifier: String?) async throws(AWSError) -> FunctionPolicy?
  /// What feeds a function events, by whichever name.
  func listEventSourceMappings(_ function: String) async throws(AWSError) -> [EventSourceMapping]
  /// The URL of a function or alias; nil when it has none.
  func getFunctionURL(_ function: String, qualifier: String?) async throws(AWSError) -> FunctionURL?
}

extension LambdaClient: LambdaCallers {}
