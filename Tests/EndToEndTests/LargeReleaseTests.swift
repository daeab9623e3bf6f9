import Core
import TestSupport
import Testing

@Suite("A release of 20 functions under AWS's rate limits, with the built binary against the sandbox")
struct LargeReleaseTests {
  @Test(
    "of 20 functions one is bad: all are taken back, one UpdateAlias each, within 5 seconds of the verdict")
  func oneBad() async throws {
    // In real time, so that AWS's rate limits are those of AWS.
    let repository = try await CountedRepository.changed(20, traffic: 1, speed: 1, strict: true, settle: "1s")
    try repository.breakFunction(7)
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
    // The failing one is sent first, and eight are under way at once.
    #expect(writes.prefix(8).contains { $0.line.contains("f007") }, "\(writes.map(\.line))")
    #expect(try await repository.weights().values.allSatisfy { $0 == ["1": 1] })
    await repository.stop()
  }
}
