/// When clocks change in every year, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct YearlyRule: Hashable, Sendable {
  /// Seconds east of UTC.
  private let standard: Int
  private let summer: Summer?

  private struct Summer: Hashable, Sendable {
    /// Seconds east of UTC.
    let offset: Int
    let start: Day
    let end: Day
  }

  /// A day of a year, and the time of a clock on it.
  private struct Day: Hashable, Sendable {
    let rule: Rule
    /// Seconds from midnight on, of up to a week to both sides.
    let time: Int

    enum Rule: Hashable, Sendable {
      /// From 1 to 365; 29 February never counts.
      case numbered(Int)
      /// From 0 to 365; 29 February counts.
      case counted(Int)
      /// The weekday, 0 for Sunday, of the week, 5 for the last, of the month.
      case week(month: Int, week: Int, weekday: Int)
    }

    /// Seconds since 1970, as a clock shows them.
    func seconds(in year: Int) -> Int {
      let first = CalendarParts.daysSinceEpoch(year: year, month: 1, day: 1)
      let day: Int
      switch rule {
      case .numbered(let number):
        let isLeap = CalendarParts.days(inMonth: 2, of: year) == 29
        day = first + number - 1 + (isLeap && number >= 60 ? 1 : 0)
      case .counted(let number): day = first + number
      case .week(let month, let week, let weekday):
        let start = CalendarParts.daysSinceEpoch(year: year, month: month, day: 1)
        // 1970-01-01 was a Thursday.
        let startsOn = ((start + 4) % 7 + 7) % 7
        let place = (weekday - startsOn + 7) % 7 + (week - 1) * 7
        day = start + (place < CalendarParts.days(inMonth: month, of: year) ? place : place - 7)
      }
      return day * 86_400 + time
    }
  }

  /// Nil for anything that is no such rule.
  init?(_ text: String) {
    var reader = Reader(text: Array(text.utf8))
    guard reader.name(), let standard = reader.time(most: 24) else { return nil }
    self.standard = -standard
    guard !reader.isAtEnd else {
      summer = nil
      return
    }
    guard reader.name() else { return nil }
    var offset = -standard + 3_600
    if !reader.isAt(",") {
      guard let stated = reader.time(most: 24) else { return nil }
      offset = -stated
    }
    guard let start = reader.day(), let end = reader.day(), reader.isAtEnd else { return nil }
    summer = Summer(offset: offset, start: start, end: end)
  }

  /// Seconds east of UTC.
  ///
  /// - Parameter seconds: since 1970, in UTC.
  func offset(at seconds: Int) -> Int {
    guard let summer else { return standard }
    let year = CalendarParts(Timestamp(seconds: Double(seconds + standard))).year
    let start = summer.start.seconds(in: year) - standard
    let end = summer.end.seconds(in: year) - summer.offset
    let isSummer =
      start < end ? (start..<end).contains(seconds) : !(end..<start).contains(seconds)
    return isSummer ? summer.offset : standard
  }

  private struct Reader {
    let text: [UInt8]
    var place = 0

    var isAtEnd: Bool { place == text.count }

    func isAt(_ character: Unicode.Scalar) -> Bool {
      place < text.count && text[place] == UInt8(ascii: character)
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard isAt(character) else { return false }
      place += 1
      return true
    }

    /// Three or more letters, or anything between `<` and `>`.
    mutating func name() -> Bool {
      let start = place
      if take("<") {
        while place < text.count, !isAt(">") { place += 1 }
        return take(">")
      }
      while place < text.count, (65...90).contains(text[place] & 0xDF) { place += 1 }
      return place - start >= 3
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
      var value = 0
      let start = place
      while place < text.count, place - start < 4, (48...57).contains(text[place]) {
        value = value * 10 + Int(text[place] - 48)
        place += 1
      }
      return place > start && range.contains(value) ? value : nil
    }

    /// `-3:30` in seconds.
    mutating func time(most hours: Int) -> Int? {
      let sign = take("-") ? -1 : 1
      if sign == 1 { _ = take("+") }
      guard var seconds = number(0...hours).map({ $0 * 3_600 }) else { return nil }
      for unit in [60, 1] where take(":") {
        guard let part = number(0...59) else { return nil }
        seconds += part * unit
      }
      return sign * seconds
    }

    /// `,M3.5.0/2`.
    mutating func day() -> Day? {
      guard take(","), let rule = rule() else { return nil }
      guard take("/") else { return Day(rule: rule, time: 7_200) }
      return time(most: 167).map { Day(rule: rule, time: $0) }
    }

    private mutating func rule() -> Day.Rule? {
      if take("J") { return number(1...365).map { .numbered($0) } }
      guard take("M") else { return number(0...365).map { .counted($0) } }
      guard let month = number(1...12), take("."), let week = number(1...5), take("."),
        let weekday = number(0...6)
      else { return nil }
      return .week(month: month, week: week, weekday: weekday)
    }
  }
}
