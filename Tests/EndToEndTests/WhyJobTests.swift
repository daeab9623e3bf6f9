import Core
import Sandbox
import TestSupport
import Testing

@Suite("What plan and why tell of one function, with the built binary against the sandbox", .serialized)
struct WhyJobTests {
  private func configure(_ repository: CountedRepository, _ defaults: String) throws {
    try repository.folder.write(
      "lamctl.json",
      """
      { "project": "many", "functions": ["functions/*"],
        "defaults": { "runtime": "python3.11", "role": "arn:aws:iam::${account}:role/many"\(defaults) },
        "environments": { "prod": { "endpoint": "sandbox", "region": "eu-west-1", "account": "123456789012" } },
        "rollout": { "settle": "1s", "maxWait": "0s" } }
      """)
  }

  @Test("the values before and after, the parts that differ in a fresh clone too, and no secret")
  func values() async throws {
    let repository = try CountedRepository(functions: 1)
    try configure(
      repository,
      #", "memorySize": 256, "environment": {"variables": {"TABLE": "one", "API_KEY": "old-key-4711", "URL": "https://u:old-pass-4711@h/"}}"#
    )
    // The environment's own account: the sandbox that the command starts is in it.
    try await repository.deployFirst()
    try configure(
      repository,
      #", "memorySize": 512, "tags": {"team": "red"}, "environment": {"variables": {"TABLE": "two", "API_KEY": "new-key-4712", "URL": "https://u:new-pass-4712@h/"}}"#
    )
    try repository.write(0, answer: 1)

    let plan = try await repository.run("plan", "--diff")
    #expect(plan.exit == .code(0), "\(plan.errors)")
    for line in [
      "memorySize: 256 -> 512", #"environment.variables.TABLE: "one" -> "two""#, #"tags.team: none -> "red""#,
      "environment.variables.API_KEY: \"secret:",
    ] { #expect(plan.output.contains(line), "\(plan.output)") }
    #expect(plan.output.contains("files: handler.py"), "\(plan.output)")

    // What another machine knows: nothing but what AWS has.
    try repository.folder.write(".lamctl/digests.json", "{}")
    let clone = try await repository.run("plan")
    #expect(clone.output.contains("files differ"), "\(clone.output)")
    let why = try await repository.run("why", "prod", "f000")
    #expect(why.exit == .code(0), "\(why.errors)")
    #expect(why.output.contains(": differs\n  handler.py "), "\(why.output)")
    #expect(why.output.contains(": same\n"), "\(why.output)")
    let json = try await repository.run("why", "f000", "--json")
    let document = try json.document()
    #expect(document["schema"] == "lamctl.why/1")
    #expect(document["change"] == "code+config")
    let parts = (document["parts"]?.array ?? []).filter { $0["isSame"] == false }
    #expect(parts.map { $0["part"] } == ["files", "config"])
    for output in [plan.output, clone.output, why.output, json.output] {
      for secret in ["old-key-4711", "new-key-4712", "old-pass-4711", "new-pass-4712"] {
        #expect(!output.contains(secret), "\(output)")
      }
    }
    let unknown = try await repository.run("why", "f00")
    #expect(unknown.exit == .code(64), "\(unknown.errors)")
    #expect(try await repository.run("why").exit == .code(64))
  }

  @Test("digests are listed where no environment is configured, and are those of one that changes nothing")
  func digestsWithoutEnvironment() async throws {
    let repository = try CountedRepository(functions: 1)
    let settings =
      #""project": "many", "functions": ["functions/*"], "defaults": { "runtime": "python3.11" }"#
    try repository.folder.write("lamctl.json", "{ \(settings) }")
    let plain = try await repository.run("list", "--digests", "--json")
    #expect(plain.exit == .code(0), "\(plain.errors)")
    let digest = try plain.document()["functions"]?.array?.first?["src"]
    #expect(digest?.string?.isEmpty == false, "\(plain.output)")

    let environments = #""environments": { "test": {}, "prod": {} }"#
    try repository.folder.write("lamctl.json", "{ \(settings), \(environments) }")
    let named = try await repository.run("list", "prod", "--digests", "--json")
    #expect(try named.document()["functions"]?.array?.first?["src"] == digest, "\(named.errors)")
    let open = try await repository.run("list", "--digests")
    #expect(open.exit == .code(65), "\(open.errors)")
    #expect(open.errors.contains("there are test, prod\n"), "\(open.errors)")
    #expect(open.errors.contains("name one behind the command, such as 'test'"), "\(open.errors)")
  }

  @Test("a sandbox that runs in another account than the environment's is refused like any other account")
  func otherAccount() async throws {
    let repository = try CountedRepository(functions: 1)
    try configure(repository, "")
    try repository.start()
    for command in ["plan", "deploy"] {
      let run = try await repository.run(command)
      #expect(run.exit == .code(77), "\(run.errors)")
      #expect(run.errors.contains("the credentials are for account 000000000000"), "\(run.errors)")
    }
    #expect(repository.takeCalls().keys.allSatisfy { $0.hasPrefix("Get") || $0.hasPrefix("List") })
    await repository.stop()
  }

  @Test("an update of the tool that builds, put off by --ignore tools until something else changes")
  func tools() async throws {
    let repository = try BuiltRepository(1)
    let bin = repository.folder.path + "/bin"
    try repository.folder.write(
      "fn/f000/function.json",
      #"{"runtime": "provided.al2023", "handler": "bootstrap", "build": ["make"], "output": "dist"}"#)
    let setTool = { (version: String) throws -> Void in
      try repository.folder.write(
        "bin/make",
        "#!/bin/sh\nif [ \"$1\" = --version ]; then echo GNU Make \(version); else sh build.sh; fi\n",
        mode: 0o755)
    }
    let run = { (arguments: [String]) async throws in
      try await repository.begin(arguments, environment: ["PATH": "\(bin):/usr/bin:/bin"]).outcome()
    }
    try setTool("4.3")
    let first = try await run(["deploy", "--create", "--all-at-once"])
    #expect(first.exit == .code(0), "\(first.errors)")

    try setTool("4.4")
    let told = try await run(["plan"])
    #expect(told.output.contains("tools: make 4.3 to 4.4"), "\(told.output)")
    let ignored = try await run(["plan", "--ignore", "tools", "--detailed-exitcode"])
    #expect(ignored.exit == .code(0), "\(ignored.errors)")
    #expect(
      ignored.output.contains("Ignored: other tools than built what serves, in f000."), "\(ignored.output)")
    // A fresh clone knows nothing but what AWS has.
    try repository.folder.write(".lamctl/digests.json", "{}")
    let deploy = try await run(["deploy", "--ignore", "tools", "--all-at-once", "--json"])
    #expect(try deploy.document()["outcome"] == "unchanged", "\(deploy.output)")
    #expect(deploy.builds == [])

    try repository.write(0, answer: 1)
    let changed = try await run(["deploy", "--ignore", "tools", "--all-at-once", "--json"])
    #expect(try changed.document()["outcome"] == "promoted", "\(changed.output)")
    #expect(changed.builds == ["f000"])
    let settled = try await run(["plan", "--detailed-exitcode"])
    #expect(settled.exit == .code(0), "\(settled.output)")
    let wrong = try await run(["plan", "--ignore", "files"])
    #expect(wrong.exit == .code(64))
    #expect(wrong.errors.contains("'files' is none of: tools"), "\(wrong.errors)")
  }
}
