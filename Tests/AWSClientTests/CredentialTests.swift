import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("Credentials")
struct CredentialTests {
  private static let roleARN = "arn:aws:iam::123456789012:role/ci"

  private static func assumed(_ operation: String, key: String, expiration: String) -> String {
    """
    <\(operation)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(operation)Result><Credentials>
    <AccessKeyId>\(key)</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
    <Expiration>\(expiration)</Expiration></Credentials></\(operation)Result></\(operation)Response>
    """
  }

  @Test("a token in a file is exchanged for a role, unsigned, and read anew for each renewal")
  func webIdentity() async throws {
    let clock = ManualClock()
    let world = CredentialTestWorld(
      server: try LoopbackServer { _, index in
        let end = (clock.now() + .minutes(60)).iso8601
        return .answer(200, Self.assumed("AssumeRoleWithWebIdentity", key: "KEY\(index)", expiration: end))
      })
    let file = try #require(world.home).write("token", "jwt-1\n")
    let aws = try world.aws([
      "AWS_WEB_IDENTITY_TOKEN_FILE": file, "AWS_ROLE_ARN": Self.roleARN, "AWS_ROLE_SESSION_NAME": "run-7",
    ])
    #expect(try await aws.credentials().keyID == "KEY0")
    #expect(try await aws.credentials().keyID == "KEY0")
    try world.home?.write("token", "jwt-2")
    world.clock.advance(by: .minutes(56))
    let summary = try await aws.credentials()
    #expect(summary.keyID == "KEY1")
    #expect(summary.source.contains(Self.roleARN))
    #expect(summary.passedOver.map(\.source) == ["the environment"])
    let first = try #require(world.server.requests.first)
    #expect(first["Authorization"] == nil)
    #expect(
      first.bodyText.contains("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam"))
    #expect(first.bodyText.contains("RoleSessionName=run-7"))
    #expect(world.server.requests.map { $0.bodyText.hasSuffix("WebIdentityToken=jwt-1") } == [true, false])
  }

  @Test("GitHub's identity token is fetched when there is no file")
  func gitHub() async throws {
    let world = CredentialTestWorld(
      server: try LoopbackServer { request, _ in
        request.method == "GET"
          ? .json(200, #"{"value":"github-jwt"}"#)
          : .answer(
            200, Self.assumed("AssumeRoleWithWebIdentity", key: "GH", expiration: "2099-01-01T00:00:00Z"))
      })
    let aws = try world.aws([
      "AWS_ROLE_ARN": Self.roleARN, "ACTIONS_ID_TOKEN_REQUEST_URL": "\(world.server.url)/token?v=2",
      "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "bearer-secret",
    ])
    #expect(try await aws.credentials().keyID == "GH")
    #expect(world.server.requests[0].target == "/token?v=2&audience=sts.amazonaws.com")
    #expect(world.server.requests[0]["Authorization"] == "bearer bearer-secret")
    #expect(world.server.requests[1].bodyText.contains("WebIdentityToken=github-jwt"))
  }

  @Test("a profile's role is taken on with the keys of its source, signed and with its external id")
  func assumeRole() async throws {
    let world = CredentialTestWorld(
      server: try LoopbackServer(
        .answer(200, Self.assumed("AssumeRole", key: "ROLE", expiration: "2099-01-01T00:00:00Z"))))
    let aws = try world.aws(
      profile: "ci",
      config: """
        [profile ci]
        role_arn = \(Self.roleARN)
        source_profile = base
        external_id = x y
        duration_seconds = 900
        role_session_name = me
        [profile base]
        aws_access_key_id = BASEKEY
        aws_secret_access_key = s
        """)
    #expect(try await aws.credentials().keyID == "ROLE")
    let request = try #require(world.server.requests.first)
    #expect(request["Authorization"]?.contains("Credential=BASEKEY/") == true)
    for part in ["RoleSessionName=me", "ExternalId=x%20y", "DurationSeconds=900"] {
      #expect(request.bodyText.contains(part))
    }
  }

  @Test("roles can stand on roles, and a profile may be its own source")
  func chain() async throws {
    let world = CredentialTestWorld(
      server: try LoopbackServer { request, index in
        .answer(200, Self.assumed("AssumeRole", key: "ROLE\(index)", expiration: "2099-01-01T00:00:00Z"))
      })
    let aws = try world.aws(
      profile: "outer",
      config: """
        [profile outer]
        role_arn = arn:outer
        source_profile = inner
        [profile inner]
        role_arn = arn:inner
        source_profile = inner
        aws_access_key_id = INNERKEY
        aws_secret_access_key = s
        """)
    #expect(try await aws.credentials().keyID == "ROLE1")
    #expect(world.server.requests[0]["Authorization"]?.contains("Credential=INNERKEY/") == true)
    #expect(world.server.requests[0].bodyText.contains("arn%3Ainner"))
    #expect(world.server.requests[1]["Authorization"]?.contains("Credential=ROLE0/") == true)
    #expect(world.server.requests[1]["X-Amz-Security-Token"] == "t")
  }

  @Test(
    "a profile that cannot work says why",
    arguments: [
      ("role_arn = r\nsource_profile = a\n[profile a]\nrole_arn = r\nsource_profile = ci", "circle"),
      ("role_arn = r\nsource_profile = nobody", "source_profile \"nobody\" gives no credentials"),
      ("role_arn = r\nmfa_serial = m\nsource_profile = x", "second factor"),
      ("role_arn = r", "needs a source_profile or a credential_source"),
      ("role_arn = r\nsource_profile = a\ncredential_source = Environment", "keep one"),
      ("role_arn = r\ncredential_source = Moon", "credential_source is \"Moon\""),
      ("role_arn = r\ncredential_source = Environment", "AWS_ACCESS_KEY_ID is not set"),
      ("aws_access_key_id = a", "no aws_secret_access_key"),
      ("sso_session = corp", "no section [sso-session corp]"),
      ("sso_start_url = https://x", "it has no sso_region"),
      ("credential_process = \"unclosed", "quote without an end"),
      ("credential_process = /nonexistent/program", "/nonexistent/program"),
    ])
  func brokenProfiles(lines: String, part: String) async throws {
    let world = CredentialTestWorld(server: try LoopbackServer(.json(500, "{}")))
    let text = await credentialProblem(try world.aws(profile: "ci", config: "[profile ci]\n" + lines))
    #expect(text.contains(part), "\(text)")
    #expect(text.contains("the profile \"ci\""))
  }

  @Test("a program's credentials are taken, its quotes and failures understood")
  func process() async throws {
    let world = CredentialTestWorld(server: try LoopbackServer(.json(500, "{}")))
    let home = try #require(world.home)
    try home.write(
      "my program",
      "#!/bin/sh\necho \"{\\\"Version\\\": $1, \\\"AccessKeyId\\\": \\\"$2\\\","
        + " \\\"SecretAccessKey\\\": \\\"s\\\"}\"\n[ $1 = 1 ] || { echo 'not today' >&2; exit 3; }\n",
      mode: 0o755)
    let command = "credential_process = \"\(home.path)/my program\""
    let good = try world.aws(profile: "ci", config: "[profile ci]\n\(command) 1 'A KEY'\n")
    #expect(try await good.credentials().keyID == "A KEY")
    let bad = await credentialProblem(try world.aws(profile: "ci", config: "[profile ci]\n\(command) 2 x\n"))
    #expect(bad.contains("ended with exit code 3: not today"))
  }

  @Test(
    "words of a command line are split as a shell does",
    arguments: [
      ("a b", ["a", "b"]), (" a  'b c' \"d 'e'\" ", ["a", "b c", "d 'e'"]), ("a\\ b '\\x'", ["a b", "\\x"]),
      ("''", [""]), ("", []), ("'a", nil), ("a\\", nil),
    ] as [(String, [String]?)])
  func words(line: String, expected: [String]?) {
    #expect(ProcessCredentials.words(line) == expected)
  }

  @Test(
    "the cache of the sign-in is named by SHA-1",
    arguments: [
      ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (
        "https://my-company-sso-portal.awsapps.com/start/with/a/path/beyond/one/block",
        "f73e7a187ca77227ce18f663268d7bbe0439cb3e"
      ),
    ])
  func sha1(text: String, expected: String) {
    #expect(SHA1.hex(of: text) == expected)
  }

  private static let sso = """
    [profile ci]
    sso_session = corp
    sso_account_id = 123456789012
    sso_role_name = deploy
    [sso-session corp]
    sso_start_url = https://corp.example/start
    sso_region = eu-west-1
    """

  private static func cache(_ members: String) -> String {
    "{\"startUrl\":\"https://corp.example/start\",\"accessToken\":\"old-token\",\(members)}"
  }

  private var cacheName: String { ".aws/sso/cache/\(SHA1.hex(of: "corp")).json" }

  @Test("a sign-in session gives a role's credentials")
  func signIn() async throws {
    let world = CredentialTestWorld(
      server: try LoopbackServer(
        .json(
          200,
          #"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s","sessionToken":"t","#
            + #""expiration":4070908800000}}"#)))
    try world.home?.write(cacheName, Self.cache("\"expiresAt\":\"2099-01-01T00:00:00Z\""))
    let summary = try await world.aws(profile: "ci", config: Self.sso).credentials()
    #expect(summary.keyID == "SSO")
    #expect(summary.expiration == Timestamp(iso8601: "2099-01-01T00:00:00Z"))
    let request = try #require(world.server.requests.first)
    #expect(request.target == "/federation/credentials?account_id=123456789012&role_name=deploy")
    #expect(request["x-amz-sso_bearer_token"] == "old-token")
    #expect(request["Authorization"] == nil)
  }

  @Test("a token that is over is renewed and left for AWS's own tools")
  func signInRenewed() async throws {
    let world = CredentialTestWorld(
      server: try LoopbackServer(
        .json(200, #"{"accessToken":"new-token","expiresIn":3600,"refreshToken":"next"}"#),
        .json(200, #"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s","sessionToken":"t"}}"#)))
    try world.home?.write(
      cacheName,
      Self.cache(
        "\"expiresAt\":\"2020-01-01T00:00:00UTC\",\"refreshToken\":\"r\",\"clientId\":\"c\",\"clientSecret\":\"s\""
      ))
    #expect(try await world.aws(profile: "ci", config: Self.sso).credentials().keyID == "SSO")
    #expect(
      world.server.requests[0].json
        == ["clientId": "c", "clientSecret": "s", "grantType": "refresh_token", "refreshToken": "r"])
    #expect(world.server.requests[1]["x-amz-sso_bearer_token"] == "new-token")
    let cached = try JSON(parsing: try #require(world.home).read(cacheName))
    #expect(cached["accessToken"] == "new-token")
    #expect(cached["refreshToken"] == "next")
    #expect(cached["startUrl"] == "https://corp.example/start")
  }

  @Test(
    "without a session the command to sign in is named",
    arguments: [nil, "\"expiresAt\":\"2020-01-01T00:00:00Z\"", "x"])
  func signInNeeded(members: String?) async throws {
    let world = CredentialTestWorld(server: try LoopbackServer(.json(500, "{}")))
    if let members { try world.home?.write(cacheName, Self.cache(members)) }
    let text = await credentialProblem(try world.aws(profile: "ci", config: Self.sso))
    #expect(text.contains("aws sso login --profile ci"))
    #expect(!text.contains("old-token"))
  }
}
