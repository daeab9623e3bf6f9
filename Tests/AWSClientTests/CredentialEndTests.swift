import Core
import Glibc
import TestSupport
import Testing

@testable import AWSClient

@Suite("When credentials end for good")
struct CredentialEndTests {
  private static let keys = [
    "AWS_ACCESS_KEY_ID": "KEY", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
  ]

  /// STS as it answers with credentials of an hour.
  private static func sts(_ clock: ManualClock) throws -> LoopbackServer {
    try LoopbackServer { request, _ in
      let operation =
        request.bodyText.contains("WebIdentityToken=") ? "AssumeRoleWithWebIdentity" : "AssumeRole"
      let end = (clock.now() + .minutes(60)).iso8601
      return .answer(
        200,
        """
        <\(operation)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(operation)Result><Credentials>
        <AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
        <Expiration>\(end)</Expiration></Credentials></\(operation)Result></\(operation)Response>
        """)
    }
  }

  @Test("keys of the environment end when the environment says so, and nobody knows without")
  func environment() async throws {
    let world = CredentialTestWorld(server: try LoopbackServer(.json(500, "{}")))
    let end = world.clock.now() + .minutes(40)
    let variables = Self.keys.merging(["AWS_CREDENTIAL_EXPIRATION": end.iso8601]) { $1 }
    #expect(try await world.aws(variables).credentialsEnd()?.iso8601 == end.iso8601)
    #expect(try await world.aws(Self.keys).credentialsEnd() == nil)
    #expect(try await world.aws().credentialsEnd() == nil)
  }

  @Test("a role that is taken on with them goes on for as long as its last session")
  func roleOnEnvironment() async throws {
    let clock = ManualClock()
    let world = CredentialTestWorld(server: try Self.sts(clock))
    let config = "[profile ci]\nrole_arn = r\ncredential_source = Environment\n"
    for (minutes, expected) in [(20, 60), (90, 90)] {
      let end = clock.now() + .minutes(Double(minutes))
      let variables = Self.keys.merging(["AWS_CREDENTIAL_EXPIRATION": end.iso8601]) { $1 }
      let aws = try world.aws(variables, profile: "ci", config: config)
      #expect(await aws.credentialsEnd()?.iso8601 == (clock.now() + .minutes(Double(expected))).iso8601)
    }
    #expect(try await world.aws(Self.keys, profile: "ci", config: config).credentialsEnd() == nil)
  }

  @Test("a token that a job has written once ends; one that Kubernetes turns over does not")
  func tokenFile() async throws {
    let clock = ManualClock()
    let world = CredentialTestWorld(server: try Self.sts(clock))
    let home = try #require(world.home)
    let end = clock.now() + .minutes(90)
    let claims = Base64.encode(Array("{\"sub\":\"a?b>c\",\"exp\":\(Int(end.seconds))}".utf8))
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    let file = try home.write("token", "e30.\(claims).c2ln")
    let link = "\(home.path)/mounted"
    #expect(symlink(file, link) == 0)
    func told(by path: String) async throws -> String? {
      try await world.aws(["AWS_WEB_IDENTITY_TOKEN_FILE": path, "AWS_ROLE_ARN": "r"]).credentialsEnd()?
        .iso8601
    }
    #expect(try await told(by: file) == Timestamp(seconds: Double(Int(end.seconds))).iso8601)
    #expect(try await told(by: link) == nil)
    try home.write("token", "no-web-token")
    #expect(try await told(by: file) == nil)
  }

  @Test(
    "a sign-in session ends unless it comes with what renews it",
    arguments: [
      (#""clientId":"c","clientSecret":"s","refreshToken":"r""#, true), (#""clientId":"c""#, false),
    ])
  func signIn(members: String, isRenewable: Bool) async throws {
    let clock = ManualClock()
    let role = (clock.now() + .minutes(60)).seconds * 1000
    let world = CredentialTestWorld(
      server: try LoopbackServer(
        .json(
          200,
          #"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s","sessionToken":"t","#
            + "\"expiration\":\(Int(role))}}")))
    let session = clock.now() + .minutes(8 * 60)
    try world.home?.write(
      ".aws/sso/cache/\(SHA1.hex(of: "https://corp.example/start")).json",
      "{\"accessToken\":\"token\",\"expiresAt\":\"\(session.iso8601)\",\(members)}")
    let end = try await world.aws(
      profile: "ci",
      config: """
        [profile ci]
        sso_start_url = https://corp.example/start
        sso_region = eu-west-1
        sso_account_id = 123456789012
        sso_role_name = deploy
        """
    ).credentialsEnd()
    #expect(end?.iso8601 == (isRenewable ? nil : session.iso8601))
  }

  @Test("a program is asked again; when it has nothing newer, the end is known")
  func program() async throws {
    let world = CredentialTestWorld(server: try LoopbackServer(.json(500, "{}")))
    let home = try #require(world.home)
    let end = world.clock.now() + .minutes(30)
    func write(_ end: Timestamp) throws {
      try home.write(
        "keys",
        #"{"Version":1,"AccessKeyId":"K","SecretAccessKey":"s","Expiration":"\#(end.iso8601)"}"#)
    }
    try write(end)
    let aws = try world.aws(
      profile: "ci", config: "[profile ci]\ncredential_process = cat \(home.path)/keys\n")
    #expect(await aws.credentialsEnd() == nil)
    world.clock.advance(by: .minutes(26))
    #expect(await aws.credentialsEnd()?.iso8601 == end.iso8601)
    try write(end + .minutes(60))
    world.clock.advance(by: .minutes(1))
    #expect(await aws.credentialsEnd() == nil)
  }
}
