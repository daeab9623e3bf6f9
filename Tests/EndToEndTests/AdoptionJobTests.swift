import AWSClient
import Core
import Sandbox
import TestSupport
import Testing

@Suite("Functions that others have made and changed, with the built binary", .serialized)
struct AdoptionJobTests {
  private static let name = "many-f000"
  private static let role = "arn:aws:iam::000000000000:role/theirs"

  private func client(_ repository: CountedRepository) throws -> AWS {
    try AWS(
      settings: AWSSettings(region: "eu-west-1", endpointURL: repository.endpoint, parallel: 8),
      environment: repository.credentials, clock: SystemClock())
  }

  /// Makes the function as somebody else has: other code, role, memory and timeout than the repository's.
  ///
  /// - Parameter sources: the folder of its code; nil for code that the repository does not have.
  private func makeByHand(
    _ repository: CountedRepository, _ aws: AWS, of sources: String? = nil
  ) async throws {
    try repository.folder.write(
      "theirs/handler.py", "def handler(event, context):\n    return {'answer': 'live'}\n")
    let names = try sources.map { try Files.names(in: "\(repository.folder.path)/\($0)") } ?? ["handler.py"]
    let files = names.sorted().map { "\(sources ?? "theirs")/\($0)" }
    let zip = ChildProcess.Specification(
      arguments: ["python3", "-m", "zipfile", "-c", "theirs.zip"] + files,
      environment: .exactly(["PATH": CountedRepository.searchPath]), folder: repository.folder.path)
    try #require(try await ChildProcess.run(zip) { _, _ in } == .code(0))
    _ = try await aws.lambda.createFunction(
      name: Self.name, code: .zip(path: "\(repository.folder.path)/theirs.zip"),
      configuration: JSONObject([
        ("Runtime", "python3.12"), ("Handler", "handler.handler"), ("Role", .string(Self.role)),
        ("Timeout", 30), ("MemorySize", 512),
      ]))
    let isActive = await eventually {
      (try? await aws.lambda.getFunction(Self.name))?.configuration.lastUpdateStatus == "Successful"
    }
    try #require(isActive)
  }

  /// Calls a function all the time, and keeps what it answered.
  private final class Caller: Sendable {
    private let answers = Lock<[String: Int]>([:])
    private let task: Lock<Task<Void, Never>?> = Lock(nil)

    init(_ aws: AWS, qualifier: String?) {
      let answers = answers
      let running = Task {
        while !Task.isCancelled {
          let result = try? await aws.lambda.invoke(
            AdoptionJobTests.name, qualifier: qualifier, payload: Array("{}".utf8))
          guard let result else { continue }
          let answer = (try? JSON(parsing: result.payload))?["answer"]
          let word = answer?.string ?? answer?.int.map { "\($0)" } ?? "none"
          answers.withLock { $0["\(result.executedVersion ?? "?"): \(word)", default: 0] += 1 }
          try? await Task.sleep(for: .milliseconds(5))
        }
      }
      task.withLock { $0 = running }
    }

    /// How many answers there are.
    var count: Int { answers.withLock { $0.values.reduce(0, +) } }

    /// What was answered, by version and answer, once the last call is over.
    func end() async -> [String: Int] {
      let running = task.withLock { $0 }
      running?.cancel()
      await running?.value
      return answers.withLock { $0 }
    }
  }

  private func configure(_ repository: CountedRepository) throws {
    try repository.folder.write(
      "lamctl.json",
      """
      { "project": "many", "functions": ["functions/*"],
        "defaults": { "role": "\(Self.role)", "memorySize": 256 },
        "environments": { "prod": { "endpoint": "sandbox", "region": "eu-west-1", "account": "000000000000" } },
        "rollout": { "settle": "1m", "minInvocations": 10 } }
      """)
    try repository.write(0, answer: 1)
  }

  @Test(
    "what serves by its bare name is adopted, released once nobody calls that, and never served unplanned")
  func adoption() async throws {
    let repository = try CountedRepository(functions: 1)
    try configure(repository)
    try repository.start(speed: 240)
    let aws = try client(repository)
    try await makeByHand(repository, aws)
    let permission: JSONObject = JSONObject([
      ("StatementId", "s3"), ("Action", "lambda:InvokeFunction"), ("Principal", "s3.amazonaws.com"),
      ("SourceArn", "arn:aws:s3:::shop-in"),
    ])
    try await aws.lambda.addPermission(Self.name, statement: permission)
    let bare = Caller(aws, qualifier: nil)
    try #require(await eventually(within: .seconds(60)) { bare.count > 0 })

    let plan = try await repository.run("plan")
    for words in [
      "deploy first publishes what is live", "the statement s3 for s3.amazonaws.com", "get no canary",
    ] {
      #expect(plan.output.contains(words), "\(plan.output)")
    }
    _ = repository.takeCalls()
    let first = try await repository.run("deploy", "--canary", "10%:10m", "--bake", "5m", "--json")
    #expect(first.exit == .code(1), "\(first.errors)")
    #expect(
      first.errors.contains("the statement s3 for s3.amazonaws.com (arn:aws:s3:::shop-in)"), "\(first.errors)"
    )
    #expect(first.errors.contains("point them at the alias prod"), "\(first.errors)")
    let writes = repository.takeCalls().filter { call in
      !["Get", "List", "Invoke"].contains { call.key.hasPrefix($0) }
    }
    #expect(writes == ["PublishVersion": 1, "CreateAlias": 1])
    #expect(try await aws.lambda.getAlias(Self.name, name: "prod").functionVersion == "1")

