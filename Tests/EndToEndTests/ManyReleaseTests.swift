import Core
import Glibc
import TestSupport
import Testing

@Suite("Releases of many functions, with the built binary against the sandbox", .serialized)
struct ManyReleaseTests {
  /// `count` functions that serve and have traffic, with a change of each that is not released yet.
  private func changed(
    _ count: Int, traffic: Double, speed: Double = 60, strict: Bool = false, settle: String = "1m"
  ) async throws -> CountedRepository {
    let repository = try CountedRepository(functions: count)
    let text = try repository.folder.read("lamctl.json")
    try repository.folder.write(
      "lamctl.json",
      text.replacing(
        #""settle": "1s", "maxWait": "0s""#, with: #""settle": "\#(settle)", "minInvocations": 3"#))
    try repository.start()
    try await repository.deployFirst()
    await repository.stop()
    try repository.start(
      speed: speed, strict: strict, traffic: Array(repeating: traffic, count: count))
    for index in 0..<count { try repository.write(index, answer: 1) }
    return repository
  }

  /// Makes every invocation of a function fail.
  private func breakFunction(_ index: Int, of repository: CountedRepository) throws {
    try repository.folder.write(
      "functions/\(CountedRepository.name(index))/handler.py",
      "def handler(event, context):\n    raise RuntimeError('the warehouse does not answer')\n")
  }

  private func weights(_ repository: CountedRepository) async throws -> [String: JSON?] {
    let status = try await repository.run("status", "--json").document()
    var weights: [String: JSON?] = [:]
    for function in status["functions"]?.array ?? [] {
      weights[function["function"]?.string ?? ""] = function["weights"]
    }
    return weights
  }

  @Test(
    "of 20 functions one is bad: all are taken back, one UpdateAlias each, within 5 seconds of the verdict")
  func oneBad() async throws {
    // In real time, so that AWS's rate limits are those of AWS.
    let repository = try await changed(20, traffic: 1, speed: 1, strict: true, settle: "1s")
    try breakFunction(7, of: repository)
    let outcome = try await repository.run("deploy", "--canary", "20%:10m", "--json")
    let log = repository.takeLog()
    try #require(outcome.exit == .code(10), "\(outcome.errors)")
    let document = try outcome.document()
    #expect(document["outcome"] == "rolledBack")
    let functions = try #require(document["functions"]?.array)
    #expect(functions.count == 20)
    #expect(functions.allSatisfy { $0["outcome"] == "rolledBack" && $0["weights"] == ["1": 1] })
    #expect(document["verdict"]?["culprit"] ?? "f007" == "f007")

    // From the answer that convicted it on.
    let first = try #require(log.lastIndex { $0.operation == "UpdateAlias" && $0.line.contains("f007") })
    let verdict = try #require(log[..<first].lastIndex { $0.operation == "GetMetricData" })
    let writes = log[verdict...].filter { $0.operation == "UpdateAlias" && $0.line.hasSuffix(" 200") }
    #expect(writes.count == 20, "\(writes.map(\.line))")
    #expect(try #require(writes.last).time - log[verdict].time < .seconds(5))
    // The failing one goes first.
    #expect(writes.first?.line.contains("f007") == true, "\(writes.map(\.line))")
    #expect(try await weights(repository).values.allSatisfy { $0 == ["1": 1] })
    await repository.stop()
  }

  @Test("a run that is killed between two promotions has decided: the next run goes forward")
  func killedBetweenPromotions() async throws {
    let repository = try await changed(4, traffic: 10)
    let held = try await repository.run("deploy", "--canary", "10%:2m", "--no-promote")
    #expect(held.exit == .code(11), "\(held.errors)")
    let run = try repository.begin(
      ["promote", "--canary", "10%:2m", "--parallel", "1"])
    let writes = Lock(0)
    let process = run.child.processID
    repository.watch { call in
      guard call.operation == "UpdateAlias" else { return }
      let number = writes.withLock { writes in
        writes += 1
        return writes
      }
      // Four leases, and the first promotion.
      if number == 5 { kill(process, SIGKILL) }
    }
    #expect(await run.child.exit() == .signal(9))
    repository.watch(nil)
    let half = try await weights(repository)
    #expect(half["f000"] == ["2": 1])
    #expect(half["f003"] == ["1": .double(0.9), "2": .double(0.1)])

    let next = try await repository.run("deploy", "--canary", "10%:2m", "--bake", "2m", "--json")
    #expect(next.exit == .code(0), "\(next.errors)")
    #expect(try next.document()["outcome"] == "promoted")
    #expect(try await weights(repository).values.allSatisfy { $0 == ["2": 1] })
    await repository.stop()
  }

  @Test(
    "with --per-function the good ones are promoted, the bad one is taken back: 14, and what serves is told")
  func perFunction() async throws {
    let repository = try await changed(3, traffic: 15)
    try breakFunction(1, of: repository)
    let outcome = try await repository.run(
      "deploy", "--canary", "20%:4m", "--bake", "2m", "--per-function", "--json")
    #expect(outcome.exit == .code(14), "\(outcome.errors)")
    #expect(try outcome.function("f000")["outcome"] == "promoted")
    #expect(try outcome.function("f000")["weights"] == ["2": 1])
    #expect(try outcome.function("f001")["outcome"] == "rolledBack")
    #expect(try outcome.function("f001")["weights"] == ["1": 1])
    #expect(try outcome.function("f001")["verdict"]?["kind"] == "rollback")
    #expect(
      try await weights(repository) == ["f000": ["2": 1], "f001": ["1": 1], "f002": ["2": 1]])
    await repository.stop()
  }

  @Test("of two runs of one release the one that waits ends as the other does")
  func attached() async throws {
    let repository = try await changed(2, traffic: 10)
    let first = try repository.begin(["deploy", "--canary", "10%:3m", "--bake", "2m", "--json"])
    #expect(await eventually(within: .seconds(60)) { first.text(.error).contains("gets 10%") })
    let second = try repository.begin(
      ["deploy", "--canary", "10%:3m", "--bake", "2m", "--wait-lock", "60m", "--json"])
    let outcomes = [await first.outcome(), await second.outcome()]
    #expect(outcomes.map(\.exit) == [.code(0), .code(0)], "\(outcomes.map(\.errors))")
    #expect(
      outcomes[1].errors.contains("the very same release"), "\(outcomes[1].errors)")
    #expect(try outcomes[1].document()["release"] == outcomes[0].document()["release"])
    #expect(try outcomes[1].function("f001")["outcome"] == "promoted")
    await repository.stop()
  }

  @Test("--supersede ends a living run's canary; that run ends with 12, the newer code serves")
  func superseded() async throws {
    let repository = try await changed(2, traffic: 10)
    let first = try repository.begin(["deploy", "--canary", "10%:30m", "--json"])
    #expect(await eventually(within: .seconds(60)) { first.text(.error).contains("gets 10%") })
    for index in 0..<2 { try repository.write(index, answer: 2) }
    let second = try await repository.run(
      "deploy", "--canary", "10%:2m", "--bake", "2m", "--supersede", "--json")
    #expect(second.exit == .code(0), "\(second.errors)")
    let other = await first.outcome()
    #expect(other.exit == .code(12), "\(other.errors)")
    #expect(try await weights(repository).values.allSatisfy { $0 == ["3": 1] })
    await repository.stop()
  }
}
