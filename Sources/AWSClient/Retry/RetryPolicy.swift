internal import Core

/// How often a call is tried, and how long is waited in between.
struct RetryPolicy: Sendable {
  /// The first attempt included; at least 1.
  var maxAttempts = 3
  var longestWait = TimeSpan.seconds(20)

  /// - Throws: ``AWSError/badConfiguration(_:)`` when `AWS_MAX_ATTEMPTS` or the profile's `max_attempts` is
  ///   no number above 0.
  init(environment: [String: String], profile: SharedConfig.Profile?) throws(AWSError) {
    let variable = environment["AWS_MAX_ATTEMPTS"].flatMap { $0.isEmpty ? nil : $0 }
    guard let text = variable ?? profile?["max_attempts"] else { return }
    guard let count = Int(text.trimmed), (1...100).contains(count) else {
      let name = variable != nil ? "AWS_MAX_ATTEMPTS" : "max_attempts"
      throw .badConfiguration("\(name) is \"\(text)\": a whole number from 1 to 100 is needed")
    }
    maxAttempts = count
  }

  /// Full jitter below a doubling bound: the wait before retry `index`, counted from 0.
  ///
  /// - Parameters:
  ///   - random: from 0 up to 1.
  ///   - asked: what the answer's `Retry-After` asks for; waited at least, but never more than a minute.
  func wait(beforeRetry index: Int, random: Double, asked: TimeSpan?) -> TimeSpan {
    var bound = 1.0
    for _ in 0..<min(index, 30) { bound *= 2 }
    let jittered = TimeSpan.seconds(random * min(bound, longestWait.seconds))
    guard let asked else { return jittered }
    return max(jittered, min(asked, .minutes(1)))
  }

  /// What the headers of an answer ask to wait.
  static func asked(_ headers: HTTPHeaders, now: Timestamp) -> TimeSpan? {
    if let text = headers["x-amz-retry-after"], let milliseconds = Double(text), milliseconds >= 0 {
      return .seconds(milliseconds / 1000)
    }
    guard let text = headers["Retry-After"] else { return nil }
    if let seconds = Double(text), seconds >= 0 { return .seconds(seconds) }
    return Timestamp(httpDate: text).map { max(.zero, $0 - now) }
  }
}
