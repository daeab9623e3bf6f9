import Core
import Glibc
import TestSupport
import Testing

@Suite("Signals to a rollout whose writes are slow, with the built binary against the sandbox", .serialized)
struct SignalJobTests {
  /// A shop with a rollout at 10 %, whose alias takes its time at each write.
  private func rollout(slow: String, _ options: String...) async throws -> (Shop, BuiltBinary.Run) {
    let shop = try await Shop()
    try await shop.startSandbox(faults: "UpdateAlias=slow:\(slow)")
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    let run = try BuiltBinary.start(
      ["deploy", "--canary", "10%:30m", "--json"] + options, in: shop.folder.path,
      environment: shop.environment)
    try #require(await eventually(within: .seconds(60)) { run.text(.error).contains("gets 10%") })
    return (shop, run)
  }

  /// Sends signals one after the other, in real time.
  private func send(_ signals: [Int32], to run: BuiltBinary.Run) async throws {
    for signal in signals {
      kill(run.child.processID, signal)
      try await SystemClock().sleep(for: .seconds(0.3))
    }
  }

  @Test(
    "twice Ctrl-C, and Ctrl-C with all that a CI system sends after it, do not end it before the traffic is back",
    arguments: [([2, 2], 130, "SIGINT"), ([2, 15, 15, 1], 130, "SIGINT"), ([1, 15], 129, "SIGHUP")])
  func patient(signals: [Int32], code: Int32, name: String) async throws {
    let (shop, run) = try await rollout(slow: "1500ms")
    try await send(signals, to: run)
    let outcome = await run.outcome()
    #expect(outcome.exit == .code(code), "\(outcome.errors)")
    #expect(outcome.errors.contains("\(name): taking the traffic back (1 function, about 1 s)"))
    #expect(outcome.errors.contains("the traffic is not safe yet (1 function to go)"), "\(outcome.errors)")
    #expect(try outcome.document()["outcome"] == "rolledBack")
    #expect(try outcome.document()["signal"]?.string == name)
    #expect(try await shop.status("ordering")["weights"] == ["1": 1])
    await shop.stopSandbox()
  }

  @Test("the third Ctrl-C ends it at once, with a document that says what serves")
  func impatient() async throws {
    let (shop, run) = try await rollout(slow: "15s")
    let clock = SystemClock()
    let began = clock.now()
    try await send([2, 2, 2], to: run)
    let outcome = await run.outcome()
    // Not after the fifteen seconds that taking the traffic back would take.
    #expect(clock.now() - began < .seconds(10))
    #expect(outcome.exit == .code(11), "\(outcome.errors)")
    #expect(outcome.errors.contains("SIGINT: taking the traffic back"), "\(outcome.errors)")
    #expect(outcome.errors.contains("lamctl abort prod"), "\(outcome.errors)")
    let document = try outcome.document()
    #expect(document["signal"] == "SIGINT")
    #expect(try outcome.function("ordering")["weights"] == ["1": .double(0.9), "2": .double(0.1)])
    await shop.stopSandbox()
  }

  @Test("a rollback that gets a signal goes on to its end; what only reads ends at once, with a document")
  func others() async throws {
    let shop = try await Shop()
    try await shop.startSandbox(faults: "UpdateAlias=slow:1500ms", "ListVersionsByFunction=slow:10s")
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    #expect(try await shop.run("deploy", "--all-at-once").exit == .code(0))
    let rollback = try shop.start("rollback", "prod", "--json", "--verbose")
    try #require(await eventually(within: .seconds(30)) { rollback.text(.error).contains("GetAlias") })
    kill(rollback.child.processID, SIGTERM)
    let back = await rollback.outcome()
    #expect(back.exit == .code(0), "\(back.errors)")
    #expect(back.errors.contains("SIGTERM: the traffic goes back to the last function"), "\(back.errors)")
    #expect(try back.document()["outcome"] == "rolledBack")
    #expect(try await shop.status("ordering")["weights"] == ["1": 1])

    let doctor = try shop.start("doctor", "--json", "--verbose")
    try #require(await eventually(within: .seconds(30)) { doctor.text(.error).contains("GetFunction") })
    kill(doctor.child.processID, SIGINT)
    let outcome = await doctor.outcome()
    #expect(outcome.exit == .code(130), "\(outcome.errors)")
    #expect(try outcome.document()["error"]?["message"] == "ended by SIGINT")
    await shop.stopSandbox()
  }
}
