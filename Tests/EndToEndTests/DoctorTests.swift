import Core
import Sandbox
import TestSupport
import Testing

@Suite("The doctor, with the built binary", .serialized)
struct DoctorTests {
  private static let keyID = "AKIAIOSFODNN7EXAMPLE"
  private static let secret = "wJalrXUtnFEMIbPxRfiCYzEXAMPLEKEY"
  private static let token = "FwoGZXIvYXdzEXAMPLETOKEN"

  @Test("where all is well it says so for each permission, asks and never writes")
  func healthy() async throws {
    let repository = try CountedRepository(functions: 2, smoke: true)
    try repository.start()
    try await repository.deployFirst()

    let text = try await repository.run("doctor")
    let calls = repository.takeCalls()
    #expect(text.exit == .code(0), "\(text.output)")
    #expect(!text.output.contains("FAIL"))
    let lines = text.output.split(separator: "\n").map { $0.split(separator: " ").prefix(2).map(String.init) }
    let reads = [
      "lambda:ListFunctions", "lambda:GetFunction", "lambda:GetAlias", "lambda:ListVersionsByFunction",
      "lambda:InvokeFunction", "cloudwatch:GetMetricData",
    ]
    for check in ["credentials", "account", "region", "clock"] + reads {
      #expect(lines.contains(["OK", check]), "\(check) in \(text.output)")
    }
    #expect(text.output.contains(repository.endpoint))
    #expect(
      Set(calls.keys) == [
        "GetCallerIdentity", "ListFunctions", "GetFunction", "GetAlias", "ListVersionsByFunction", "Invoke",
        "GetMetricData", "GetProvisionedConcurrencyConfig", "GetPolicy", "ListEventSourceMappings",
        "GetFunctionUrlConfig", "ListAliases", "GetFunctionEventInvokeConfig", "ListRuleNamesByTarget",
        "ListSchedules", "ListProvisionedConcurrencyConfigs", "FilterLogEvents", "ListMetrics",
        "GetAccountSettings",
      ])
    // Nobody has called anything yet, which tells nothing of the way that calls take.
    #expect(lines.contains(["WARN", "triggers"]), "\(text.output)")
    for check in ["provisioned", "bare", "drift", "callers"] {
      #expect(lines.contains(["OK", check]), "\(text.output)")
    }

