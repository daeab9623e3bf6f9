internal import AWSClient

/// Whose credentials are in use: asked once a command, however many parts of it want to know.
actor CallerLookup {
  private let sts: STSClient
  private var known: CallerIdentity?

  init(_ sts: STSClient) {
    self.sts = sts
  }

  /// The account and the ARN behind the credentials.
  func identity() async throws(AWSError) -> CallerIdentity {
    if let known { return known }
    let found = try await sts.getCallerIdentity()
    known = found
    return found
  }
}
