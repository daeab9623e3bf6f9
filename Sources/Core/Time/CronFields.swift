/// The six fields of a cron expression of EventBridge: minutes, hours, day of the month, month, day of the week, year.
///
/// Each is `*`, values, ranges, lists and steps; `?` stands in one of the two day fields; `L`, `W` and `#` as on
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
package struct CronFields: Hashable, Sendable {
  private static let years = 1970...2199
  private static let monthNames = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
  ]
  private static let dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

  private let minutes: [Int]
  private let hours: [Int]
  private let months: Set<Int>
  private let yearSet: Set<Int>
  private let days: DayRule

  private enum DayRule: Hashable, Sendable {
    case ofMonth(Set<Int>)
    case lastOfMonth
    /// The working day that is nearest to a day of the month.
    case nearestWorkingDay(Int)
    /// 1 is Sunday.
    case ofWeek(Set<Int>)
    case lastOfWeek(Int)
    case nth(weekday: Int, Int)
  }

  /// Reads six fields; nil for anything else.
  ///
  /// - Parameter text: what stands between the parentheses.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: " ").map { String($0).uppercased() }
    guard parts.count == 6,
      let minutes = Self.values(parts[0], 0...59, []), let hours = Self.values(parts[1], 0...23, []),
      let months = Self.values(parts[3], 1...12, Self.monthNames),
      let years = Self.values(parts[5], Self.years, []), let days = Self.days(parts[2], parts[4])
    else { return nil }
    self.minutes = minutes
    self.hours = hours
    self.months = Set(months)
    yearSet = Set(years)
    self.days = days
  }

  /// One of the day fields says nothing and is `?`.
  private static func days(_ ofMonth: String, _ ofWeek: String) -> DayRule? {
    guard (ofMonth == "?") != (ofWeek == "?") else { return nil }
    if ofWeek == "?" {
      if ofMonth == "L" { return .lastOfMonth }
      if ofMonth.hasSuffix("W"), let day = Int(ofMonth.dropLast()), (1...31).contains(day) {
        return .nearestWorkingDay(day)
      }
      return values(ofMonth, 1...31, []).map { DayRule.ofMonth(Set($0)) }
    }
    if ofWeek == "L" { return .ofWeek([7]) }
    if ofWeek.hasSuffix("L"), let day = number(ofWeek.dropLast(), 1...7, dayNames) { return .lastOfWeek(day) }
    let parts = ofWeek.split(separator: "#", omittingEmptySubsequences: false)
    if parts.count == 2, let day = number(parts[0], 1...7, dayNames), let count = Int(parts[1]),
      (1...5).contains(count)
    {
      return .nth(weekday: day, count)
    }
    return values(ofWeek, 1...7, dayNames).map { DayRule.ofWeek(Set($0)) }
  }

  private static func number(_ text: some StringProtocol, _ range: ClosedRange<Int>, _ names: [String])
    -> Int?
  {
    if let place = names.firstIndex(of: String(text)) { return range.lowerBound + place }
    guard !text.isEmpty, text.utf8.count <= 4, text.utf8.allSatisfy({ (48...57).contains($0) }),
      let value = Int(text), range.contains(value)
    else { return nil }
    return value
  }

  /// All values of a field in ascending order; nil when it is none.
  private static func values(_ text: String, _ range: ClosedRange<Int>, _ names: [String]) -> [Int]? {
    var found: Set<Int> = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = item.split(separator: "/", omittingEmptySubsequences: false)
      guard (1...2).contains(parts.count),
        let span = span(parts[0], range, names, isStepped: parts.count == 2)
      else { return nil }
      var step = 1
      if parts.count == 2 {
        guard let number = Int(parts[1]), (1...range.upperBound).contains(number) else { return nil }
        step = number
      }
      found.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
    }
    return found.sorted()
  }

  private static func span(
    _ text: Substring, _ range: ClosedRange<Int>, _ names: [String], isStepped: Bool
  ) -> ClosedRange<Int>? {
    if text == "*" { return range }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let first = ends.first.flatMap({ number($0, range, names) }) else { return nil }
    if ends.count == 1 { return first...(isStepped ? range.upperBound : first) }
    guard ends.count == 2, let last = number(ends[1], range, names), first <= last else { return nil }
    return first...last
  }

  /// The first minute after `moment` that fits; nil when none comes any more.
  package func next(after moment: Timestamp) -> Timestamp? {
    let start = (moment.seconds / 60).rounded(.down) * 60 + 60
    var day = Int((start / 86_400).rounded(.down))
    var minute = Int(start / 60) - day * 1_440
    // No rule waits longer than for a 29th of February that is a certain day of the week.
    for _ in 0..<(366 * 41) {
      let date = CivilDate(day: day)
      guard date.year <= Self.years.upperBound else { return nil }
      if fits(date), let found = firstMinute(from: minute) {
        return Timestamp(seconds: Double(day) * 86_400 + Double(found) * 60)
      }
      day += 1
      minute = 0
    }
    return nil
  }

  private func firstMinute(from start: Int) -> Int? {
    for hour in hours where hour >= start / 60 {
      let least = hour == start / 60 ? start % 60 : 0
      if let minute = minutes.first(where: { $0 >= least }) { return hour * 60 + minute }
    }
    return nil
  }

  private func fits(_ date: CivilDate) -> Bool {
    guard yearSet.contains(date.year), months.contains(date.month) else { return false }
    switch days {
    case .ofMonth(let set): return set.contains(date.dayOfMonth)
    case .lastOfMonth: return date.dayOfMonth == date.daysInMonth
    case .ofWeek(let set): return set.contains(date.weekday)
    case .lastOfWeek(let weekday):
      return date.weekday == weekday && date.dayOfMonth > date.daysInMonth - 7
    case .nth(let weekday, let count):
      return date.weekday == weekday && (date.dayOfMonth - 1) / 7 + 1 == count
    case .nearestWorkingDay(let wanted): return date.dayOfMonth == date.workingDay(nearest: wanted)
    }
  }
}

/// A day of the calendar (proleptic Gregorian), from the number of days since 1970-01-01.
struct CivilDate: Hashable, Sendable {
  let year: Int
  /// 1 to 12.
  let month: Int
  /// 1 to 31.
  let dayOfMonth: Int
  /// 1 is Sunday.
  let weekday: Int

  /// By Howard Hinnant's arithmetic of eras of 400 years: https://howardhinnant.github.io/date_algorithms.html
  init(day: Int) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    // 1970-01-01 was a Thursday.
    weekday = ((day + 4) % 7 + 7) % 7 + 1
  }

  var daysInMonth: Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: (year.isMultiple(of: 4) && !year.isMultiple(of: 100)) || year.isMultiple(of: 400) ? 29 : 28
    default: 31
    }
  }

  /// The day of this month from Monday to Friday that is nearest to `wanted`; nil in months that are too short.
  func workingDay(nearest wanted: Int) -> Int? {
    guard wanted <= daysInMonth else { return nil }
    let weekdayOfWanted = ((weekday - 1 + wanted - dayOfMonth) % 7 + 7) % 7 + 1
    switch weekdayOfWanted {
    case 7: return wanted > 1 ? wanted - 1 : 3
    case 1: return wanted < daysInMonth ? wanted + 1 : wanted - 2
    default: return wanted
    }
  }
}
