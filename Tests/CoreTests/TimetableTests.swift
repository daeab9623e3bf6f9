import Testing

@testable import Core

@Suite("Timetables")
struct TimetableTests {
  private static func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(iso8601: text)) }

  /// 2026-11-27 is a Friday.
  @Test(
    "find the next time after a moment",
    arguments: [
      ("cron(0 2 * * ? *)", "2026-11-27T01:59:59Z", "2026-11-27T02:00:00Z"),
      ("cron(0 2 * * ? *)", "2026-11-27T02:00:00Z", "2026-11-28T02:00:00Z"),
      ("cron(0/15 * * * ? *)", "2026-11-27T02:01:00Z", "2026-11-27T02:15:00Z"),
      ("cron(5,35 14 * * ? *)", "2026-11-27T14:05:30Z", "2026-11-27T14:35:00Z"),
      ("cron(0 10 ? * MON-FRI *)", "2026-11-27T10:00:00Z", "2026-11-30T10:00:00Z"),
      ("cron(0 10 ? * 1,7 *)", "2026-11-27T10:00:00Z", "2026-11-28T10:00:00Z"),
      ("cron(0 8 1 * ? *)", "2026-11-27T00:00:00Z", "2026-12-01T08:00:00Z"),
      ("cron(0 0 L * ? *)", "2026-02-01T00:00:00Z", "2026-02-28T00:00:00Z"),
      ("cron(0 0 L * ? *)", "2028-02-01T00:00:00Z", "2028-02-29T00:00:00Z"),
      ("cron(0 0 29 2 ? *)", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z"),
      ("cron(0 0 15W * ? *)", "2026-11-01T00:00:00Z", "2026-11-16T00:00:00Z"),
      ("cron(0 0 1W 8 ? *)", "2026-01-01T00:00:00Z", "2026-08-03T00:00:00Z"),
      ("cron(0 0 ? * 6L *)", "2026-11-01T00:00:00Z", "2026-11-27T00:00:00Z"),
      ("cron(0 0 ? * TUE#3 *)", "2026-11-01T00:00:00Z", "2026-11-17T00:00:00Z"),
      ("cron(0 0 ? JAN-MAR SUN *)", "2026-11-01T00:00:00Z", "2027-01-03T00:00:00Z"),
      ("cron(0 0 1 1 ? 2030-2040/5)", "2026-11-01T00:00:00Z", "2030-01-01T00:00:00Z"),
      ("rate(5 minutes)", "2026-11-27T00:03:00Z", "2026-11-27T00:05:00Z"),
      ("rate(1 hour)", "2026-11-27T01:00:00Z", "2026-11-27T02:00:00Z"),
      ("rate(2 days)", "2026-11-30T12:00:00Z", "2026-12-01T00:00:00Z"),
      ("at(2026-12-01T10:00:00)", "2026-11-27T00:00:00Z", "2026-12-01T10:00:00Z"),
    ])
  func next(expression: String, after: String, expected: String) throws {
    let timetable = try #require(Timetable(expression))
    let start = try Self.moment("2026-11-27T00:00:00Z")
    #expect(timetable.next(after: try Self.moment(after), start: start)?.iso8601 == expected)
  }

  @Test("end when no time comes any more")
  func ended() throws {
    let now = try Self.moment("2026-11-27T00:00:00Z")
    for text in ["at(2026-11-27T00:00:00)", "cron(0 0 1 1 ? 2020)", "cron(0 0 31 2 ? *)"] {
      #expect(Timetable(text)?.next(after: now, start: now) == nil, "\(text)")
      #expect(Timetable(text) != nil)
    }
  }

  @Test(
    "are refused when they are none",
    arguments: [
      "", "cron()", "cron(0 2 * * * *)", "cron(0 2 ? * ? *)", "cron(60 2 * * ? *)", "cron(0 24 * * ? *)",
      "cron(0 2 0 * ? *)", "cron(0 2 ? * 8 *)", "cron(0 2 * 13 ? *)", "cron(0 2 * * ?)",
      "cron(0 2 5-1 * ? *)",
      "cron(0/0 2 * * ? *)", "cron(a 2 * * ? *)", "cron(0 2 ? * MON#6 *)", "cron(0, 2 * * ? *)",
      "rate(0 minutes)",
      "rate(5 seconds)", "rate(minutes)", "rate(-1 hours)", "rate(5 minutes", "at(2026-02-30T00:00:00)",
      "often",
      "cron(-1 2 * * ? *)", "cron(0 2 * * ? 1969)",
    ])
  func refused(text: String) {
    #expect(Timetable(text) == nil)
  }

  @Test("days of the calendar are those of a table")
  func calendar() {
    for (day, year, month, dayOfMonth, weekday) in [
      (0, 1970, 1, 1, 5), (-1, 1969, 12, 31, 4), (11_016, 2000, 2, 29, 3), (20_784, 2026, 11, 27, 6),
      (47_540, 2100, 2, 28, 1), (47_541, 2100, 3, 1, 2),
    ] {
      let date = CivilDate(day: day)
      #expect(
        [date.year, date.month, date.dayOfMonth, date.weekday] == [year, month, dayOfMonth, weekday], "\(day)"
      )
    }
  }
}
