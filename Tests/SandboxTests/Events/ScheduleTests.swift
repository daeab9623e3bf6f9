import Core
import Sandbox
import TestSupport
import Testing

@Suite("Schedules that send events")
struct ScheduleTests {
  @Test(
    "a schedule comes again and again until its end, and one of a group is another than one of the same name")
  func rate() async throws {
    try await Rehearsal.run { rehearsal in
      let url = rehearsal.queue("ticks")
      #expect(
        rehearsal.client.send("POST", "/schedule-groups/mine", body: [], service: "scheduler").status == 200)
      let end = (rehearsal.server.clock.now() + .minutes(30)).seconds.rounded(.down)
      func body(_ expression: String, _ input: String) -> JSON {
        [
          "ScheduleExpression": .string(expression), "FlexibleTimeWindow": ["Mode": "OFF"],
          "GroupName": "mine",
          "EndDate": .double(end), "ActionAfterCompletion": "DELETE",
          "Target": [
            "Arn": .string(rehearsal.queueARN("ticks")), "RoleArn": "arn:aws:iam::000000000000:role/r",
            "Input": .string(input),
          ],
        ]
      }
      #expect(rehearsal.send("POST", schedule: "tick", body("rate(5 minutes)", "tick")).status == 200)
      #expect(rehearsal.send("GET", schedule: "tick").status == 404)
      #expect(rehearsal.send("GET", schedule: "tick", query: "groupName=mine").status == 200)
      #expect(
        await eventually { rehearsal.send("GET", schedule: "tick", query: "groupName=mine").status == 404 })
      let bodies = rehearsal.receive(url).map { $0["Body"] }
      #expect((4...6).contains(bodies.count) && Set(bodies) == ["tick"])
    }
  }
}
