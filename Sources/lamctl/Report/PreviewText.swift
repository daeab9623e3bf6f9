internal import Core
internal import Release

/// What is said of a preview.
enum PreviewText {
  /// What there is now, and until when.
  static func sentence(_ preview: PreviewPlace, of report: ReleaseReport) -> String {
    let count = report.functions.count == 1 ? "1 function" : "\(report.functions.count) functions"
    let published = report.functions.count { $0.outcome == .published }
    let news =
      published > 0
      ? "\(published) of them published now"
      : report.outcome == .unchanged ? "nothing of it is new" : "none of them had to be published"
    return "The preview \(preview.name) of \(count), \(news), stays until \(preview.until.iso8601)"
      + (preview.isScheduled
        ? ", when EventBridge Scheduler takes it away."
        : "; lamctl prune takes it away after that, and nothing else does: \"preview\" names no role.")
  }

  /// A line for each function that has an address.
  static func addresses(_ report: ReleaseReport) -> [String] {
    report.functions.compactMap { function in function.url.map { "\(function.function): \($0)" } }
  }

  /// The addresses by logical name.
  static func urls(_ report: ReleaseReport) -> [String: String] {
    Dictionary(report.functions.compactMap { function in function.url.map { (function.function, $0) } }) {
      $1
    }
  }

  /// The preview as documents have it.
  static func json(_ preview: PreviewPlace) -> JSON {
    [
      "name": .string(preview.name), "until": .string(preview.until.iso8601),
      "removal": preview.isScheduled ? "schedule" : "prune",
    ]
  }
}
