internal import Core

/// What a page says of a release, read off a document. Fields that are not there say nothing.
struct PageRelease {
  let environment: String
  let alias: String
  let release: String?
  let outcome: String
  let commit: String?
  let owner: String?
  let link: String?
  let seconds: Double?
  let verdict: String?
  let error: String?
  let fix: String?
  let warnings: [String]
  /// Whether the document was made afterwards, of what records and CloudWatch tell.
  let isReview: Bool
  /// Whether nothing of it is in AWS.
  let isRehearsal: Bool
  let functions: [PageFunction]

  init(_ document: JSON) {
    environment = document["environment"]?.string ?? "-"
    alias = document["alias"]?.string ?? "-"
    release = document["release"]?.string ?? document["reviewed"]?.string
    outcome = document["outcome"]?.string ?? document["kind"]?.string ?? "judged"
    commit = document["commit"]?.string
    owner = document["owner"]?.string
    link = document["link"]?.string
    seconds = document["durationSeconds"]?.double
    verdict = document["verdict"]?["sentence"]?.string ?? document["sentence"]?.string
    error = document["error"]?["message"]?.string
    fix = document["error"]?["fix"]?.string
    warnings = document["warnings"]?.array?.compactMap(\.string) ?? []
    let isReview = document["schema"]?.string == "lamctl.release/1"
    self.isReview = isReview
    isRehearsal = document["rehearsal"]?.bool ?? false
    let evidence = document["evidence"]?["functions"]?.object ?? JSONObject()
    var listed: [(String, JSON)] = []
    if let functions = document["functions"]?.array {
      listed = functions.map { ($0["function"]?.string ?? "-", $0) }
    } else {
      // As `judge` has them: verdicts by name.
      listed = (document["functions"]?.object?.members ?? []).map { ($0.key, ["verdict": $0.value]) }
    }
    functions = listed.map { PageFunction($0.0, $0.1, evidence: evidence[$0.0], isReview: isReview) }.sorted {
      a, b in
      (a.rank, a.name) < (b.rank, b.name)
    }
  }

  /// The outcome in words.
  var outcomeWords: String { PageFunction.words(outcome) }

  /// The class of its colour.
  var ink: String {
    switch outcome {
    case "promoted", "unchanged", "updated", "published", "pass", "idle": "good"
    case "held", "detached", "underWay", "hold", "extend", "judged", "canary", "bake": "hold"
    default: "bad"
    }
  }
}

/// One function on a page.
struct PageFunction {
  let name: String
  let functionName: String
  let change: String
  let versions: String
  let outcome: String
  let weights: [(version: String, share: Double)]
  let reasons: [String]
  let verdict: String?
  let error: String?
  let errors: [(message: String, count: Int)]
  let cost: String?
  let minutes: [PageMinute]
  /// When its weights changed, as a record or the evidence tells.
  let changes: [(time: String, weight: Double)]
  /// Whether weights are read off how the traffic was shared: nothing says any more what they were set to.
  let isInferred: Bool
  /// Whether a version that was taken back may have had traffic after the minutes that are known.
  let isCutOff: Bool
  /// The last minute in which a version that was taken back had traffic; nil where that is not known.
  let lastTraffic: Timestamp?
  let canary: PageCounts?
  let stable: PageCounts?

  init(_ name: String, _ entry: JSON, evidence: JSON?, isReview: Bool = false) {
    self.name = name
    functionName = entry["functionName"]?.string ?? ""
    change = entry["change"]?.string ?? "-"
    let from = entry["fromVersion"]?.string ?? evidence?["versions"]?["stable"]?.string
    let to = entry["toVersion"]?.string ?? evidence?["versions"]?["canary"]?.string
    versions = [from, to].compactMap { $0 }.joined(separator: " → ")
    outcome = entry["outcome"]?.string ?? entry["verdict"]?["kind"]?.string ?? "-"
    weights = (entry["weights"]?.object?.members ?? []).map { ($0.key, $0.value.double ?? 0) }
      .sorted { $0.share > $1.share }
    reasons = entry["reasons"]?.array?.compactMap(\.string) ?? []
    verdict = entry["verdict"]?["sentence"]?.string
    error = entry["error"]?["message"]?.string
    errors = (entry["errors"]?.array ?? []).map { ($0["message"]?.string ?? "", $0["count"]?.int ?? 0) }
    cost = entry["cost"].flatMap(Self.cost)
    let history = (entry["history"]?.array ?? []).map {
      (time: $0["time"]?.string ?? "-", weight: $0["weight"]?.double ?? 0)
    }
    var minutes: [PageMinute] = []
    for step in evidence?["steps"]?.array ?? [] {
      let weight = step["weight"]?.double ?? 0
      minutes += (step["minutes"]?.array ?? []).map { PageMinute($0, weight: weight) }
    }
    minutes += (evidence?["bake"]?["minutes"]?.array ?? []).map { PageMinute($0, weight: 1) }
    let isBack = outcome == "rolledBack"
    // The evidence of a run ends with the minute that it judged last, and that of a review with the traffic.
    isCutOff = isBack && !isReview && !minutes.isEmpty
    lastTraffic = isBack && isReview ? minutes.last { $0.canary.invocations > 0 }?.start : nil
    if let lastTraffic {
      // What comes after it is seen without a new version.
      minutes = minutes.map { ($0.start ?? lastTraffic) > lastTraffic ? $0.withoutWeight : $0 }
    }
    self.minutes = minutes
    isInferred = isReview && history.isEmpty
    let seen = history.isEmpty ? Self.changes(minutes) : history
    changes = seen + (lastTraffic.map { [(time: ($0 + .minutes(1)).iso8601, weight: 0)] } ?? [])
    canary = entry["verdict"]?["canary"].map(PageCounts.init) ?? Self.sum(minutes.map(\.canary))
    stable = entry["verdict"]?["stable"].map(PageCounts.init) ?? Self.sum(minutes.map(\.stable))
  }

