import Core
import Sandbox
import TestSupport
import Testing

@Suite("Events that nobody waits for")
struct AsyncEventTests {
  private func put(_ rehearsal: Rehearsal, _ body: JSON, method: String = "PUT") -> SandboxClient.Answer {
    rehearsal.client.send(
      method, "/2019-09-25/functions/f/event-invoke-config", body, query: "Qualifier=live")
  }

  @Test("a failing event is tried as often as the alias says, and then goes to its destination")
  func destination() async throws {
    try await Rehearsal.run(speed: 6_000) { rehearsal in
      let folder = rehearsal.folder.path
      #expect(
        await rehearsal.installEcho(
          "f",
          code: "def handler(e, c):\n  open('\(folder)/tries','a').write('x')\n  raise ValueError(e['n'])"))
      #expect(
        await rehearsal.installEcho(
          "g", code: "import json\ndef handler(e, c):\n  open('\(folder)/report','w').write(json.dumps(e))"))
      let wrong: JSON = ["DestinationConfig": ["OnFailure": ["Destination": .string(rehearsal.arn("none"))]]]
      #expect(put(rehearsal, wrong).status == 400)
      #expect(put(rehearsal, ["MaximumRetryAttempts": 3]).status == 400)
      #expect(put(rehearsal, ["MaximumRetryAttempts": 1], method: "POST").status == 404)
      let rules: JSON = [
        "MaximumRetryAttempts": 1,
        "DestinationConfig": ["OnFailure": ["Destination": .string(rehearsal.arn("g:live"))]],
      ]
      #expect(put(rehearsal, rules).status == 200)
      let sent = rehearsal.client.send(
        "POST", rehearsal.path("/f/invocations"), query: "Qualifier=live", body: Array("{\"n\":7}".utf8),
        headers: ["x-amz-invocation-type": "Event"])
      #expect(sent.status == 202)
      let report = { try? JSON(parsing: rehearsal.text("report")) }
      #expect(await eventually { report() != nil })
      #expect(report()?["requestContext"]?["condition"] == "RetriesExhausted")
      #expect(report()?["requestContext"]?["approximateInvokeCount"] == 2)
      #expect(report()?["requestPayload"] == ["n": 7])
      #expect(report()?["responsePayload"]?["errorMessage"] == "7")
      #expect(rehearsal.text("tries") == "xx")
    }
  }

  @Test("rules for events are set as a whole, changed in part, listed and taken away, and survive a restart")
  func rules() async throws {
    let folder = try TemporaryFolder()
    let first = try Rehearsal(folder: folder)
    #expect(await first.installEcho("f"))
    #expect(put(first, ["MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60]).status == 200)
    #expect(put(first, ["MaximumEventAgeInSeconds": 120], method: "POST").json["MaximumRetryAttempts"] == 0)
    await first.server.stop()
    let second = try Rehearsal(folder: folder)
    let list = second.client.send("GET", "/2019-09-25/functions/f/event-invoke-config/list").json
    #expect(list["FunctionEventInvokeConfigs"]?.array?.first?["MaximumEventAgeInSeconds"] == 120)
    #expect(put(second, ["MaximumRetryAttempts": 2]).json["MaximumEventAgeInSeconds"] == nil)
    #expect(put(second, [:], method: "DELETE").status == 204)
    #expect(put(second, [:], method: "DELETE").status == 404)
    await second.server.stop()
  }
}
