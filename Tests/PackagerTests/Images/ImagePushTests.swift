import Core
import TestSupport
import Testing

@testable import Packager

@Suite("Container images are pushed with the docker CLI")
struct ImagePushTests {
  private static let token = Base64.encode(Array("AWS:password-of-hours".utf8))
  private let repository = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders"

  private func push(
    _ engine: EngineStandIn, to repository: String, token: String?, _ more: [String: String] = [:]
  ) async throws -> String {
    let push = ImagePush(
      environment: engine.programs.environment.merging(more) { $1 }, secrets: Secrets())
    return try await push.push(
      EngineStandIn.id, to: try #require(ImageRepository(parsing: repository)), token: token)
  }

  @Test("under a name that follows from it; the digest is that of its manifest")
  func words() async throws {
    let engine = try EngineStandIn()
    let digest = try await push(engine, to: repository, token: Self.token)
    #expect(digest == EngineStandIn.manifest)
    let name = "\(repository):lamctl-1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a"
    #expect(try engine.calls() == [["tag", EngineStandIn.id, name], ["push", name]])
  }

  @Test("the token is in a file of this call alone, and nowhere else")
  func token() async throws {
    let home = try TemporaryFolder()
    try home.write(
      ".docker/config.json",
      #"{"currentContext": "colima", "credsStore": "desktop", "auths": {"https://index.docker.io/v1/": {"auth": "own"}}}"#
    )
    try home.write(".docker/contexts/meta/1/meta.json", "{}")
    let engine = try EngineStandIn()
    _ = try await push(engine, to: repository, token: Self.token, ["HOME": home.path])
    let settings = try JSON(parsing: try engine.log.read("settings"))
    #expect(
      settings == [
        "auths": ["123456789012.dkr.ecr.eu-west-1.amazonaws.com": ["auth": .string(Self.token)]],
        "currentContext": "colima",
      ])
    #expect(try engine.log.read("modes") == "700\n600\n")
    #expect(try engine.log.read("contexts") == "meta\n")
    #expect(try !Files.exists(engine.log.read("place").split(separator: "\n").joined()))
    for name in ["words", "variables"] { #expect(try !engine.log.read(name).contains(Self.token)) }
    #expect(try home.read(".docker/config.json").contains("own"))
  }

  @Test("a registry of this machine is left to docker's own settings")
  func local() async throws {
    let engine = try EngineStandIn()
    #expect(try await push(engine, to: "localhost:5000/orders", token: nil) == EngineStandIn.manifest)
    #expect(!Files.exists(engine.log.path + "/settings"))
  }

  @Test(
    "a refusal says what docker said, and how to make what is missing",
    arguments: [
      (
        "echo 'name unknown: The repository with name orders does not exist in the registry' >&2; exit 1",
        "'docker push 123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:lamctl-1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a' "
          + "failed with exit code 1: name unknown: The repository with name orders does not exist in the registry; "
          + "make it with 'aws ecr create-repository --region eu-west-1 --repository-name orders'"
      ), ("echo done", "'docker push' named no digest of what it sent"),
    ])
  func refusals(script: String, reason: String) async throws {
    let engine = try EngineStandIn(push: script)
    let text = await message { _ = try await push(engine, to: repository, token: Self.token) }
    #expect(text == "\(repository): \(reason)")
  }
}
