import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("Credentials of containers and instances")
struct MachineCredentialTests {
  @Test("a container's agent is asked with its token")
  func container() async throws {
    let world = CredentialTestWorld(
      server: try LoopbackServer(
        .json(
          200,
          #"{"AccessKeyId":"TASK","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}"#)))
    let file = try #require(world.home).write("agent-token", "Bearer from-file\n")
    let aws = try world.aws([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(world.server.url)/creds?x=1",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "loses",
    ])
    let summary = try await aws.credentials()
    #expect(summary.keyID == "TASK")
    #expect(
      summary.passedOver.map(\.source) == ["the environment", "web identity", "the profile \"default\""])
    #expect(world.server.requests.first?.target == "/creds?x=1")
    #expect(world.server.requests.first?["Authorization"] == "Bearer from-file")
  }

  @Test(
    "plain HTTP to a stranger is refused",
    arguments: [
      "http://example.com/x", "http://127.evil.example/x", "http://10.0.0.1/x", "not a url",
    ])
  func containerElsewhere(url: String) async throws {
    let world = CredentialTestWorld(server: try LoopbackServer(.json(500, "{}")))
    let text = await credentialProblem(try world.aws(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]))
    #expect(text.contains("the container cannot be used"), "\(text)")
    #expect(text.contains("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
  }

  private func metadata(_ world: CredentialTestWorld, disabled: String = "") throws -> AWS {
    try world.aws([
      "AWS_EC2_METADATA_DISABLED": disabled, "AWS_EC2_METADATA_SERVICE_ENDPOINT": world.server.url,
    ])
  }

  @Test("an instance is asked for a token first, then for its role")
  func instance() async throws {
    let world = CredentialTestWorld(
      server: try LoopbackServer { request, _ in
        switch (request.method, request.path) {
        case ("PUT", "/latest/api/token"): return .answer(200, "imds-token")
        case ("GET", "/latest/meta-data/iam/security-credentials/"): return .answer(200, "web role\n")
        default:
          return .answer(
            200,
            #"{"Code":"Success","AccessKeyId":"EC2","SecretAccessKey":"s","Token":"t","#
              + #""Expiration":"2099-01-01T00:00:00Z"}"#)
        }
      })
    let summary = try await metadata(world).credentials()
    #expect(summary.keyID == "EC2")
    #expect(summary.source == "the instance's role web role")
    #expect(world.server.requests[0]["X-aws-ec2-metadata-token-ttl-seconds"] == "21600")
    #expect(world.server.requests[1]["X-aws-ec2-metadata-token"] == "imds-token")
    #expect(world.server.requests[2].path == "/latest/meta-data/iam/security-credentials/web%20role")
  }

  @Test("an instance metadata service that hangs is passed over soon, with a hint")
  func hangingInstance() async throws {
    let world = CredentialTestWorld(server: try LoopbackServer(.stall("")))
    let started = SystemClock().now()
    let text = await credentialProblem(try metadata(world))
    #expect(text.contains("hop limit"))
    #expect((SystemClock().now() - started).seconds < 8)
  }

  @Test("an instance without a role is passed over, one that may not be asked is not asked")
  func noInstanceRole() async throws {
    let world = CredentialTestWorld(server: try LoopbackServer(.answer(200, "token"), .answer(404, "")))
    #expect(await credentialProblem(try metadata(world)).contains("the instance (it has no role)"))
    let quiet = CredentialTestWorld(server: try LoopbackServer(.answer(200, "token")))
    #expect(
      await credentialProblem(try metadata(quiet, disabled: "TRUE")).contains(
        "AWS_EC2_METADATA_DISABLED is true"))
    #expect(quiet.server.requests.isEmpty)
  }
}
