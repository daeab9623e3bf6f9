import AWSClient
import Core
import TestSupport
import Testing

@testable import Release

@Suite("What a version that was taken back has logged and cost")
struct ExplainTests {
  private static let id = "8f507cfc-1697-5d22-8d3b-e4b2f5a1c0d7"

  @Test("the first distinct errors of the new version are in the report, without the function's variables")
  func errors() async throws {
    let world = try await World.running()
    world.want {
      $0.code = "bad2"
      $0.settings["Environment"] = ["Variables": ["DATABASE": "postgres://shop:hush@db"]]
      $0.settings["MemorySize"] = 256
    }
    let day = String(world.clock.now().iso8601.prefix(10)).replacing("-", with: "/")
    let now = world.clock.now()
    let events = [
      (
        "[2]aa",
        "[ERROR] ValueError: order 17 is not at postgres://shop:hush@db\rTraceback (most recent call last):"
      ),
      ("[1]bb", "[ERROR] KeyError: an error of the old version"),
      ("[2]aa", "[ERROR] ValueError: order 18 is not at postgres://shop:hush@db"),
      ("[2]cc", "2026-11-21T10:00:00.000Z \(Self.id) Task timed out after 3.00 seconds"),
    ].enumerated().map { index, event in
      LogEvent(id: "\(index)", stream: "\(day)/\(event.0)", time: now, message: event.1)
    }
    world.account.state.withLock { $0.logs["/aws/lambda/orders"] = events }
    let run = await world.deploy()
    #expect(run.outcome == .rolledBack)
    let report = try #require(run.report?.functions.first)
    #expect(
      report.errors == [
        LoggedError(message: "ValueError: order 17 is not at ***", count: 2),
        LoggedError(message: "Task timed out after 3.00 seconds", count: 1),
      ])
  }

  @Test("the traffic is back before anybody reads logs, and a failure to read them changes nothing")
  func order() async throws {
    let world = try await World.running()
    world.want { $0.code = "bad2" }
    let calls = await world.probe().connection.calls
    let read = try #require(calls.firstIndex(of: "FilterLogEvents")) + 1
    let back = try #require(calls.lastIndex(of: "UpdateAlias orders")) + 1
    #expect(back < read)
    for call in (back + 1)...read {
      let run = await world.copy().deploy(events: [.fails(call)])
      #expect(run.outcome == .rolledBack)
      #expect(run.error == nil)
    }
  }

  @Test("a version that takes longer with more memory costs more")
  func cost() async throws {
    let world = try await World.running(["orders": Wanted("good1")])
    world.want { $0.settings["MemorySize"] = 256 }
    _ = await world.deploy()
    world.clock.advance(by: .minutes(180))
    world.configure { $0.judge.onLatency = .rollback }
    world.want {
      $0.code = "slow2"
      $0.settings["MemorySize"] = 512
    }
    let run = await world.deploy()
    #expect(run.outcome == .rolledBack)
    let cost = try #require(run.report?.functions.first?.cost)
    #expect(cost.stable.milliseconds == 100)
    #expect(cost.stable.memorySize == 256)
    #expect(abs(cost.ratio - 4) < 0.1)
  }

  static let messages: [(String, String)] = [
    ("[ERROR] ValueError: no such order\rTraceback (most recent call last):", "ValueError: no such order"),
    (
      "2026-11-21T10:00:00.000Z\t\(id)\tERROR\tInvoke Error \t{\"errorType\":\"TypeError\",\"errorMessage\":\"x is undefined\",\"stack\":[]}",
      "TypeError: x is undefined"
    ),
    ("{\"level\":\"ERROR\",\"message\":\"no stock\",\"requestId\":\"\(id)\"}", "no stock"),
    (
      "RequestId: \(id) Error: Runtime exited with error: signal: killed",
      "Error: Runtime exited with error: signal: killed"
    ),
    ("Traceback (most recent call last):\n  File \"a.py\"\nKeyError: 'id'", "KeyError: 'id'"),
    ("Traceback (most recent call last):", ""),
    ("    at Error (index.js:3)", ""),
    ("REPORT RequestId: \(id)\tStatus: error\tError Type: Runtime.ExitError", ""),
    ("Error: \u{1B}[31mred", "Error:  [31mred"),
    ("Error: bad key AKIAIOSFODNN7EXAMPLE", "Error: bad key ***"),
    ("Error: token eyJhbGciOiJIUzI1NiIsInR5cCI6.abc", "Error: token ***.abc"),
  ]

  @Test("what the runtimes write comes down to one line", arguments: messages)
  func line(message: String, line: String) {
    let found = ErrorLog.distinct([message], hiding: [])
    #expect(found.map(\.message) == (line.isEmpty ? [] : [line]))
  }

  @Test("a value of several lines is hidden line by line")
  func lines() {
    let found = ErrorLog.distinct(["Error: cannot parse MIIEvQ"], hiding: ["BEGIN\nMIIEvQ\nEND"])
    #expect(found == [LoggedError(message: "Error: cannot parse ***", count: 1)])
  }
}
