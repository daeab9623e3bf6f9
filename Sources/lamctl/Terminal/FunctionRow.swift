internal import Core

/// What the display says about one function. Filled from the events of a release; knows nothing of AWS.
struct FunctionRow: Equatable, Sendable {
  /// How far the function is.
  enum State: Equatable, Sendable {
    /// Its turn has not come.
    case waiting
    /// Work is under way.
    case active
    /// It ended as it should.
    case done
    /// It waits for a person.
    case held
    /// It failed or was rolled back.
    case failed
  }

  /// Logical name.
  var name: String
  var state: State = .waiting
  /// What is being done, or how it ended, in one or two words: `uploading`, `canary`, `promoted`.
  var phase = ""
  /// The version that serves; nil for a new function.
  var fromVersion: String?
  /// The version on trial; nil until it is published.
  var toVersion: String?
  /// Share of the traffic that the version on trial has; nil before the first step.
  var weight: Weight?
  /// Errors per invocation of the version on trial, 0 to 1; nil without invocations.
  var canaryRate: Double?
  /// Errors per invocation of the version that serves, 0 to 1; nil without invocations.
  var stableRate: Double?
  /// Invocations and errors of the version on trial; nil before the first are known.
  var canaryCounts: RowCounts?
  /// Invocations and errors of the version that serves.
  var stableCounts: RowCounts?
  /// What the judge says, in a word: `watching`, `pass`, `extend`, `hold`, `rollback`.
  var verdict: String?
  /// Which step of how many: `2/5`.
  var step: String?
  /// Whether the step has got more time, whose end ``remaining`` then tells.
  var isExtended = false
  /// Time until the next step.
  var remaining: TimeSpan?
  /// More to know: `12 of 40 MB`, a verdict's sentence.
  var note: String?

  /// `41→42`, `42` for a new function, nothing before a version is known.
  func versions(_ style: Style) -> String {
    switch (fromVersion, toVersion) {
    case (let from?, let to?): from + style.arrow + to
    case (let one?, nil), (nil, let one?): one
    case (nil, nil): ""
    }
  }

  /// `canary 1.43 % stable 0.03 %`, of which what is not known is left out.
  var rates: String {
    let parts = [("canary", canaryRate), ("stable", stableRate)].compactMap { name, rate in
      rate.map { "\(name) \(Percent.text($0))" }
    }
    return parts.joined(separator: " ")
  }

  /// The same with what the rates are of: `canary 3/30 10 % stable 1/270 0.37 %`.
  var counts: String {
    let parts = [("canary", canaryCounts), ("stable", stableCounts)].compactMap { name, counts in
      counts.map { counts in
        "\(name) \(counts.errors)/\(counts.invocations)"
          + (counts.rate.map { " " + Percent.text($0) } ?? "")
      }
    }
    return parts.isEmpty ? rates : parts.joined(separator: " ")
  }

  /// How much it deserves a look: what is bad comes first, then what may become so.
  var urgency: Int {
    switch state {
    case .failed: 0
    case .held: 1
    case .active where verdict == "rollback" || verdict == "hold": 2
    case .active where (canaryRate ?? 0) > (stableRate ?? 0): 3
    case .active where isExtended: 4
    case .active: Self.quietUrgency
    case .waiting: Self.quietUrgency + 1
    case .done: Self.quietUrgency + 2
    }
  }

  /// From here on nothing is wrong.
  static let quietUrgency = 5

  /// A time in whole seconds at most two units long: `58s`, `4m10s`, `1h05m`.
  static func short(_ span: TimeSpan) -> String {
    let seconds = Int(max(0, span.seconds).rounded(.up))
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3_600 { return "\(seconds / 60)m\((seconds % 60).padded(to: 2))s" }
    return "\(seconds / 3_600)h\((seconds / 60 % 60).padded(to: 2))m"
  }
}

/// Invocations and errors as the display has them.
struct RowCounts: Equatable, Sendable {
  var invocations: Int
  var errors: Int

  /// Errors per invocation; nil without invocations.
  var rate: Double? { invocations > 0 ? Double(errors) / Double(invocations) : nil }
}
