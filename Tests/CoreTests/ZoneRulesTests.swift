import Testing

@testable import Core

@Suite("Time zones")
struct ZoneRulesTests {
  private static func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(iso8601: text)) }

  /// A file as the tz database has it: an empty part of version 1, then 64-bit times.
  static func file(
    offsets: [Int] = [0], changes: [(time: Int, kind: UInt8)] = [], footer: String
  ) -> [UInt8] {
    func bytes(_ value: Int, _ width: Int) -> [UInt8] {
      (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    func head(_ times: Int, _ types: Int) -> [UInt8] {
      Array("TZif2".utf8) + Array(repeating: 0, count: 15)
        + [0, 0, 0, times, types, 4].flatMap { bytes($0, 4) }
    }
    return head(0, 1) + Array(repeating: 0, count: 6 + 4) + head(changes.count, offsets.count)
      + changes.flatMap { bytes($0.time, 8) } + changes.map(\.kind)
      + offsets.flatMap { bytes($0, 4) + [0, 0] } + Array("ABC\0".utf8) + [10] + Array(footer.utf8) + [10]
  }

  @Test(
    "tell how far clocks are ahead by the rule of a year",
    arguments: [
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2027-03-28T00:59:59Z", 3_600),
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2027-03-28T01:00:00Z", 7_200),
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2027-10-31T00:59:59Z", 7_200),
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2027-10-31T01:00:00Z", 3_600),
      ("EST5EDT,M3.2.0,M11.1.0", "2027-07-01T00:00:00Z", -14_400),
      ("EST5EDT,M3.2.0,M11.1.0", "2027-12-31T23:59:59Z", -18_000),
      ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2027-01-01T00:00:00Z", 39_600),
      ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2027-07-01T00:00:00Z", 36_000),
      ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2027-01-01T00:00:00Z", 39_600),
      ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2027-07-01T00:00:00Z", -3_600),
      ("IST-5:30", "2027-07-01T00:00:00Z", 19_800),
      ("XXX3YYY,J60/0,300/0", "2028-03-01T03:00:00Z", -7_200),
      ("XXX3YYY,J60/0,300/0", "2028-03-01T02:59:59Z", -10_800),
    ])
  func rules(_ footer: String, _ time: String, _ offset: Int) throws {
    let zone = try #require(ZoneRules(tzif: Self.file(footer: footer)))
    #expect(zone.offset(at: try Self.moment(time)) == offset)
  }

  @Test("tell how far clocks were ahead by what is listed, and by the rule only after that")
  func listed() throws {
    let zone = try #require(
      ZoneRules(
        tzif: Self.file(
          offsets: [100, 3_600, 7_200], changes: [(0, 1), (1_000_000, 2), (2_000_000, 1)], footer: "CET-1")))
    let offsets = [-1.0, 0, 999_999, 1_000_000, 1_999_999, 2_000_000, 9_000_000_000].map {
      zone.offset(at: Timestamp(seconds: $0))
    }
    #expect(offsets == [100, 3_600, 3_600, 7_200, 7_200, 3_600, 3_600])
    let plain = try #require(ZoneRules(tzif: Self.file(offsets: [0, 60], changes: [(5, 1)], footer: "")))
    #expect(plain.offset(at: Timestamp(seconds: 6)) == 60)
  }

  @Test("are refused where a file is cut, or is no such file")
  func broken() {
    let whole = Self.file(offsets: [0, 60], changes: [(5, 1)], footer: "CET-1CEST,M3.5.0,M10.5.0/3")
    for count in 0..<whole.count { #expect(ZoneRules(tzif: Array(whole.prefix(count))) == nil, "\(count)") }
    #expect(ZoneRules(tzif: whole) != nil)
    for footer in ["CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.6.0,M1.1.0", "-1", "CET-1x"]
    {
      #expect(ZoneRules(tzif: Self.file(footer: footer)) == nil, "\(footer)")
    }
    #expect(ZoneRules(tzif: Self.file(offsets: [0], changes: [(5, 1)], footer: "")) == nil)
    #expect(ZoneRules(tzif: Self.file(offsets: [0], changes: [(5, 0), (5, 0)], footer: "")) == nil)
  }

  @Test(
    "let a schedule follow their clocks, without the hour that spring leaves out, and once in the one that autumn repeats",
    arguments: [
      ("cron(0 2 * * ? *)", "2027-01-10T00:00:00Z", "2027-01-10T01:00:00Z"),
      ("cron(0 2 * * ? *)", "2027-07-10T00:00:00Z", "2027-07-11T00:00:00Z"),
      ("cron(30 2 * * ? *)", "2027-03-27T12:00:00Z", "2027-03-29T00:30:00Z"),
      ("cron(30 2 * * ? *)", "2027-10-30T12:00:00Z", "2027-10-31T00:30:00Z"),
      ("cron(30 2 * * ? *)", "2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z"),
      ("at(2027-07-10T08:00:00)", "2027-07-01T00:00:00Z", "2027-07-10T06:00:00Z"),
      ("at(2027-03-28T02:30:00)", "2027-03-01T00:00:00Z", nil),
      ("rate(1 hour)", "2027-03-01T00:00:00Z", "2027-03-01T01:00:00Z"),
    ])
  func schedules(_ expression: String, _ after: String, _ expected: String?) throws {
    let zone = try #require(ZoneRules(tzif: Self.file(footer: "CET-1CEST,M3.5.0,M10.5.0/3")))
    let moment = try Self.moment(after)
    let next = try #require(Timetable(expression)).next(after: moment, start: moment, in: zone)
    #expect(next?.iso8601 == expected)
  }

  @Test(
    "let the times of a schedule be counted",
    arguments: [
      ("cron(0 2 * * ? *)", 0.0), ("cron(0 * * * ? *)", 2), ("cron(* * * * ? *)", 120),
      ("rate(1 minute)", 120),
      ("rate(1 day)", 2.0 / 24), ("at(2027-01-10T11:30:00)", 1), ("at(2027-01-10T13:30:00)", 0),
    ])
  func counted(_ expression: String, _ count: Double) throws {
    let begin = try Self.moment("2027-01-10T10:10:00Z")
    let timetable = try #require(Timetable(expression))
    #expect(abs(timetable.count(after: begin, through: begin + .minutes(120), in: .utc) - count) < 1e-9)
    #expect(timetable.count(after: begin, through: begin, in: .utc) == 0)
  }
}
