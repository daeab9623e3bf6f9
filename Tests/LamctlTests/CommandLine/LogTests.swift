import AWSClient
import Core
import Testing

@testable import lamctl

@Suite("What logs shows")
struct LogTests {
  private func event(_ id: String, _ seconds: Double) -> LogEvent {
    LogEvent(id: id, stream: "2026/01/20/[3]ab", time: Timestamp(seconds: seconds), message: id)
  }

  @Test(
    "the version is what the name of the stream holds in brackets",
    arguments: [
      ("2026/01/20/[3]0123", "3"), ("2026/01/20/[$LATEST]0123", "$LATEST"), ("2026/01/20/orders[42]ab", "42"),
      ("plain", nil), ("2026/[", nil),
    ] as [(String, String?)])
  func version(stream: String, version: String?) {
    #expect(LogReader.version(of: stream) == version)
  }

  @Test("an event is shown once, also one that comes late or again, and each look goes back a little")
  func following() {
    var log = FollowedLog(seen: [event("a", 100), event("b", 200)])
    #expect(log.from(since: Timestamp(seconds: 0)) == Timestamp(seconds: 140))
    #expect(log.from(since: Timestamp(seconds: 180)) == Timestamp(seconds: 180))
    #expect(log.fresh([event("b", 200), event("late", 150), event("c", 300)]).map(\.id) == ["late", "c"])
    #expect(log.fresh([event("late", 150), event("c", 300)]).isEmpty)
    #expect(log.from(since: Timestamp(seconds: 0)) == Timestamp(seconds: 240))
  }

  @Test(
    "versions, tenants and names of durable executions are checked before anything is called",
    arguments: [
      "--version 0", "--version x", "--version 42 --alias prod", "--tenant-id #", "--durable-name a/b",
    ])
  func refused(options: String) {
    #expect(usageError(InvokeCommand.self, "prod orders " + options) != nil)
  }

  @Test("the last word is the function, the one before it the environment")
  func words() throws {
    #expect(try parse(LogsCommand.self, "prod orders")?.function.function == "orders")
    #expect(try parse(LogsCommand.self, "prod orders")?.function.environment == "prod")
    #expect(try parse(LogsCommand.self, "orders --version 3")?.function.environment == nil)
    #expect(try parse(LogsCommand.self, "orders --version 3")?.version?.text == "3")
    #expect(try parse(LogsCommand.self, "prod --function shop-orders")?.function.environment == "prod")
    #expect(usageError(LogsCommand.self, "")?.message == "no function is named")
    #expect(usageError(LogsCommand.self, "prod orders --function shop-orders") != nil)
  }
}
