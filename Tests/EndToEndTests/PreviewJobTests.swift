import AWSClient
import Core
import Glibc
import Sandbox
import TestSupport
import Testing

@Suite("Previews of pull requests, with the built binary against the sandbox", .serialized)
struct PreviewJobTests {
  private static let role = "arn:aws:iam::000000000000:role/previews"

  /// Two functions that serve, and one that the pull request changes.
  private func repository(
    speed: Double = 60, ttl: String = "1h", role: Bool = true, smoke: Bool = false
  ) async throws -> CountedRepository {
    let repository = try CountedRepository(functions: 2, smoke: smoke)
    for index in 0..<2 { try write(repository, index, answer: 0) }
    let text = try repository.folder.read("lamctl.json")
    let preview =
      "\"preview\": {\"from\": \"prod\", \"ttl\": \"\(ttl)\", "
      + (role ? "\"role\": \"\(Self.role)\", " : "") + "\"functionUrl\": {\"authType\": \"NONE\"}},"
    try repository.folder.write(
      "lamctl.json", text.replacing("\"project\": \"many\",", with: "\"project\": \"many\", \(preview)"))
    try repository.start(speed: speed)
    try await repository.deployFirst()
    try write(repository, 0, answer: 7)
    return repository
  }

  private func write(_ repository: CountedRepository, _ index: Int, answer: Int) throws {
    try repository.folder.write(
      "functions/\(CountedRepository.name(index))/handler.py",
      "def handler(event, context):\n    return {\"statusCode\": 200, \"body\": \"\(answer)\"}\n")
  }

  private func schedules(_ repository: CountedRepository) throws -> [String] {
    guard let text = try? repository.folder.read(".lamctl/sandbox/schedules.json") else { return [] }
    return (try JSON(parsing: text).object?.keys ?? []).sorted()
  }

  private func client(_ repository: CountedRepository, url: String? = nil) -> SandboxClient {
    var client = SandboxClient(
      url ?? repository.endpoint, secret: repository.credentials["AWS_SECRET_ACCESS_KEY"] ?? "")
    client.region = "eu-west-1"
    return client
  }

  private func alias(_ repository: CountedRepository, _ name: String, of index: Int = 0) -> JSON? {
    let answer = client(repository).send(
      "GET", "/2015-03-31/functions/many-\(CountedRepository.name(index))/aliases/\(name)")
    return answer.status == 200 ? .some(answer.json) : .none
  }

  private func url(_ repository: CountedRepository, _ name: String, of index: Int = 0) -> String? {
    client(repository).send(
      "GET", "/2021-10-31/functions/many-\(CountedRepository.name(index))/url", query: "Qualifier=\(name)"
    ).json["FunctionUrl"]?.string
  }

  @Test(
    "a pull request is shown under addresses of its own, moves on with each push, and goes when it is closed")
  func life() async throws {
    let repository = try await repository()
    let first = try await repository.run("deploy", "--preview", "pr-7", "--json")
    #expect(first.exit == .code(0), "\(first.errors)")
    let document = try JSON(parsing: first.output)
    #expect(document["outcome"] == "published" && document["alias"] == "pr-7")
    #expect(document["environment"] == "prod")
    #expect(document["preview"]?["name"] == "pr-7" && document["preview"]?["removal"] == "schedule")
    let shown = try #require(document["functions"]?.array)
    #expect(shown.map { $0["toVersion"] } == ["2", "1"])
    #expect(shown.map { $0["outcome"] } == ["published", "updated"])
    let urls = shown.compactMap { $0["url"]?.string }
    #expect(urls.count == 2)
    #expect(client(repository, url: urls[0]).send("GET", "/", signed: false).body == Array("7".utf8))
    #expect(client(repository, url: urls[1]).send("GET", "/", signed: false).body == Array("0".utf8))
    #expect(alias(repository, "prod")?["FunctionVersion"] == "1")
    #expect(try schedules(repository).count == 4)
    #expect(try schedules(repository).allSatisfy { $0.hasPrefix("lamctl-many/lamctl-many-f00") })

    _ = repository.takeCalls()
    let second = try await repository.run("deploy", "--preview", "pr-7", "--json")
    #expect(try JSON(parsing: second.output)["outcome"] == "unchanged", "\(second.errors)")
    let writes = repository.takeCalls().filter { call in
      !["Get", "List", "Invoke"].contains { call.key.hasPrefix($0) }
    }
    #expect(writes == ["UpdateSchedule": 4, "UpdateAlias": 2])

    // Another pull request beside it.
    try write(repository, 0, answer: 8)
    #expect(try await repository.run("deploy", "--preview", "pr-8").exit == .code(0))
    let list = try await repository.run("preview", "list", "--json")
    let listed = try #require(try JSON(parsing: list.output)["functions"]?.array)
    #expect(
      listed.map { $0["name"]?.string }.sorted { ($0 ?? "") < ($1 ?? "") } == [
        "pr-7", "pr-7", "pr-8", "pr-8",
      ])
    #expect(client(repository, url: urls[0]).send("GET", "/", signed: false).body == Array("7".utf8))

