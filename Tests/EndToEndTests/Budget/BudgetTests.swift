import Core
import Sandbox
import TestSupport
import Testing

/// Requests are counted where they arrive, so that whatever sends them is seen.
@Suite("A deploy makes the calls it needs and no others", .serialized)
struct BudgetTests {
  /// Calls that are none of a function's own, such as asking whose credentials these are.
  private static func others(_ calls: [String: Int]) -> Int {
    calls.filter { !["GetFunction", "ListFunctions"].contains($0.key) }.map(\.value).reduce(0, +)
  }

  private static func isReading(_ operation: String) -> Bool {
    operation.hasPrefix("Get") || operation.hasPrefix("List")
  }

  @Test(
    "where nothing has changed: one GetFunction a function, the pages of ListFunctions, 3 others",
    arguments: [3, 60])
  func unchanged(count: Int) async throws {
    let repository = try CountedRepository(functions: count)
    try repository.start()
    try await repository.deployFirst()
    // Functions of two releases: the aliases of their leaders are looked at.
    try repository.write(count - 1, answer: 1)
    try await repository.deployFirst()
    for command in ["deploy", "plan"] {
      let outcome = try await repository.run(command, "--json")
      let calls = repository.takeCalls()
      #expect(outcome.exit == .code(0), "\(outcome.errors)")
      #expect(try outcome.document()["outcome"] == "unchanged")
      #expect(calls["GetFunction"] == count, "\(command): \(calls)")
      #expect(calls["ListFunctions"] == (count + 49) / 50, "\(command): \(calls)")
      // A plan also looks whether an environment has left the configuration, at the aliases of one function, and whether
      // somebody has moved an alias, at the environment's of each.
      #expect(calls["GetAlias"] == (command == "plan" ? count : 2), "\(command): \(calls)")
      #expect(Self.others(calls) <= (command == "plan" ? count + 2 : 3), "\(command): \(calls)")
      #expect(calls.keys.allSatisfy(Self.isReading), "\(command): \(calls)")
    }
    await repository.stop()
  }

  @Test("where nothing has changed, a canary that a dead run left is noticed")
  func leftBehind() async throws {
    let repository = try CountedRepository(functions: 6)
    try repository.start()
    try await repository.deployFirst()
    try repository.write(1, answer: 1)
    let run = try repository.begin(["deploy", "--canary", "10%"])
    #expect(await eventually(within: .minutes(2)) { run.text(.error).contains("gets 10%") })
    run.child.kill()
    #expect(await run.child.exit() == .signal(9))
    // Back to what serves: for the digests alone there is nothing to do.
    try repository.write(1, answer: 0)
    _ = repository.takeCalls()

    let plan = try await repository.run("plan", "--json")
    var calls = repository.takeCalls()
    #expect(plan.exit == .code(0), "\(plan.errors)")
    #expect(try plan.function("f001")["rollout"] == "canary", "\(plan.output)")
    // Of each, to see whether somebody has moved it.
    #expect(calls["GetAlias"] == 6, "\(calls)")
    #expect(calls["GetFunction"] == 6, "\(calls)")
    #expect(Self.others(calls) <= 8, "\(calls)")

    let deploy = try await repository.run("deploy", "--json")
    calls = repository.takeCalls()
    #expect(deploy.exit == .code(0) || deploy.exit == .code(10), "\(deploy.errors)")
    #expect(try deploy.function("f001")["outcome"] == "rolledBack", "\(deploy.output)")
    #expect(calls["UpdateAlias"] == 1, "\(calls)")
    let status = try await repository.run("status", "--json")
    #expect(try status.function("f001")["weights"] == ["1": 1])
    await repository.stop()
  }

  /// A way for the traffic, and the alias writes that it takes.
  struct Way: Sendable, CustomTestStringConvertible {
    let flags: [String]
    let writes: Int
    /// Whether two versions serve beside each other, of which more has to be known before.
    var isStepped = true
    var testDescription: String { flags.joined(separator: " ") }
  }

  /// How much faster than real time a rollout runs here.
  private static let speed = 20.0

  /// How many leases may have been renewed among `log`: a run whose last write is two minutes old writes the alias once
  /// more. The steps and bakes tried here are shorter, but a machine that is busy with other things may make them longer.
  private static func renewals(in log: [CountedRepository.Call]) -> Int {
    let writes = log.filter { $0.operation == "UpdateAlias" }.map(\.time)
    return zip(writes, writes.dropFirst()).count { $1 - $0 >= .seconds(120 / speed) }
  }

