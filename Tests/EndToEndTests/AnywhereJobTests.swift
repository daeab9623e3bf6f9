import Core
import TestSupport
import Testing

@Suite(
  "What acts on aliases works whatever the checkout is like, with the built binary against the sandbox",
  .serialized)
struct AnywhereJobTests {
  /// A shop where version 2 of `ordering` serves.
  private func shop() async throws -> Shop {
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    #expect(try await shop.run("deploy", "--all-at-once").exit == .code(0))
    return shop
  }

  @Test(
    "a broken file of another function costs one line, and rollback does its work",
    arguments: [
      (#"{"memorySze": 128}"#, true), (#"{"handler": "handler.nothing"}"#, true), ("{", true),
      (#"{"environment": {"variables": {"AA": "${env:NOT_SET}", "BB": "${ssm:/gone}"}}}"#, false),
    ])
  func brokenFile(file: String, isTold: Bool) async throws {
    let shop = try await shop()
    try shop.folder.write("Examples/shop/basket/function.json", file)
    #expect(try await shop.run("plan").exit != .code(0))
    for command in [["status"], ["versions"], ["abort"], ["tick"], ["prune", "--dry-run"]] {
      let run = try BuiltBinary.start(
        command + ["--json"], in: shop.folder.path, environment: shop.environment)
      let outcome = await run.outcome()
      #expect(outcome.exit == .code(0), "\(command): \(outcome.errors)")
    }
    let judge = try await shop.run("judge")
    #expect(judge.exit == .code(1), "\(judge.errors)")
    #expect(judge.errors.contains("no rollout is under way"), "\(judge.errors)")
    let back = try await shop.run("rollback", "prod", "--only", "ordering", "--json")
    #expect(back.exit == .code(0), "\(back.errors)")
    let told = back.errors.split(separator: "\n").filter { $0.contains("basket") }
    #expect(told.count == (isTold ? 1 : 0), "\(back.errors)")
    #expect(!isTold || told[0].hasSuffix("it is taken to be shop-basket in AWS"), "\(told)")
    #expect(try await shop.status("ordering")["weights"] == ["1": 1])
    #expect(try await shop.status("basket")["weights"] == ["1": 1])
    await shop.stopSandbox()
  }

  @Test(
    "a broken lamctl.json stops it only where alias, region or names cannot be told; the way without is named"
  )
  func brokenConfig() async throws {
    let shop = try await shop()
    let text = try shop.folder.read("lamctl.json")
    try shop.folder.write("lamctl.json", text.replacing(#""keepVersions": 10"#, with: #""keepVersion": 10,"#))
    let status = try await shop.run("status", "--json")
    #expect(status.exit == .code(0), "\(status.errors)")
    #expect(status.errors.contains("the rest of it is used"), "\(status.errors)")
    let deadMan = #""bake": "10m", "deadMan": {"role": "arn:aws:iam::000000000000:role/r", "after": "3m"}"#
    try shop.folder.write("lamctl.json", text.replacing(#""bake": "10m""#, with: deadMan))
    let once = try await shop.run("status").errors.split(separator: "\n")
      .filter { $0.contains("the rest of it is used") }
    #expect(once.count == 1, "\(once)")
    try shop.folder.write("lamctl.json", text.replacing(#""alias": "prod""#, with: #""alais": "prod""#))
    let refused = try await shop.run("rollback", "prod", "--json")
    #expect(refused.exit == .code(65), "\(refused.errors)")
    #expect(refused.errors.contains("so the alias of environment prod cannot be told"), "\(refused.errors)")
    #expect(refused.errors.contains("lamctl rollback --function NAME --alias ALIAS --region REGION"))
    #expect(try refused.document()["exitCode"] == 65)
    await shop.stopSandbox()
  }

  @Test("rollback, status and the others need no checkout at all")
  func emptyFolder() async throws {
    let shop = try await shop()
    let endpoint = try JSON(parsing: try shop.folder.read(".lamctl/sandbox/endpoint.json"))
    let url = try #require(endpoint["url"]?.string)
    let credentials = try JSON(parsing: try shop.folder.read(".lamctl/sandbox/credentials.json"))
    let secret = try #require(credentials["secret"]?.string)
    let empty = try TemporaryFolder()
    let place = [
      "--function", "shop-ordering", "--alias", "prod", "--region", "eu-west-1", "--endpoint-url", url,
      "--json",
    ]
    let environment = shop.environment.merging(
      ["AWS_ACCESS_KEY_ID": "sandbox", "AWS_SECRET_ACCESS_KEY": secret]
    ) { $1 }
    func run(_ command: String...) async throws -> BuiltBinary.Outcome {
      try await BuiltBinary.start(command + place, in: empty.path, environment: environment).outcome()
    }
    for command in ["status", "versions", "abort", "tick", "resume"] {
      let outcome = try await run(command)
      #expect(outcome.exit == .code(0), "\(command): \(outcome.errors)")
    }
    #expect(try await run("promote").exit == .code(1))
    #expect(try await run("status").function("shop-ordering")["weights"] == ["2": 1])
    let back = try await run("rollback")
    #expect(back.exit == .code(0), "\(back.errors)")
    #expect(try await shop.status("ordering")["weights"] == ["1": 1])
    await shop.stopSandbox()
  }

  @Test("a file that only reports and cannot be written is a warning, and one document is printed")
  func reportingFiles() async throws {
    let shop = try await Shop()
    let environment = ["GITHUB_OUTPUT": "/nowhere/output", "GITHUB_STEP_SUMMARY": "/nowhere/summary"]
    let outcome = try await shop.run("deploy", "--json", environment: environment)
    #expect(outcome.exit == .code(0), "\(outcome.errors)")
    #expect(try outcome.document()["outcome"] == "promoted")
    for path in ["output", "summary"] {
      #expect(outcome.errors.contains("/nowhere/\(path)"), "\(outcome.errors)")
    }
  }

  @Test(
    "events that have nowhere to go keep a deploy from beginning, and traffic from going back they do not")
  func events() async throws {
    let shop = try await Shop()
    let nowhere = "/nowhere/events"
    let refused = try await shop.run("deploy", "--json", "--events", nowhere)
    #expect(refused.exit == .code(1) && refused.errors.contains(nowhere), "\(refused.errors)")
    #expect(try await shop.run("deploy").exit == .code(0))
    let back = try await shop.run("abort", "--events", nowhere)
    #expect(back.exit == .code(0) && back.errors.contains(nowhere), "\(back.errors)")
  }

  @Test("libcurl is loaded by what opens a connection, and by nothing else")
  func library() async throws {
    let shop = try await Shop()
    // The dynamic linker's own account of what it loads.
    let environment = shop.environment.merging(["LD_DEBUG": "files"]) { $1 }
    for (arguments, isLoaded) in [(["version"], false), (["list"], false), (["status"], true)] {
      let run = try BuiltBinary.start(arguments, in: shop.folder.path, environment: environment)
      let outcome = await run.outcome()
      #expect(outcome.exit == .code(0), "\(arguments)")
      #expect(outcome.errors.contains("libcrypto.so.3"), "\(arguments)")
      #expect(outcome.errors.contains("libcurl.so.4") == isLoaded, "\(arguments)")
    }
  }
}
