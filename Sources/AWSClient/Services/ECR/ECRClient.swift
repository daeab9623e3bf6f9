internal import Core

/// What opens the registries of ECR for some hours. Its description does not show it.
package struct RegistryToken: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  /// Base64 of user, colon and password: what a container engine's configuration calls `auth`.
  package let value: String

  /// A token of this value.
  package init(value: String) {
    self.value = value
  }

  /// Says only what it is.
  package var description: String { "token of a registry" }
  /// The same.
  package var debugDescription: String { description }
}

/// The operations of Elastic Container Registry. All throw ``AWSError``.
package struct ECRClient: Sendable {
  let pipeline: Pipeline

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// A token for all registries of the region that the caller may use.
  package func getAuthorizationToken() async throws(AWSError) -> RegistryToken {
    let call = APICall.json(
      .ecr, "GetAuthorizationToken", target: "AmazonEC2ContainerRegistry_V20150921", version: "1.1",
      JSONObject())
    let answer = try await pipeline.answer(call).object
    guard let token = answer["authorizationData"]?.array?.first?["authorizationToken"]?.string else {
      throw .malformedAnswer(operation: call.title, endpoint: "ECR", reason: "it holds no token")
    }
    return RegistryToken(value: token)
  }
}