  @Test(
    "changed code: an UpdateAlias a step and one to finish, a GetMetricData a look, each other write once",
    arguments: [
      Way(flags: ["--all-at-once"], writes: 1, isStepped: false),
      Way(flags: ["--canary", "10%:1m", "--bake", "30s"], writes: 3),
      Way(flags: ["--steps", "10%:1m,50%:1m", "--bake", "30s"], writes: 4),
    ])
  func changed(way: Way) async throws {
    let repository = try CountedRepository(functions: 1, smoke: true)
    try repository.start(speed: Self.speed)
    try await repository.deployFirst()
    try repository.write(0, answer: 1)
    let outcome = try await repository.begin(
      ["deploy", "--json", "--events", "events.ndjson", "--on-low-traffic", "promote-if-smoked"] + way.flags
    ).outcome()
    let log = repository.takeLog()
    var calls = CountedRepository.counts(log)
    #expect(outcome.exit == .code(0), "\(outcome.errors)")
    #expect(try outcome.function("f000")["outcome"] == "promoted")
    let looks = try repository.folder.read("events.ndjson").split(separator: "\n")
      .filter { $0.contains(#""event":"judged""#) }.count
    let reads = calls.removeValue(forKey: "GetFunction") ?? 0
    // The first look also asks from when on an invocation is slow; before the first weight the traffic of the last
    // hour is asked for, and as there was hardly any, not how much of it the account can take.
    let metrics = way.isStepped ? looks + 2 : 0
    #expect(calls.removeValue(forKey: "GetMetricData") ?? 0 == metrics, "\(looks) looks")
    let provisioned = calls.removeValue(forKey: "GetProvisionedConcurrencyConfig")
    #expect(provisioned == (way.isStepped ? 1 : nil))
    // One to plan; each look that does not write the alias reads it, to see whether anybody else has moved it.
    let aliases = calls.removeValue(forKey: "GetAlias") ?? 0
    #expect((1...1 + looks).contains(aliases), "\(aliases) GetAlias")
    let writes = calls.removeValue(forKey: "UpdateAlias") ?? 0
    #expect((way.writes...way.writes + Self.renewals(in: log)).contains(writes), "\(writes) UpdateAlias")
    #expect(
      calls == [
        "GetCallerIdentity": 1, "ListFunctions": 1, "UpdateFunctionCode": 1, "PublishVersion": 1,
        "Invoke": 1,
      ])
    // One to plan, the others to wait until the code and the version are ready.
    #expect((2...12).contains(reads), "\(reads) GetFunction")
    await repository.stop()
  }
}

@Suite("Many functions", .serialized)
struct ManyFunctionsTests {
  @Test("200 functions open at most --parallel connections", arguments: [3, 8])
  func connections(parallel: Int) async throws {
    let repository = try CountedRepository(functions: 200)
    try repository.start()
    let outcome = try await repository.run(
      "deploy", "--create", "--all-at-once", "--json", "--parallel", "\(parallel)")
    let count = try #require(repository.connections)
    #expect(outcome.exit == .code(0), "\(outcome.errors)")
    #expect(try outcome.document()["functions"]?.array?.count == 200)
    // Beside the requests there are two looks at the sandbox: whether it is there, and what time it has.
    #expect(count.mostOpen <= parallel, "\(count.mostOpen) at once, \(count.accepted) in all")
    #expect(count.accepted >= parallel + 2)
    await repository.stop()
  }

  @Test("with AWS's rate limits on, 40 changed functions are released without an error")
  func limited() async throws {
    let repository = try CountedRepository(functions: 40)
    try repository.start()
    try await repository.deployFirst()
    await repository.stop()

    for index in 0..<40 { try repository.write(index, answer: 1) }
    try repository.start(speed: 1, strict: true)
    let outcome = try await repository.run("deploy", "--all-at-once", "--json")
    #expect(outcome.exit == .code(0), "\(outcome.errors)")
    let functions = try #require(try outcome.document()["functions"]?.array)
    #expect(functions.count == 40)
    #expect(functions.allSatisfy { $0["outcome"] == "promoted" && $0["toVersion"] == "2" })
    #expect(!outcome.errors.contains("TooManyRequests"), "\(outcome.errors)")
    await repository.stop()
  }
}
