internal import Core

/// When a schedule of EventBridge Scheduler is due.
///
/// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
enum ScheduleForm {
  /// Why `text` is no expression; nil where it is one. What cannot be read of six fields is left to AWS to judge.
  static func fault(in text: String) -> String? {
    guard Timetable(text) == nil else { return nil }
    let shown = String(text.prefix(80)).escaped
    if let inner = inner(of: text, "cron") {
      let fields = inner.split(separator: " ")
      guard fields.count == 6 else {
        return "'\(shown)' has \(fields.count) fields, and cron has six: minutes, hours, day of the month, "
          + "month, day of the week, year, such as cron(0 2 * * ? *)"
      }
      let days = [fields[2], fields[4]].count { $0 == "?" }
      guard days == 1 else {
        return "'\(shown)': one of day of the month and day of the week is ?, and the other is not, as in "
          + "cron(0 2 * * ? *)"
      }
      let isWritten = inner.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || " *?,-/#".utf8.contains(byte)
      }
      return isWritten ? nil : "'\(shown)' has a character that no field of cron knows"
    }
    if inner(of: text, "rate") != nil {
      return "'\(shown)' is no rate: write a number above 0 and minutes, hours or days, such as "
        + "rate(5 minutes)"
    }
    if inner(of: text, "at") != nil {
      return "'\(shown)' is no moment: write at(2027-01-20T10:00:00)"
    }
    // The five fields of crontab lack the year, and know no ?.
    let fields = text.split(separator: " ")
    let isCrontab = fields.count == 5 && (fields[2] == "*" || fields[4] == "*")
    let meant = isCrontab ? crontab(fields) : nil
    return "'\(shown)' is no schedule: write "
      + (meant ?? "at(2027-01-20T10:00:00), rate(5 minutes) or cron(0 2 * * ? *)")
  }

  /// What stands between the parentheses of `name(…)`.
  private static func inner(of text: String, _ name: String) -> Substring? {
    text.hasPrefix("\(name)(") && text.hasSuffix(")") ? text.dropFirst(name.utf8.count + 1).dropLast() : nil
  }

  /// The same in six fields, where the day of the week does not stand in numbers: they count from another day.
  private static func crontab(_ fields: [Substring]) -> String? {
    guard fields[4].utf8.allSatisfy({ !(48...57).contains($0) }) else { return nil }
    let week = fields[4] == "*" ? "?" : fields[4]
    let month = fields[4] == "*" ? fields[2] : "?"
    let cron = "cron(\(fields[0]) \(fields[1]) \(month) \(fields[3]) \(week) *)"
    return Timetable(cron) == nil ? nil : cron
  }
}
