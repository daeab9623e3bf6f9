import Core
import Glibc
import TestSupport
import Testing

@Suite("Calling functions and reading their logs, with the built binary against the sandbox", .serialized)
struct CallJobTests {
  @Test(
    "invoke runs an alias or a version with an event; its log and its failure are told; logs tell versions apart"
  )
  func callAndRead() async throws {
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    let names = try await shop.run("list", "--json").document()["functions"]?.array ?? []
    #expect(names.count > 1)

    try shop.folder.write("broken.json", "{\"id\": ")
    let broken = try await shop.run("invoke", "prod", "ordering", "--event", "broken.json", "--json")
    #expect(broken.exit == .code(65) && broken.errors.contains("broken.json"), "\(broken.errors)")
    let called = try await shop.run("invoke", "prod", "ordering", "--event", "place-order", "--json")
    #expect(called.exit == .code(0), "\(called.errors)\(called.output)")
    let document = try called.document()
    #expect(document["executedVersion"] == "1" && document["qualifier"] == "prod")
    #expect(document["payload"]?["statusCode"] != nil)
    #expect(document["log"]?.array?.contains { $0.string?.hasPrefix("REPORT RequestId") == true } == true)

    let plain = try await shop.run("invoke", "ordering", "--version", "1", "--event", "place-order.json")
    #expect(plain.exit == .code(0))
    #expect(throws: Never.self) { try JSON(parsing: plain.output) }
    #expect(plain.errors.contains("ordering version 1:") && plain.errors.contains("REPORT RequestId"))

    try shop.folder.write("event.json", "{\"id\": \"o-1\"}")
    let failed = try await shop.run("invoke", "ordering", "--event", "event.json", "--json")
    #expect(failed.exit == .code(1), "the function fails without a request: \(failed.output)")
    #expect(try failed.document()["functionError"] == "Unhandled")
    #expect(!failed.output.contains("secret:"), "what is no secret is told as it is: \(failed.output)")
    #expect(try failed.document()["error"]?["message"]?.string?.contains("ordering version 1 failed") == true)

    let missing = try await shop.run("invoke", "ordering", "--event", "nope.json")
    #expect(
      missing.exit == .code(64) && missing.errors.contains("there is no such file"), "\(missing.errors)")
    let unknown = try await shop.run("logs", "ordring")
    #expect(
      unknown.exit == .code(64) && unknown.errors.contains("did you mean 'ordering'?"), "\(unknown.errors)")

    let log = try await shop.run("logs", "prod", "ordering", "--since", "2h", "--json")
    #expect(log.exit == .code(0), "\(log.errors)")
    let events = try log.document()["events"]?.array ?? []
    #expect(events.contains { $0["version"] == "1" && $0["message"]?.string?.hasPrefix("REPORT") == true })
    let one = try await shop.run("logs", "ordering", "--version", "1", "--since", "2h", "--filter", "REPORT")
    let lines = one.output.split(separator: "\n")
    #expect(!lines.isEmpty && lines.allSatisfy { $0.contains(" [1] REPORT") }, "\(one.output)")

    let silent = try await shop.run("logs", "ordering", "--version", "$LATEST", "--since", "2h")
    #expect(silent.exit == .code(0) && silent.output.isEmpty, "\(silent.errors)")
    #expect(silent.errors.contains("nothing was logged by version $LATEST since"), "\(silent.errors)")
    #expect(silent.errors.contains("versions that logged something: 1"), "\(silent.errors)")
    let absent = try await shop.run("logs", "ordering", "--version", "77", "--since", "2h")
    #expect(absent.exit == .code(1), "\(absent.errors)")
    #expect(absent.errors.contains("ordering has no version 77"), "\(absent.errors)")

    let follow = try shop.start("logs", "ordering", "--follow", "--since", "1m")
    try await SystemClock().sleep(for: .seconds(0.3))
    #expect(
      try await shop.run("invoke", "ordering", "--version", "1", "--event", "place-order").exit == .code(0))
    try #require(await eventually(within: .seconds(20)) { follow.text(.output).contains("[1] REPORT") })
    kill(follow.child.processID, SIGINT)
    #expect(await follow.outcome().exit == .code(130))
    await shop.stopSandbox()
  }
}
