/// When something is to happen: `rate(5 minutes)`, `cron(0 2 * * ? *)` or `at(2026-01-20T10:00:00)`, in UTC or by the
/// clocks of a time zone.
package enum Timetable: Hashable, Sendable {
  /// Once, at what a clock shows.
  case at(Timestamp)
  /// Seconds between two times, above 0.
  case rate(Double)
  /// Whenever a clock shows what fits.
  case cron(CronFields)

  /// The most bytes of an expression.
  package static let longest = 256

  /// Reads an expression; nil for anything else.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.longest, text.hasSuffix(")") else { return nil }
    let inner = text.drop { $0 != "(" }.dropFirst().dropLast()
    switch text.prefix(while: { $0 != "(" }) {
    case "at":
      guard let moment = Timestamp(scheduleExpression: text) else { return nil }
      self = .at(moment)
    case "rate":
      guard let seconds = Self.seconds(inner) else { return nil }
      self = .rate(seconds)
    case "cron":
      guard let fields = CronFields(inner) else { return nil }
      self = .cron(fields)
    default: return nil
    }
  }

  private static func seconds(_ text: Substring) -> Double? {
    let words = text.split(separator: " ")
    guard words.count == 2, let count = Int(words[0]), (1...1_000_000).contains(count) else { return nil }
    // One of a unit is in the singular; Scheduler takes both.
    switch words[1] {
    case "minute", "minutes": return Double(count) * 60
    case "hour", "hours": return Double(count) * 3_600
    case "day", "days": return Double(count) * 86_400
    default: return nil
    }
  }

  /// The first time after `moment`; nil when there is none any more.
  ///
  /// - Parameter start: when a rate began to count.
  package func next(after moment: Timestamp, start: Timestamp) -> Timestamp? {
    switch self {
    case .at(let time): return time > moment ? time : nil
    case .rate(let seconds):
      let passed = max(0, ((moment - start).seconds / seconds).rounded(.down))
      let next = start + .seconds((passed + 1) * seconds)
      return next > moment ? next : next + .seconds(seconds)
    case .cron(let fields): return fields.next(after: moment)
    }
  }
}
