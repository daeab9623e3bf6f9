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
    for day in stride(from: -36_524, through: 109_572, by: 1) {
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
    ])
  func refused(text: String) {
    #expect(Timestamp(iso8601: text) == nil)
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