  /// Whether there is more to say than the overview does.
  var hasMore: Bool {
    verdict != nil || error != nil || !errors.isEmpty || !minutes.isEmpty || !changes.isEmpty || cost != nil
  }

  /// What went wrong comes first, what did not change last.
  var rank: Int {
    switch outcome {
    case "failed": 0
    case "rolledBack", "rollback": 1
    case "held", "hold": 2
    case "unchanged": 9
    default: 5
    }
  }

  var outcomeWords: String { Self.words(outcome) }

  /// What the upper part of the picture shows.
  var weightWords: String {
    isInferred ? "share of the traffic of the new version" : "weight of the new version"
  }

  /// When the traffic went back; nil where it did not, or where nothing tells.
  var backWords: String? {
    if isCutOff {
      return "On this the run took all traffic back; the minutes after it are not in its document."
    }
    return lastTraffic.map {
      "The traffic went back: the new version had its last in the minute of \($0.iso8601)."
    }
  }

  /// The first minute of each weight.
  private static func changes(_ minutes: [PageMinute]) -> [(time: String, weight: Double)] {
    var changes: [(time: String, weight: Double)] = []
    for minute in minutes where minute.weight > 0 && minute.weight != changes.last?.weight {
      changes.append((minute.start?.iso8601 ?? "-", minute.weight))
    }
    return changes
  }

  /// `41: 90 %, 42: 10 %`.
  var servesWords: String {
    weights.isEmpty ? "-" : weights.map { "\($0.version): \(Percent.text($0.share))" }.joined(separator: ", ")
  }

  static func words(_ outcome: String) -> String {
    switch outcome {
    case "rolledBack": "rolled back"
    case "underWay": "under way"
    default: outcome
    }
  }

  private static func sum(_ counts: [PageCounts]) -> PageCounts? {
    counts.isEmpty ? nil : counts.reduce(PageCounts()) { $0 + $1 }
  }

  private static func cost(_ cost: JSON) -> String? {
    guard let ratio = cost["ratio"]?.double else { return nil }
    func words(_ side: JSON?) -> String {
      "\((side?["meanMilliseconds"]?.double ?? 0).formatted(digits: 1)) ms x \(side?["memorySize"]?.int ?? 0) MB"
    }
    return "An invocation of the new version costs \(ratio.formatted(digits: 2)) times as much: "
      + "\(words(cost["canary"])) against \(words(cost["stable"]))."
  }
}

/// Invocations and errors.
struct PageCounts: Equatable {
  var invocations = 0
  var errors = 0

  init() {}

  init(_ json: JSON) {
    invocations = max(0, json["invocations"]?.int ?? 0)
    errors = max(0, json["errors"]?.int ?? 0)
  }

  /// Errors an invocation, 0 to 1; nil without any.
  var rate: Double? { invocations > 0 ? min(1, Double(errors) / Double(invocations)) : nil }

  /// `3 of 270 failed (1.11 %)`.
  var words: String {
    guard let rate else { return "no traffic" }
    return "\(errors) of \(invocations) failed (\(Percent.text(rate)))"
  }

  static func + (a: PageCounts, b: PageCounts) -> PageCounts {
    var sum = a
    sum.invocations = a.invocations &+ b.invocations
    sum.errors = a.errors &+ b.errors
    return sum
  }
}

/// One minute of a rollout.
struct PageMinute {
  let start: Timestamp?
  let weight: Double
  let canary: PageCounts
  let stable: PageCounts

  init(_ json: JSON, weight: Double) {
    start = json["start"]?.string.flatMap { Timestamp(iso8601: $0) }
    self.weight = min(1, max(0, weight.isFinite ? weight : 0))
    canary = json["canary"].map(PageCounts.init) ?? PageCounts()
    stable = json["stable"].map(PageCounts.init) ?? PageCounts()
  }

  private init(_ minute: PageMinute, weight: Double) {
    (start, canary, stable) = (minute.start, minute.canary, minute.stable)
    self.weight = weight
  }

  /// The same, when the new version had no traffic any more.
  var withoutWeight: PageMinute { PageMinute(self, weight: 0) }
}
