import Core
import Glibc
import TestSupport
import Testing

@Suite("The main job, with the built binary against the sandbox", .serialized)
struct MainJobTests {
  @Test("create, find nothing to do, canary, take a bad release back, refuse it, fix it, roll back")
  func wholeStory() async throws {
    let shop = try await Shop()
    let first = try await shop.run("deploy", "--json")
    #expect(first.exit == .code(0), "\(first.errors)")
    #expect(
      try first.document()["functions"]?.array?.map { $0["change"]?.string } == [
        "create", "create", "create",
      ])

    let second = try await shop.run("deploy", "--canary", "10%", "--json")
    #expect(try second.document()["outcome"] == "unchanged")
    #expect(try second.document()["functions"]?.array?.allSatisfy { $0["change"] == "none" } == true)

    try shop.edit("libs/common/money.py", "\"other\": 19", "\"other\": 20")
    let third = try await shop.run("deploy", "--canary", "10%", "--json")
    #expect(third.exit == .code(0), "\(third.errors)")
    #expect(try third.function("product")["outcome"] == "promoted")
    #expect(try third.function("basket")["outcome"] == "promoted")
    #expect(try third.function("basket")["reasons"]?.array?.first?.string?.contains("libs/common") == true)
    #expect(try third.function("ordering")["change"] == "none")

    try shop.breakOrdering()
    let bad = try await shop.run("deploy", "--canary", "10%", "--json")
    #expect(bad.exit == .code(10), "\(bad.errors)")
    #expect(try bad.document()["outcome"] == "rolledBack")
    #expect(try bad.function("ordering")["verdict"]?["kind"] == "rollback")
    let sentence = try bad.function("ordering")["verdict"]?["sentence"]?.string ?? ""
    #expect(sentence.hasPrefix("ROLLBACK ordering v2:"), "\(sentence)")
    #expect(try await shop.status("ordering")["weights"] == ["1": 1])

    let again = try await shop.run("deploy", "--canary", "10%")
    #expect(again.exit == .code(1))
    #expect(again.errors.contains("is version 2, which the traffic was taken back from"), "\(again.errors)")

    try shop.edit("ordering/index.js", "seen % 3 !== 1", "seen < 0")
    let fixed = try await shop.run("deploy", "--all-at-once", "--json")
    #expect(fixed.exit == .code(0), "\(fixed.errors)")
    #expect(try fixed.function("ordering")["toVersion"] == "3")

    let back = try await shop.run("rollback", "prod", "--json")
    #expect(back.exit == .code(0), "\(back.errors)")
    #expect(try await shop.status("ordering")["weights"] == ["1": 1])
    #expect(try await shop.status("product")["weights"] == ["2": 1])

    let twice = try await shop.run("rollback", "prod", "--json")
    #expect(twice.exit == .code(0), "\(twice.errors)")
    #expect(try await shop.status("ordering")["weights"] == ["1": 1])
  }

  @Test("a rollout whose run was killed goes on from the record")
  func killed() async throws {
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    let run = try shop.start("deploy", "--canary", "10%")
    #expect(await eventually(within: .seconds(30)) { run.text(.error).contains("gets 10%") })
    run.child.kill()
    #expect(await run.child.exit() == .signal(9))
    #expect(try await shop.status("ordering")["state"] == "canary")

    let next = try await shop.run("deploy", "--canary", "10%", "--json")
    #expect(next.exit == .code(0), "\(next.errors)")
    #expect(next.errors.contains("resuming the rollout that another run left in step 1 of 1 at 10%"))
    #expect(try next.document()["outcome"] == "promoted")
    #expect(try await shop.status("ordering")["weights"] == ["2": 1])
    await shop.stopSandbox()
  }

  @Test("of two runs at once one wins, the other ends with 12 and has touched nothing")
  func twoAtOnce() async throws {
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    let one = try shop.start("deploy", "--canary", "10%", "--json")
    let two = try shop.start("deploy", "--canary", "10%", "--json")
    let outcomes = [await one.outcome(), await two.outcome()]
    let codes = Set(outcomes.map(\.exit))
    #expect(codes == [.code(0), .code(12)], "\(outcomes.map(\.errors))")
    #expect(try await shop.status("ordering")["weights"] == ["2": 1])
    await shop.stopSandbox()
  }

  @Test("Ctrl-C during a canary makes the traffic safe within 5 seconds", arguments: [(2, 130), (15, 143)])
  func interrupted(signal: Int32, code: Int32) async throws {
    let name = signal == 2 ? "SIGINT" : "SIGTERM"
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    let run = try shop.start("deploy", "--canary", "10%", "--json")
    #expect(await eventually(within: .seconds(30)) { run.text(.error).contains("gets 10%") })
    let clock = SystemClock()
    let sent = clock.now()
    kill(run.child.processID, signal)
    let outcome = await run.outcome()
    #expect(outcome.exit == .code(code), "\(outcome.errors)")
    #expect(clock.now() - sent < .seconds(5))
    #expect(try outcome.document()["outcome"] == "rolledBack")
    #expect(try outcome.document()["signal"]?.string == name)
    #expect(try await shop.status("ordering")["weights"] == ["1": 1])
    #expect(try await shop.status("ordering")["reason"] == "signal")
    // Interrupted is not condemned: the same package may be released again.
    #expect(try await shop.run("deploy", "--all-at-once").exit == .code(0))
    await shop.stopSandbox()
  }

  @Test("rollback ends a canary and a bake while their run still works")
  func rollbackUnderWay() async throws {
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    for (flags, moment) in [(["--canary", "10%"], "gets 10%"), (["--blue-green"], "has all traffic")] {
      try shop.edit("ordering/index.js", "UNPAID_HOURS = ", "UNPAID_HOURS = 1")
      let run = try BuiltBinary.start(
        ["deploy"] + flags, in: shop.folder.path, environment: shop.environment)
      #expect(await eventually(within: .seconds(30)) { run.text(.error).contains(moment) })
      #expect(try await shop.run("rollback", "prod").exit == .code(0))
      let outcome = await run.outcome()
      #expect(outcome.exit == .code(10), "\(outcome.errors)")
      #expect(try await shop.status("ordering")["weights"] == ["1": 1])
    }
    await shop.stopSandbox()
  }
}
