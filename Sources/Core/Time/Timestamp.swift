/// A moment, as seconds since 1970-01-01T00:00:00Z without leap seconds, within the years 0 to 9999.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// Seconds since the epoch; fractions allowed.
  package let seconds: Double

  /// 9999-12-31T23:59:59Z.
  private static let last = 253_402_300_799.0
  /// 0000-03-01T00:00:00Z.
  private static let first = -62_162_035_200.0

  /// The moment `seconds` after the epoch; the nearest in range for others, the epoch for not-a-number.
  package init(seconds: Double) {
    self.seconds = seconds.isNaN ? 0 : min(max(seconds, Self.first), Self.last)
  }

  /// A moment that somebody outside has named; nil unless it lies in the years 1970 to 9999.
  package init?(outside seconds: Double) {
    guard seconds >= 0, seconds <= Self.last else { return nil }
    self.seconds = seconds
  }

  /// Orders by time.
  package static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }

  /// A later moment.
  package static func + (moment: Timestamp, span: TimeSpan) -> Timestamp {
    Timestamp(seconds: moment.seconds + span.seconds)
  }

  /// An earlier moment.
  package static func - (moment: Timestamp, span: TimeSpan) -> Timestamp {
    Timestamp(seconds: moment.seconds - span.seconds)
  }

  /// The time from `b` to `a`; negative when `a` is earlier.
  package static func - (a: Timestamp, b: Timestamp) -> TimeSpan {
    TimeSpan(seconds: a.seconds - b.seconds)
  }

  /// The start of the whole minute that holds this moment: CloudWatch stamps its points so.
  package var startOfMinute: Timestamp { Timestamp(seconds: (seconds / 60).rounded(.down) * 60) }
}

extension Timestamp {
  /// `2026-11-21T05:49:00Z`, fractions cut off (ISO 8601).
  package var iso8601: String {
    let parts = CalendarParts(self)
    return "\(parts.date)T\(parts.time)Z"
  }

  /// `20261121T054900Z`: the form of SigV4's `x-amz-date`.
  package var basic: String {
    iso8601.filter { $0 != "-" && $0 != ":" }
  }

  /// `Sat, 21 Nov 2026 05:49:00 GMT`: the form of HTTP's `Date` header (RFC 9110, section 5.6.7).
  package var httpDate: String {
    let parts = CalendarParts(self)
    let weekday = CalendarParts.weekdays[parts.weekday]
    let month = CalendarParts.months[parts.month - 1]
    let day = parts.day.padded(to: 2)
    return "\(weekday), \(day) \(month) \(parts.year.padded(to: 4)) \(parts.time) GMT"
  }

  /// Reads ISO 8601 as AWS writes it: `2026-11-21T05:49:00Z`, with fractions, with `+0000` or `+00:00`,
  /// or the basic form `20261121T054900Z`; nil for anything else, and beyond the years 1970 to 9999.
  package init?(iso8601 text: some StringProtocol) {
    var digits = Array(text.utf8)
    var offset = 0.0
    if digits.last == UInt8(ascii: "Z") {
      digits.removeLast()
    } else if let sign = digits.lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }),
      sign > 10
    {
      let zone = digits[(sign + 1)...].filter { $0 != UInt8(ascii: ":") }
      guard zone.count == 4, let value = Self.number(zone[...]), value / 100 < 24, value % 100 < 60 else {
        return nil
      }
      offset = Double((value / 100 * 60 + value % 100) * 60) * (digits[sign] == UInt8(ascii: "-") ? -1 : 1)
      digits.removeSubrange(sign...)
    } else {
      return nil
    }
    var fraction = 0.0
    if let point = digits.firstIndex(of: UInt8(ascii: ".")) {
      let decimals = digits[(point + 1)...]
      guard !decimals.isEmpty, decimals.allSatisfy(Self.isDigit),
        let parsed = Double("0." + String(decoding: decimals, as: UTF8.self))
      else { return nil }
      fraction = parsed
      digits.removeSubrange(point...)
    }
    let plain = digits.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
    guard plain.count == 15, plain[8] == UInt8(ascii: "T"),
      let date = Self.number(plain[..<8]), let time = Self.number(plain[9...]),
      let moment = Self(
        year: date / 10_000, month: date / 100 % 100, day: date % 100,
        hour: time / 10_000, minute: time / 100 % 100, second: time % 100)
    else { return nil }
    self.init(outside: moment.seconds + fraction - offset)
  }

  /// Reads HTTP's `Date` header in its preferred form; nil for anything else, and beyond the years 1970 to 9999.
  package init?(httpDate text: some StringProtocol) {
    let parts = Array(text.utf8.prefix(64)).split(separator: UInt8(ascii: " "))
    guard parts.count == 6, parts[5].elementsEqual("GMT".utf8), parts[1].count <= 2, parts[3].count == 4,
      let day = Self.number(parts[1]), let year = Self.number(parts[3]),
      let month = CalendarParts.months.firstIndex(where: { $0.utf8.elementsEqual(parts[2]) })
    else { return nil }
    let clock = parts[4].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let numbers = clock.compactMap { $0.count == 2 ? Self.number($0) : nil }
    guard clock.count == 3, numbers.count == 3,
      let moment = Self(
        year: year, month: month + 1, day: day, hour: numbers[0], minute: numbers[1], second: numbers[2])
    else { return nil }
    self = moment
  }

  private init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    guard (1970...9999).contains(year), (1...12).contains(month),
      (1...CalendarParts.days(inMonth: month, of: year)).contains(day), (0...23).contains(hour),
      (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    let days = CalendarParts.daysSinceEpoch(year: year, month: month, day: day)
    self.init(outside: Double(days * 86_400 + hour * 3_600 + minute * 60 + second))
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 9, digits.allSatisfy(isDigit) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
