import Core
import Testing

@Suite("Time")
struct TimeTests {
  @Test(
    "a moment has one text a format",
    arguments: [
      (0.0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
      (951_782_400, "2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
      (1_795_240_140, "2026-11-21T05:49:00Z", "Sat, 21 Nov 2026 05:49:00 GMT"),
      (4_107_542_399, "2100-02-28T23:59:59Z", "Sun, 28 Feb 2100 23:59:59 GMT"),
    ])
  func formats(seconds: Double, iso: String, http: String) {
    let moment = Timestamp(seconds: seconds)
    #expect(moment.iso8601 == iso)
    #expect(moment.httpDate == http)
    #expect(Timestamp(iso8601: iso) == moment)
    #expect(Timestamp(httpDate: http) == moment)
    #expect(Timestamp(iso8601: moment.basic) == moment)
  }

  @Test("every day of four centuries survives the way there and back")
  func days() {
    for day in 0..<146_097 {
      let moment = Timestamp(seconds: Double(day) * 86_400)
      #expect(Timestamp(iso8601: moment.iso8601) == moment)
    }
  }

  @Test("AWS's own ways of writing a time are read")
  func variants() {
    let expected = Timestamp(seconds: 1_764_038_304.5)
    #expect(Timestamp(iso8601: "2025-11-25T02:38:24.500+0000") == expected)
    #expect(Timestamp(iso8601: "2025-11-25T04:38:24.5+02:00") == expected)
    #expect(Timestamp(iso8601: "2025-11-25T02:38:24.5Z") == expected)
  }

  @Test(
    "what is no time is refused",
    arguments: [
      "", "2026-13-01T00:00:00Z", "2026-11-21", "2026-11-21T05:49:00", "yesterdayZ", "2026-11-21T25:00:00Z",
      "2026-02-31T00:00:00Z", "2025-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "1969-12-31T23:59:59Z",
      "0001-01-01T00:00:00Z", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01",
      "2026-11-21T05:49:00.1.400e1Z",
      "2026-11-21T05:49:00.1e400Z", "2026-11-21T05:49:00.Z", "2026-11-21T05:49:00+9999", "20261121T0549001Z",
    ])
  func refused(text: String) {
    #expect(Timestamp(iso8601: text) == nil)
  }

  @Test(
    "an HTTP date is one of the years 1970 to 9999 and exists",
    arguments: [
      "Sat, 21 Nov 9223372036854775807 05:49:00 GMT", "Sat, 21 Nov 10000 05:49:00 GMT",
      "Sat, 31 Feb 2026 05:49:00 GMT",
      "Sat, 21 Nov 1969 05:49:00 GMT", "Sat, 21 Nov -999 05:49:00 GMT", "Sat, +1 Nov 2026 05:49:00 GMT",
      "Sat, 21 Nov 2026 5:49:00 GMT", "Sat, 21 Nov 2026 05:49:00:00 GMT", "Sat, 21 Nov 2026 05:49:00 UTC", "",
    ])
  func refusedDates(text: String) {
    #expect(Timestamp(httpDate: text) == nil)
  }

  @Test("29 February is there in leap years, and the leap second belongs to the next minute")
  func leaps() {
    #expect(Timestamp(iso8601: "2024-02-29T00:00:00Z") != nil)
    #expect(Timestamp(iso8601: "2016-12-31T23:59:60Z") == Timestamp(iso8601: "2017-01-01T00:00:00Z"))
  }

  @Test(
    "no number makes a moment or a span that cannot be shown, added or written",
    arguments: [
      Double.infinity, -.infinity, .nan, 1e300, -1e300, 1e19, 9.3e18, .greatestFiniteMagnitude,
      .leastNonzeroMagnitude,
    ])
  func absurd(seconds: Double) {
    let moment = Timestamp(seconds: seconds)
    let span = TimeSpan(seconds: seconds)
    for shown in [moment, moment + span, moment - span, moment.startOfMinute] {
      #expect(
        shown.iso8601.utf8.count == 20 && shown.httpDate.utf8.count == 29 && shown.basic.utf8.count == 16)
    }
    #expect(
      !(span + span).description.isEmpty && !(span * 1e300).description.isEmpty
        && !(moment - moment).description.isEmpty)
    #expect((Timestamp(outside: seconds) == nil) == !(0...253_402_300_799).contains(seconds))
    let clock = ScaledClock(speed: seconds, realAnchor: SystemClock().now(), anchor: Timestamp(seconds: 0))
    #expect(ScaledClock.speeds.contains(clock.speed) && clock.now().iso8601.hasPrefix("1970"))
  }

  @Test(
    "more than a year is no time that anybody means",
    arguments: ["99999999999999999999d", "367d", "366d1s", "1e9d"])
  func tooLong(text: String) {
    #expect(throws: UnitError.self) { try TimeSpan(parsing: text) }
    #expect(throws: UnitError.self) { try StepPlan(parsing: "10%:\(text)") }
  }

  @Test(
    "spans are read with their units",
    arguments: [
      ("90s", 90.0), ("5m", 300), ("1h", 3600), ("1h30m", 5400), ("0.5m", 30), ("2d", 172_800), ("0s", 0),
    ])
  func spans(text: String, seconds: Double) throws {
    #expect(try TimeSpan(parsing: text).seconds == seconds)
  }

  @Test("the text of a span is read back as the same span")
  func spanTexts() throws {
    for seconds in [0, 1, 59, 60, 90, 3599, 3600, 5400, 86_400, 90_061] {
      let span = TimeSpan(seconds: Double(seconds))
      #expect(try TimeSpan(parsing: span.description) == span)
    }
  }

  @Test("a bare number is no time, because its unit is anybody's guess")
  func bareNumber() {
    let error = #expect(throws: UnitError.self) { try TimeSpan(parsing: "10") }
    #expect(error?.description == "'10' has no unit: write 10s, 10m or 10h")
  }

  @Test("what is no span is refused", arguments: ["", "m", "5x", "-5m", "5 m", "1e3s", "nan", "٣m"])
  func refusedSpans(text: String) {
    #expect(throws: UnitError.self) { try TimeSpan(parsing: text) }
  }

  @Test("a scaled clock passes its speed in seconds each second from its anchor")
  func scaled() {
    let real = SystemClock().now()
    let clock = ScaledClock(speed: 60, realAnchor: real - .seconds(2), anchor: Timestamp(seconds: 1000))
    let shown = clock.now().seconds
    #expect(shown >= 1120)
    #expect(shown < 1120 + 60 * 30)
  }
}