    let table = try await repository.run("preview", "list")
    #expect(table.output.contains(urls[0]))
    let gone = try await repository.run("preview", "delete", "pr-7")
    #expect(gone.exit == .code(0) && gone.output.contains("deleted"), "\(gone.errors)")
    #expect(alias(repository, "pr-7") == nil && alias(repository, "pr-8") != nil)
    #expect(try schedules(repository).count == 4)
    let again = try await repository.run("preview", "delete", "pr-7")
    #expect(again.exit == .code(0) && again.output == "Nothing to delete.\n")

    // The environment is released as if there had been no preview.
    let plan = try await repository.run("plan", "--json")
    #expect(try JSON(parsing: plan.output)["functions"]?.array?.allSatisfy { $0["drift"] == .null } == true)
    let deploy = try await repository.run("deploy", "--all-at-once", "--refuse-drift", "--json")
    #expect(try JSON(parsing: deploy.output)["outcome"] == "promoted", "\(deploy.errors)")
    await repository.stop()
  }

  @Test("one of two functions that fails its smoke test ends with 13, a preview as a deploy")
  func smoke() async throws {
    let repository = try await repository(smoke: true)
    try repository.folder.write(
      "functions/\(CountedRepository.name(1))/handler.py",
      "def handler(event, context):\n    raise ValueError('broken')\n")
    for arguments in [["deploy", "--preview", "pr-7"], ["deploy", "--canary", "10%:1m"]] {
      let outcome = try await repository.begin(arguments).outcome()
      #expect(outcome.exit == .code(13), "\(arguments): \(outcome.output)\(outcome.errors)")
    }
    #expect(alias(repository, "pr-7")?["FunctionVersion"] == "2")
    #expect(alias(repository, "pr-7", of: 1)?["FunctionVersion"] == "2")
    #expect(alias(repository, "prod")?["FunctionVersion"] == "1")
    await repository.stop()
  }

  @Test("at the end of its time the sandbox's clock takes URL and alias away, and nobody else is needed")
  func expiry() async throws {
    let repository = try await repository(speed: 600, ttl: "20m")
    #expect(try await repository.run("deploy", "--preview", "pr-7").exit == .code(0))
    #expect(url(repository, "pr-7") != nil)
    #expect(await eventually(within: .seconds(60)) { self.url(repository, "pr-7") == nil })
    #expect(await eventually(within: .seconds(60)) { self.alias(repository, "pr-7") == nil })
    #expect(await eventually(within: .seconds(30)) { (try? self.schedules(repository)) == [] })
    await repository.stop()
  }

  @Test("without a role prune takes it away after its time, and the command says so")
  func pruned() async throws {
    let repository = try await repository(speed: 3_600, ttl: "10m", role: false)
    let made = try await repository.run("deploy", "--preview", "pr-7")
    #expect(
      made.exit == .code(0) && made.output.contains("lamctl prune prod takes it away"), "\(made.errors)")
    #expect(try schedules(repository) == [])
    let end = repository.now + .minutes(11)
    #expect(await eventually(within: .seconds(30)) { repository.now > end })
    let pruned = try await repository.run("prune", "--json")
    #expect(
      try JSON(parsing: pruned.output)["functions"]?.array?.allSatisfy { $0["deletedAliases"] == ["pr-7"] }
        == true, "\(pruned.errors)")
    #expect(url(repository, "pr-7") == nil && alias(repository, "pr-7") == nil)
    await repository.stop()
  }

  @Test("names of environments, rollouts and what nobody has configured are refused before anything is asked")
  func refused() async throws {
    let repository = try await repository()
    _ = repository.takeCalls()
    let cases: [([String], Int32, String)] = [
      (["deploy", "--preview", "prod"], 64, "prod is the alias of the environment prod"),
      (["deploy", "--preview", "17"], 64, "cannot be the name of a preview"),
      (["deploy", "--preview", "pr-1", "--canary", "10%"], 64, "moves no traffic"),
      (["deploy", "--preview", "pr-1", "--dry-run"], 64, "'--dry-run' does not go with"),
      (["preview", "delete"], 64, "no preview is named"),
      (["preview", "list", "pr-1"], 64, "takes no name"),
    ]
    for (arguments, code, text) in cases {
      let outcome = try await repository.begin(arguments).outcome()
      #expect(outcome.exit == .code(code), "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(text), "\(arguments): \(outcome.errors)")
    }
    let text = try repository.folder.read("lamctl.json")
    try repository.folder.write(
      "lamctl.json",
      text.replacing("\"environments\": {", with: "\"environments\": {\"qa\": {\"alias\": \"test\"}, "))
    for (name, owner) in [("qa", "the name of an environment"), ("test", "the alias of the environment qa")] {
      let outcome = try await repository.run("deploy", "--preview", name)
      #expect(
        outcome.exit == .code(64) && outcome.errors.contains("\(name) is \(owner)"), "\(outcome.errors)")
    }
    try repository.folder.write(
      "lamctl.json", text.replacing("\"from\": \"prod\"", with: "\"from\": \"prd\""))
    let wrong = try await repository.run("deploy", "--preview", "pr-1")
    #expect(wrong.exit == .code(65) && wrong.errors.contains("lamctl.json:2:"), "\(wrong.errors)")
    #expect(wrong.errors.contains("did you mean 'prod'?"), "\(wrong.errors)")
    #expect(repository.takeCalls().isEmpty)
    await repository.stop()
  }

  @Test("callers of the bare name keep a preview from being published, until --update-latest")
  func callers() async throws {
    let repository = try await repository()
    let added = client(repository).send(
      "POST", "/2015-03-31/functions/many-f000/policy",
      [
        "StatementId": "bucket", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com",
        "SourceArn": "arn:aws:s3:::shop-in",
      ])
    #expect(added.status == 201)
    let refused = try await repository.run("deploy", "--preview", "pr-7")
    #expect(refused.exit == .code(1) && refused.errors.contains("--update-latest"), "\(refused.errors)")
    #expect(alias(repository, "pr-7") == nil)
    #expect(try await repository.run("deploy", "--preview", "pr-7", "--update-latest").exit == .code(0))
    #expect(alias(repository, "pr-7")?["FunctionVersion"] == "2")
    await repository.stop()
  }

  @Test("a run that is killed at any write leaves what the next one, or the schedules, put right")
  func killed() async throws {
    for operation in [
      "UpdateFunctionCode", "PublishVersion", "CreateScheduleGroup", "CreateSchedule", "CreateAlias",
      "AddPermission", "CreateFunctionUrlConfig",
    ] {
      let repository = try await repository()
      let run = try repository.begin(["deploy", "--preview", "pr-7"])
      let child = run.child.processID
      let isSeen = Lock(false)
      repository.watch { call in
        guard call.operation == operation,
          isSeen.withLock({ seen in
            defer { seen = true }
            return !seen
          })
        else { return }
        kill(child, SIGKILL)
      }
      #expect(await run.outcome().exit == .signal(9), "\(operation)")
      repository.watch(nil)
      // An address that is there has a schedule that ends it.
      if url(repository, "pr-7") != nil { #expect(try !schedules(repository).isEmpty) }
      let next = try await repository.run("deploy", "--preview", "pr-7")
      #expect(next.exit == .code(0), "\(operation): \(next.errors)")
      let address = try #require(url(repository, "pr-7"))
      #expect(client(repository, url: address).send("GET", "/", signed: false).body == Array("7".utf8))
      #expect(try schedules(repository).count == 4)
      await repository.stop()
    }
  }

  @Test("an answer that is lost on every attempt is made good by the next run")
  func lost() async throws {
    for operation in [
      "UpdateFunctionCode", "PublishVersion", "CreateScheduleGroup", "CreateSchedule", "CreateAlias",
      "AddPermission", "CreateFunctionUrlConfig",
    ] {
      let repository = try await repository()
      try repository.setFaults("\(operation)=lose-answer:1")
      _ = try await repository.run("deploy", "--preview", "pr-7", "--timeout", "2m")
      try repository.setFaults("")
      if url(repository, "pr-7") != nil { #expect(try !schedules(repository).isEmpty, "\(operation)") }
      let next = try await repository.run("deploy", "--preview", "pr-7")
      #expect(next.exit == .code(0), "\(operation): \(next.errors)")
      let address = try #require(url(repository, "pr-7"), "\(operation)")
      #expect(
        client(repository, url: address).send("GET", "/", signed: false).body == Array("7".utf8),
        "\(operation)")
      #expect(alias(repository, "pr-7")?["FunctionVersion"] == "2", "\(operation)")
      #expect(try schedules(repository).count == 4, "\(operation)")
      await repository.stop()
    }
  }
}
