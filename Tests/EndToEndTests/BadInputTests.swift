import Core
import TestSupport
import Testing

/// A wrong thing a user can do, and what comes of it.
struct Mistake: Sendable, CustomTestStringConvertible {
  let what: String
  var arguments = ["deploy"]
  var environment: [String: String] = [:]
  /// File below the repository and its new text.
  var file: (String, String)?
  var remove: String?
  let code: Int32
  let says: String
  /// What would lead astray.
  var saysNot: String?

  var testDescription: String { what }
}

@Suite("Bad input gets a sentence and the right exit code, and changes nothing", .serialized)
struct BadInputTests {
  static let mistakes: [Mistake] = [
    Mistake(what: "an unknown command", arguments: ["deplyo"], code: 64, says: "did you mean 'deploy'?"),
    Mistake(
      what: "an unknown flag", arguments: ["deploy", "--cannary", "10%"], code: 64,
      says: "did you mean '--canary'?"),
    Mistake(
      what: "a weight of 0", arguments: ["deploy", "--canary", "0%"], code: 64,
      says: "'0%' is not a share of traffic"),
    Mistake(
      what: "a weight of 101 %", arguments: ["deploy", "--canary", "101%"], code: 64,
      says: "'101%' is not a share"),
    Mistake(
      what: "a time without a unit", arguments: ["deploy", "--canary", "10%:10"], code: 64,
      says: "write 10s, 10m or 10h"),
    Mistake(
      what: "two strategies", arguments: ["deploy", "--canary", "10%", "--all-at-once"], code: 64,
      says: "--all-at-once"),
    Mistake(
      what: "an unknown environment", arguments: ["deploy", "prd"], code: 65, says: "did you mean 'prod'?"),
    Mistake(
      what: "an unknown environment for what needs no checkout", arguments: ["status", "prd"], code: 65,
      says: "did you mean 'prod'?", saysNot: "without a checkout"),
    Mistake(
      what: "a parameter that SSM does not have",
      file: (
        "lamctl.json",
        #"{"defaults": {"environment": {"variables": {"KEY": "${ssm:/no}"}}}, "environments": {"prod": {"endpoint": "sandbox"}}}"#
      ),
      code: 65, says: "lamctl.json:1:52: SSM has no parameter /no"),
    Mistake(
      what: "a selection of nothing", arguments: ["deploy", "--only", "orderin"], code: 64,
      says: "did you mean 'ordering'?"),
    Mistake(
      what: "broken JSON", file: ("lamctl.json", "{\n  \"project\": \"shop\",\n}"), code: 65,
      says: "lamctl.json:3:1:"),
    Mistake(
      what: "an unknown key", file: ("lamctl.json", #"{"projct": "shop"}"#), code: 65,
      says: #"lamctl.json:1:2: unknown key "projct"; did you mean "project"?"#),
    Mistake(
      what: "a time without a unit in the configuration",
      file: (
        "lamctl.json", #"{"environments": {"prod": {"endpoint": "sandbox", "rollout": {"steps": "10%:10"}}}}"#
      ),
      code: 65, says: "write 10s, 10m or 10h"),
    Mistake(
      what: "a weight of 101 % in the configuration",
      file: (
        "lamctl.json",
        #"{"environments": {"prod": {"endpoint": "sandbox", "rollout": {"steps": "101%:10m"}}}}"#
      ),
      code: 65, says: "'101%' is not a share of traffic"),
    Mistake(
      what: "a smoke event that is no JSON",
      file: ("Examples/shop/basket/events/price.json", "{\"lines\": [1,]}"),
      code: 65, says: "Examples/shop/basket/events/price.json:1:14: JSON has no comma after the last value"),
    Mistake(what: "a missing handler", remove: "Examples/shop/product/handler.py", code: 65, says: "handler"),
    Mistake(
      what: "no credentials", arguments: ["deploy", "--endpoint-url", "http://127.0.0.1:9"], code: 77,
      says: "no AWS credentials were found"),
    Mistake(
      what: "an endpoint that is down", arguments: ["deploy", "--endpoint-url", "http://127.0.0.1:9"],
      environment: ["AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-to-be-shown"], code: 1,
      says: "http://127.0.0.1:9"),
  ]

  @Test("a mistake", arguments: mistakes)
  func mistake(_ mistake: Mistake) async throws {
    let shop = try await Shop()
    if let (name, text) = mistake.file { try shop.folder.write(name, text) }
    if let name = mistake.remove { try Files.remove("\(shop.folder.path)/\(name)") }
    let run = try BuiltBinary.start(
      mistake.arguments, in: shop.folder.path,
      environment: shop.environment.merging(mistake.environment) { $1 })
    let outcome = await run.outcome()
    #expect(outcome.exit == .code(mistake.code), "\(outcome.errors)")
    #expect(outcome.errors.contains("lamctl: "), "\(outcome.errors)")
    #expect(outcome.errors.contains(mistake.says), "\(outcome.errors)")
    if let word = mistake.saysNot { #expect(!outcome.errors.contains(word), "\(outcome.errors)") }
    #expect(!outcome.errors.contains("not-to-be-shown"))
    #expect(outcome.output.isEmpty, "\(outcome.output)")
    let state = (try? shop.folder.read(".lamctl/sandbox/state.json")) ?? ""
    #expect(!state.contains("shop-ordering"))
  }

  @Test("a new function without a role is rehearsed, and told that AWS would refuse it")
  func rehearsedRole() async throws {
    let shop = try await Shop()
    try shop.folder.write(
      "lamctl.json",
      #"{"functions": ["Examples/shop/ordering"], "environments": {"prod": {"endpoint": "sandbox"}}}"#)
    for command in ["plan", "deploy"] {
      let run = try BuiltBinary.start(
        [command, "--only", "ordering"], in: shop.folder.path, environment: shop.environment)
      let outcome = await run.outcome()
      #expect(outcome.exit == .code(0), "\(outcome.errors)")
      let told = outcome.output + outcome.errors
      #expect(told.contains("the sandbox gives it one, and AWS would refuse it"), "\(told)")
      #expect(told.contains("set \"role\" in lamctl.json"), "\(told)")
    }
  }

  @Test("with --json the failure is a document too")
  func document() async throws {
    let shop = try await Shop()
    try shop.folder.write("lamctl.json", "{")
    let outcome = try await shop.run("deploy", "--json")
    let document = try outcome.document()
    #expect(document["schema"] == "lamctl.deploy/1")
    #expect(document["exitCode"] == 65)
    #expect(document["error"]?["message"]?.string?.hasPrefix("lamctl.json:1:2:") == true)
  }

  @Test("list tells of a folder whose name AWS takes no function by")
  func foreignName() async throws {
    let shop = try await Shop()
    try shop.folder.write("lamctl.json", #"{"environments": {"prod": {"endpoint": "sandbox"}}}"#)
    try shop.folder.write("Examples/shop/größe/handler.py", "def handler(event, context):\n  return 1\n")
    let run = try BuiltBinary.start(["list"], in: shop.folder.path, environment: shop.environment)
    let outcome = await run.outcome()
    #expect(outcome.exit == .code(0) && outcome.output.contains("Examples/shop/größe"), "\(outcome.output)")
    #expect(outcome.errors.contains("'größe' cannot be in a function's name"), "\(outcome.errors)")
  }

  @Test("plan and dry run write nothing")
  func dryRun() async throws {
    let shop = try await Shop()
    for arguments in [["plan"], ["deploy", "--dry-run"], ["plan", "--detailed-exitcode"]] {
      let run = try BuiltBinary.start(arguments, in: shop.folder.path, environment: shop.environment)
      let outcome = await run.outcome()
      #expect(
        outcome.exit == .code(arguments.count == 2 && arguments[0] == "plan" ? 2 : 0), "\(outcome.errors)")
      #expect(outcome.output.contains("new function"))
    }
    #expect(try await shop.status("ordering")["state"] == "absent")
  }
}
