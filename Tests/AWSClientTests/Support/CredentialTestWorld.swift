import Core
import TestSupport
import Testing

@testable import AWSClient

/// A world of its own: a home folder, and one server that plays all services.
struct CredentialTestWorld {
  let home = try? TemporaryFolder()
  let server: LoopbackServer
  let clock = ManualClock()

  func aws(_ variables: [String: String] = [:], profile: String? = nil, config: String = "") throws -> AWS {
    let home = try #require(self.home)
    try home.write(".aws/config", "[default]\nregion = eu-central-1\n" + config)
    var environment = [
      "HOME": home.path, "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "eu-central-1",
    ]
    environment["PATH"] = "/usr/bin:/bin"
    environment.merge(variables) { $1 }
    let settings = AWSSettings(profile: profile, endpointURL: server.url)
    return try AWS(settings: settings, environment: environment, clock: clock)
  }
}

/// The description of the error that the search for credentials ends with.
func credentialProblem(_ aws: AWS) async -> String {
  let error = await failure { () async throws(AWSError) in _ = try await aws.credentials() }
  return error.map { "\($0)" } ?? "no error"
}
