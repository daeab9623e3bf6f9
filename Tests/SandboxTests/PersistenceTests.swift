import Core
import Sandbox
import TestSupport
import Testing

@Suite struct PersistenceTests {
  @Test("functions, aliases, metrics and the time outlive a sandbox")
  func restart() async throws {
    let folder = try TemporaryFolder()
    let first = try Rehearsal(folder: folder)
    #expect(await first.installTwoVersions("f"))
    let alias = first.alias("f", version: "1", weights: ["2": .double(0.5)])
    for _ in 0..<5 { _ = first.invoke("f:live") }
    let before = first.server.clock.now()
    await first.server.stop()
    #expect(first.server.endpoint == "")

    let second = try Rehearsal(folder: folder, speed: 1)
    #expect(second.server.clock.now() >= before)
    let found = second.client.send("GET", second.path("/f/aliases/live"))
    #expect(found.json == alias.json)
    #expect(second.sum("Invocations", [("FunctionName", "f"), ("Resource", "f:live")]) == 5)
    #expect(second.invoke("f:live").status == 200)
    await second.server.stop()
  }

  @Test("what functions have logged outlives a sandbox, the newest of each stream")
  func logs() async throws {
    let folder = try TemporaryFolder()
    let first = try Rehearsal(folder: folder)
    let code = Package.python("def handler(e, c):\n  for n in range(e.get('lines', 0)): print('line', n)")
    #expect(await first.install("f", code: code))
    #expect(first.invoke("f", ["lines": 3]).status == 200)
    await first.server.stop()

    func messages(_ rehearsal: Rehearsal) -> [String] {
      let query: JSON = ["logGroupName": "/aws/lambda/f", "limit": 1_000]
      let answer = rehearsal.client.call("Logs_20140328.FilterLogEvents", query, service: "logs").json
      return answer["events"]?.array?.compactMap { $0["message"]?.string } ?? []
    }
    let second = try Rehearsal(folder: folder)
    let kept = messages(second)
    #expect(kept.count == 6 && kept.contains { $0.hasPrefix("line 2") }, "\(kept)")
    #expect(kept.first?.hasPrefix("START") == true && kept.last?.hasPrefix("REPORT") == true)
    #expect(second.invoke("f", ["lines": 400]).status == 200)
    #expect(await eventually { messages(second).last?.hasPrefix("REPORT") == true })
    await second.server.stop()

    let third = try Rehearsal(folder: folder)
    #expect(messages(third).count == 6 + 100)
    #expect(messages(third).last?.hasPrefix("REPORT") == true)
    await third.server.stop()
  }

  @Test("what is under way when a sandbox ends counts neither as an error nor as throttled")
  func cutOff() async throws {
    let folder = try TemporaryFolder()
    let seen = try TemporaryFolder()
    let traffic = TrafficSource(functionName: "f", alias: "live", ratePerSecond: 0.3, events: [])
    let first = try Rehearsal(folder: folder, traffic: [traffic])
    let code = Package.python(
      "import time\ndef handler(e, c):\n  open('\(seen.path)/ran', 'w').close()\n  time.sleep(0.1)")
    #expect(await first.install("f", code: code))
    #expect(first.publish("f").status == 201)
    #expect(first.alias("f", version: "1").status == 201)
    let live = [("FunctionName", "f"), ("Resource", "f:live")]
    #expect(await eventually { (first.sum("Invocations", live) ?? 0) > 0 })
    await first.server.stop()

    let second = try Rehearsal(folder: folder, speed: 1)
    #expect((second.sum("Invocations", live) ?? 0) > 0)
    #expect(second.sum("Errors", live) == 0)
    #expect(second.sum("Throttles", live) == 0)
    await second.server.stop()
  }

  @Test("two sandboxes never share a folder, and others find the one that runs")
  func exclusive() async throws {
    try await Rehearsal.run { rehearsal in
      let found = try #require(SandboxServer.running(in: rehearsal.folder.path))
      #expect(found.url == rehearsal.server.endpoint)
      #expect(found.credentials == rehearsal.server.credentials)
      let other = SandboxServer(options: SandboxOptions(folder: rehearsal.folder.path))
      #expect(throws: SandboxError.self) { try other.start() }
    }
  }

  @Test("a sandbox does not start without the schedules that it has", arguments: ["{", #"{"back":{}}"#])
  func brokenSchedules(text: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write("schedules.json", text)
    #expect(throws: SandboxError.self) { try Rehearsal(folder: folder) }
    try folder.write("schedules.json", "{}")
    let rehearsal = try Rehearsal(folder: folder)
    await rehearsal.server.stop()
  }

  @Test("nobody is found where no sandbox runs")
  func nobody() async throws {
    let folder = try TemporaryFolder()
    #expect(SandboxServer.running(in: folder.path) == nil)
    let rehearsal = try Rehearsal(folder: folder)
    await rehearsal.server.stop()
    #expect(SandboxServer.running(in: folder.path) == nil)
  }

  @Test("clients can build the sandbox's clock from what it publishes")
  func sharedClock() async throws {
    try await Rehearsal.run(speed: 60) { rehearsal in
      let json = rehearsal.client.send("GET", "/_sandbox/clock", signed: false).json
      let clock = ScaledClock(
        speed: json["speed"]?.double ?? 0, realAnchor: Timestamp(seconds: json["realAnchor"]?.double ?? 0),
        anchor: Timestamp(seconds: json["anchor"]?.double ?? 0))
      #expect(abs((clock.now() - rehearsal.server.clock.now()).seconds) < 5)
    }
  }
}