    let document = try await repository.run("doctor", "prod", "--json").document()
    #expect(document["schema"] == "lamctl.doctor/1")
    #expect(document["exitCode"] == 0)
    #expect(document["account"] == "000000000000")
    #expect(document["regionSource"] == "lamctl.json")
    #expect(document["endpoints"]?["lambda"]?.string == repository.endpoint)
    let permissions = document["permissions"]?.array ?? []
    let seen = permissions.filter { $0["seen"] == true }.compactMap { $0["action"]?.string }
    let lookups = [
      "logs:FilterLogEvents", "cloudwatch:ListMetrics", "lambda:GetAccountSettings", "lambda:ListAliases",
      "lambda:GetPolicy", "lambda:ListEventSourceMappings", "lambda:GetFunctionUrlConfig",
    ]
    #expect(seen == reads + lookups)
    #expect(permissions.contains { $0["action"] == "lambda:UpdateAlias" && $0["seen"] == .null })
    // It names all that a deploy is allowed by the policy that it prints.
    let policy = try await repository.run("doctor", "prod", "--policy").document()
    let allowed = (policy["commands"]?["deploy"]?["Statement"]?.array ?? [])
      .flatMap { $0["Action"]?.array?.compactMap(\.string) ?? [] }
    #expect(Set(permissions.compactMap { $0["action"]?.string }) == Set(allowed))
    await repository.stop()
  }

  @Test("what a release goes on without is no failure where it is refused, and makes up no callers")
  func refusals() async throws {
    let repository = try CountedRepository(functions: 1)
    try repository.start()
    try await repository.deployFirst()
    for operation in ["GetPolicy", "FilterLogEvents"] {
      try repository.setFaults("\(operation)=deny:1")
      let outcome = try await repository.run("doctor")
      #expect(outcome.exit == .code(0), "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("a release goes on and knows less"), "\(outcome.output)")
      #expect(!outcome.output.contains("callers, which get no canary"), "\(outcome.output)")
    }
    try repository.setFaults("GetPolicy=deny:1")
    let plan = try await repository.run("plan")
    #expect(!(plan.output + plan.errors).contains("callers, which get no canary"), "\(plan.output)")
    await repository.stop()
  }

  @Test(
    "credentials that AWS does not know end with 77, and no secret is ever shown",
    arguments: [[], ["--verbose"], ["--json"], ["--json", "--verbose"]])
  func refused(flags: [String]) async throws {
    let repository = try CountedRepository(functions: 1)
    try repository.start()
    let arguments = ["doctor", "--endpoint-url", repository.endpoint] + flags
    let variables = [
      "AWS_ACCESS_KEY_ID": Self.keyID, "AWS_SECRET_ACCESS_KEY": Self.secret, "AWS_SESSION_TOKEN": Self.token,
    ]
    try repository.folder.write(
      ".aws/credentials",
      """
      [ci]
      aws_access_key_id = \(Self.keyID)
      aws_secret_access_key = \(Self.secret)
      aws_session_token = \(Self.token)
      """)
    for (source, outcome) in [
      ("the environment", try await repository.begin(arguments, environment: variables).outcome()),
      ("ci", try await repository.begin(arguments + ["--profile", "ci"]).outcome()),
    ] {
      #expect(outcome.exit == .code(77), "\(outcome.output)")
      #expect(outcome.output.contains("FAIL"))
      #expect(outcome.output.contains(source), "\(outcome.output)")
      for secret in [Self.keyID, Self.secret, Self.token] {
        #expect(!(outcome.output + outcome.errors).contains(secret))
      }
    }
    await repository.stop()
  }

  /// Something wrong with the surroundings, and what the doctor makes of it.
  struct Trouble: Sendable, CustomTestStringConvertible {
    let what: String
    var arguments: [String] = []
    var environment: [String: String] = [:]
    let code: Int32
    let says: [String]
    var testDescription: String { what }
  }

  @Test(
    "what is wrong is named, with what to do",
    arguments: [
      Trouble(
        what: "no credentials", arguments: ["--endpoint-url", "http://127.0.0.1:9"],
        environment: ["AWS_EC2_METADATA_DISABLED": "true"], code: 77,
        says: ["FAIL  credentials", "AWS_ACCESS_KEY_ID is not set", "fix: set AWS_PROFILE"]),
      Trouble(
        what: "half of a key", arguments: ["--endpoint-url", "http://127.0.0.1:9"],
        environment: ["AWS_ACCESS_KEY_ID": keyID], code: 77,
        says: ["FAIL  credentials", "AWS_SECRET_ACCESS_KEY is not"]),
      Trouble(
        what: "an endpoint that is down", arguments: ["--endpoint-url", "http://127.0.0.1:9"],
        environment: ["AWS_ACCESS_KEY_ID": keyID, "AWS_SECRET_ACCESS_KEY": secret], code: 1,
        says: ["FAIL  account", "http://127.0.0.1:9", "fix: check the network", "WARN  clock"]),
      Trouble(
        what: "a profile that does not exist", arguments: ["--profile", "nobody"], code: 1,
        says: ["FAIL  settings", "nobody"]),
      Trouble(
        what: "a password in the endpoint",
        arguments: ["--endpoint-url", "http://user:\(secret)@127.0.0.1:9"],
        environment: ["AWS_ACCESS_KEY_ID": keyID, "AWS_SECRET_ACCESS_KEY": secret], code: 1,
        says: ["FAIL", "is a URL with a user before its host"]),
    ])
  func trouble(_ trouble: Trouble) async throws {
    let repository = try CountedRepository(functions: 1)
    let outcome = try await repository.begin(
      ["doctor"] + trouble.arguments, environment: trouble.environment
    ).outcome()
    #expect(outcome.exit == .code(trouble.code), "\(outcome.output)\(outcome.errors)")
    for words in trouble.says { #expect(outcome.output.contains(words), "\(outcome.output)") }
    for secret in [Self.keyID, Self.secret] { #expect(!(outcome.output + outcome.errors).contains(secret)) }
  }

  @Test("the wrong account is a failure with the right one in its fix")
  func account() async throws {
    let repository = try CountedRepository(functions: 1)
    let text = try repository.folder.read("lamctl.json")
    try repository.folder.write("lamctl.json", text.replacing("000000000000", with: "123456789012"))
    // One that lamctl starts would be in the environment's account.
    try repository.start()
    let outcome = try await repository.run("doctor")
    #expect(outcome.exit == .code(77), "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("fix: use credentials of account 123456789012"))
    await repository.stop()
  }
}
