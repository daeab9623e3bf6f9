import Core
import TestSupport
import Testing

@testable import Sandbox

@Suite("Schedules in time zones")
struct ScheduleZoneTests {
  private static func stored(
    _ expression: String, _ zone: String, at moment: String
  ) throws -> StoredSchedule {
    let request = try ScheduleRequest(
      "s",
      JSONObject([
        ("ScheduleExpression", .string(expression)), ("ScheduleExpressionTimezone", .string(zone)),
        ("FlexibleTimeWindow", ["Mode": "OFF"]), ("KmsKeyArn", "arn:aws:kms:eu-west-1:000000000000:key/k"),
        (
          "Target",
          [
            "Arn": "arn:aws:lambda:us-east-1:000000000000:function:f",
            "RoleArn": "arn:aws:iam::000000000000:role/r",
          ]
        ),
      ]))
    return StoredSchedule("s", request, at: try #require(Timestamp(iso8601: moment)))
  }

  @Test(
    "a schedule is carried out by the clocks of its zone, also after the sandbox has started again",
    arguments: [
      ("cron(0 2 * * ? *)", "2026-07-01T00:30:00Z", "2026-07-02T00:00:00Z"),
      ("cron(0 2 * * ? *)", "2026-01-01T00:30:00Z", "2026-01-01T01:00:00Z"),
      ("at(2026-07-01T12:00:00)", "2026-07-01T00:00:00Z", "2026-07-01T10:00:00Z"),
      ("rate(1 hour)", "2026-07-01T00:30:00Z", "2026-07-01T01:30:00Z"),
    ])
  func zones(_ expression: String, _ moment: String, _ planned: String) throws {
    let stored = try Self.stored(expression, "Europe/Berlin", at: moment)
    #expect(stored.planned.iso8601 == planned)
    #expect(StoredSchedule("s", stored.json)?.planned.iso8601 == planned)
    #expect(stored.settings["ScheduleExpressionTimezone"] == "Europe/Berlin")
    #expect(stored.settings["KmsKeyArn"]?.string?.hasSuffix("key/k") == true)
  }
}