    // The callers move. The bare function keeps its permission, as after an adoption: the alias has the same.
    try await aws.lambda.addPermission(Self.name, qualifier: "prod", statement: permission)
    let alias = Caller(aws, qualifier: "prod")
    let byBareName = await bare.end()
    #expect(Set(byBareName.keys) == ["$LATEST: live"], "\(byBareName)")
    let isFree = await eventually(within: .minutes(2)) {
      let plan = try? await repository.run("plan", "--json").function("f000")
      return plan?["adoption"]?["callers"]?.array?.isEmpty == true
    }
    #expect(isFree)

    let second = try await repository.run("deploy", "--canary", "10%:10m", "--bake", "5m", "--json")
    #expect(second.exit == .code(0), "\(second.errors)")
    #expect(try second.function("f000")["outcome"] == "promoted")
    let after = Caller(aws, qualifier: "prod")
    let during = await alias.end()
    #expect(Set(during.keys) == ["1: live", "2: 1"], "\(during)")
    #expect((during["1: live"] ?? 0) > 20)
    #expect(await eventually { after.count > 20 })
    let atLast = await after.end()
    #expect(Set(atLast.keys) == ["2: 1"], "\(atLast)")
    #expect(try await aws.lambda.getFunction(Self.name, qualifier: "1").configuration.memorySize == 512)
    #expect(try await aws.lambda.getFunction(Self.name, qualifier: "2").configuration.memorySize == 256)
    aws.shutdown()
    await repository.stop()
  }

  @Test("what others have made goes through init --from live into files with AWS's own settings")
  func initFromLive() async throws {
    let repository = try CountedRepository(functions: 2)
    try repository.start()
    let aws = try client(repository)
    try repository.folder.write(
      "functions/f000/prices.py", "PRICES = {}\n")
    try repository.folder.write(
      "functions/f000/handler.py",
      "import prices\n\n\ndef handler(event, context):\n    return {'answer': 'live'}\n")
    try await makeByHand(repository, aws, of: "functions/f000")
    try Files.remove("\(repository.folder.path)/lamctl.json")
    let arguments = [
      "init", "--from", "live", "many-*", "--endpoint-url", repository.endpoint, "--region", "eu-west-1",
    ]
    let shown = try await repository.begin(arguments + ["--dry-run"], environment: repository.credentials)
      .outcome()
    #expect(shown.exit == .code(0), "\(shown.errors)")
    #expect(!Files.exists("\(repository.folder.path)/lamctl.json"))
    let written = try await repository.begin(arguments + ["--yes"], environment: repository.credentials)
      .outcome()
    #expect(written.exit == .code(0), "\(written.errors)")
    let files = try ["lamctl.json", "functions/f000/function.json"].map { try repository.folder.read($0) }
      .joined()
    for words in [
      "\"functionName\": \"many-f000\"", "\"timeout\": 30", "\"memorySize\": 512", Self.role,
      "functions/f000",
    ] {
      #expect(files.contains(words), "\(files)")
    }
    #expect(!files.contains("functions/f001"))
    #expect(written.errors.contains("no function in AWS is made from f001"), "\(written.errors)")
    let again = try await repository.begin(arguments + ["--yes"], environment: repository.credentials)
      .outcome()
    #expect(again.exit == .code(65), "\(again.errors)")
    aws.shutdown()
    await repository.stop()
  }

  @Test("what others change is told by plan, status and doctor, and refused or put back where that is wanted")
  func drift() async throws {
    let repository = try CountedRepository(functions: 1)
    try repository.start()
    try await repository.deployFirst()
    let aws = try client(repository)
    _ = try await aws.lambda.updateFunctionConfiguration(
      Self.name, changes: JSONObject([("Timeout", 99), ("Environment", ["Variables": ["HOTFIX": "secret"]])]))
    let isSettled = await eventually {
      (try? await aws.lambda.getFunction(Self.name))?.configuration.lastUpdateStatus == "Successful"
    }
    #expect(isSettled)
    let words = "changed by others since v1: timeout 3 to 99, variable HOTFIX"
    for command in ["plan", "status", "doctor"] {
      let outcome = try await repository.run(command)
      #expect(outcome.exit == .code(0), "\(command): \(outcome.errors)")
      #expect(outcome.output.contains(words), "\(command): \(outcome.output)")
      #expect(!outcome.output.contains("secret"))
    }
    try repository.write(0, answer: 1)
    let refused = try await repository.run("deploy", "--all-at-once", "--refuse-drift")
    #expect(refused.exit == .code(1) && refused.errors.contains("HOTFIX"), "\(refused.errors)")
    let restored = try await repository.run("deploy", "--all-at-once", "--restore-drift", "--json")
    #expect(restored.exit == .code(0), "\(restored.errors)")
    let second = try await aws.lambda.getFunction(Self.name, qualifier: "2").configuration
    #expect(second.timeout == 3 && (second.environment ?? [:]).isEmpty)
    aws.shutdown()
    await repository.stop()
  }
}
