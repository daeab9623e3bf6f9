/// A moment in the proleptic Gregorian calendar, UTC.
///
/// The conversions between days and dates count from 0000-03-01 in eras of 400 years, so that the leap day is
/// the last of its year (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
struct CalendarParts {
  static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  let year: Int
  let month: Int
  let day: Int
  /// 0 is Sunday.
  let weekday: Int
  let secondOfDay: Int

  init(_ moment: Timestamp) {
    let total = Int(moment.seconds.rounded(.down))
    let days = Self.floorDivide(total, 86_400)
    secondOfDay = total - days * 86_400
    let sinceSunday = (days + 4) % 7
    weekday = sinceSunday < 0 ? sinceSunday + 7 : sinceSunday
    let shifted = days + 719_468
    let era = Self.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var date: String { "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))" }

  var time: String {
    let hour = (secondOfDay / 3_600).padded(to: 2)
    let minute = (secondOfDay / 60 % 60).padded(to: 2)
    return "\(hour):\(minute):\((secondOfDay % 60).padded(to: 2))"
  }

  static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = floorDivide(shiftedYear, 400)
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Days of `month`, 1 to 12, of `year`.
  static func days(inMonth month: Int, of year: Int) -> Int {
    let next = month == 12 ? (year + 1, 1) : (year, month + 1)
    return daysSinceEpoch(year: next.0, month: next.1, day: 1)
      - daysSinceEpoch(year: year, month: month, day: 1)
  }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int {
    a >= 0 ? a / b : (a - b + 1) / b
  }
}
