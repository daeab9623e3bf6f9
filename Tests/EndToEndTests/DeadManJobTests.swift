import Core
import Glibc
import TestSupport
import Testing

@Suite("The dead-man switch, with the built binary against the sandbox", .serialized)
struct DeadManJobTests {
  /// A shop that serves, has a switch that waits for 5 minutes, and a change that is not released yet.
  private func shop() async throws -> Shop {
    let shop = try await Shop()
    let text = try shop.folder.read("lamctl.json")
    let old = #""bake": "10m""#
    try #require(text.contains(old))
    let deadMan =
      #""deadMan": {"role": "arn:aws:iam::${env:ACCOUNT:-000000000000}:role/switch", "after": "5m"}"#
    try shop.folder.write("lamctl.json", text.replacing(old, with: "\(old), \(deadMan)"))
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    return shop
  }

  private func schedules(_ shop: Shop) throws -> [String] {
    let text = try shop.folder.read(".lamctl/sandbox/schedules.json")
    return try JSON(parsing: text).object?.keys ?? []
  }

  @Test("a killed run's canary is taken back though nobody comes; the next deploy is not refused")
  func killed() async throws {
    let shop = try await shop()
    let run = try shop.start("deploy", "--canary", "10%:30m")
    #expect(await eventually(within: .seconds(30)) { run.text(.error).contains("gets 10%") })
    run.child.kill()
    #expect(await run.child.exit() == .signal(9))
    #expect(try schedules(shop) == ["lamctl.shop-ordering.prod"])

    // Five minutes are five seconds here. Nobody asks for anything meanwhile.
    #expect(await eventually(within: .seconds(60)) { (try? schedules(shop)) == [] })
    let status = try await shop.status("ordering")
    #expect(status["weights"] == ["1": 1])
    #expect(status["state"] == "rb")
    #expect(status["bad"] == .null)

    let next = try await shop.run("deploy", "--canary", "10%:5m", "--bake", "5m", "--json")
    #expect(next.exit == .code(0), "\(next.errors)")
    #expect(try next.function("ordering")["outcome"] == "promoted")
    #expect(try schedules(shop) == [])
    await shop.stopSandbox()
  }

  @Test("a run that lives longer than the switch waits is left alone, and removes it")
  func living() async throws {
    let shop = try await shop()
    let run = try await shop.run("deploy", "--canary", "10%:12m", "--bake", "5m", "--json")
    #expect(run.exit == .code(0), "\(run.errors)")
    #expect(try run.function("ordering")["outcome"] == "promoted")
    #expect(try schedules(shop) == [])
    #expect(try await shop.status("ordering")["weights"] == ["2": 1])
    await shop.stopSandbox()
  }
}
