extension Timestamp {
  /// Reads `at(yyyy-mm-ddThh:mm:ss)` as UTC; nil for anything else.
  init?(scheduleExpression text: String) {
    guard text.hasPrefix("at("), text.hasSuffix(")") else { return nil }
    let written = "\(text.dropFirst(3).dropLast())Z"
    // Written out again it is the same only in this one form, and only on a day that the calendar has.
    guard let moment = Timestamp(iso8601: written), moment.iso8601 == written else { return nil }
    self = moment
  }

  /// `at(2026-11-21T05:49:00)`, in UTC: the first whole second that is not before the moment.
  package var scheduleExpression: String {
    "at(\(Timestamp(seconds: seconds.rounded(.up)).iso8601.dropLast()))"
  }
}
