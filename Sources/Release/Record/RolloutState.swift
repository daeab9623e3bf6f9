/// Where a rollout stands, as its record says.
package enum RolloutState: Hashable, Sendable {
  /// Nothing is under way; the alias serves one version.
  case idle
  /// The canary has a weight and is watched.
  case canary
  /// The canary keeps its weight until somebody decides.
  case hold(RecordReason)
  /// The canary has all traffic and is watched.
  case bake
  /// The release is decided: whoever resumes it goes forward.
  case commit
  /// One version serves for good, and the edges to the alias are being written: what calls it is half changed where the
  /// lease is over. No traffic is under way.
  case triggers
  /// The canary lost its traffic; the record's `bad` names it if the reason blames it.
  case rolledBack(RecordReason)

  /// The word in the record's `st` field.
  package var word: String {
    switch self {
    case .idle: "idle"
    case .canary: "canary"
    case .hold: "hold"
    case .bake: "bake"
    case .commit: "commit"
    case .triggers: "triggers"
    case .rolledBack: "rb"
    }
  }

  /// Why it is held or was rolled back; nil in the other states.
  package var reason: RecordReason? {
    switch self {
    case .hold(let reason), .rolledBack(let reason): reason
    case .idle, .canary, .bake, .commit, .triggers: nil
    }
  }

  /// Whether a run is expected to go on with it.
  package var isUnderWay: Bool {
    switch self {
    case .canary, .hold, .bake, .commit: true
    case .idle, .triggers, .rolledBack: false
    }
  }

  /// Whether it waits for a person.
  package var isHold: Bool {
    guard case .hold = self else { return false }
    return true
  }

  /// Whether the canary has all traffic, so that whoever goes on with the release goes forward.
  var isDecided: Bool { self == .bake || self == .commit }

  init?(word: String, reason: RecordReason?) {
    switch (word, reason) {
    case ("idle", nil): self = .idle
    case ("canary", nil): self = .canary
    case ("hold", let reason?): self = .hold(reason)
    case ("bake", nil): self = .bake
    case ("commit", nil): self = .commit
    case ("triggers", nil): self = .triggers
    case ("rb", let reason?): self = .rolledBack(reason)
    default: return nil
    }
  }
}

/// Why a rollout is held or was rolled back: the record's `y` field.
package enum RecordReason: Hashable, Sendable {
  /// Its errors, against the stable version's.
  case errors
  /// The absolute limit for the error rate.
  case limit
  /// An alarm the user listed.
  case alarm
  /// Slow invocations.
  case latency
  /// A metric the user listed.
  case metric
  /// Metrics that could not be read.
  case noMetrics
  /// Both versions failing.
  case environment
  /// Too little traffic for a verdict.
  case lowTraffic
  /// A pause in the plan, or `--no-promote`.
  case pause
  /// A hook or smoke test that failed.
  case hook
  /// Another function of the same release.
  case peer
  /// A signal that ended the run.
  case interrupt
  /// A person's `abort` or `rollback`.
  case person
  /// A newer release that took over.
  case superseded
  /// The dead-man switch.
  case deadMan
  /// Credentials that were about to end while the traffic could still be moved with them.
  case credentials
  /// A word of at most 12 characters that this version does not know.
  case other(String)

  /// Whether the version that lost its traffic is to blame, so that its package is refused until somebody insists.
  package var blamesVersion: Bool {
    switch self {
    case .errors, .limit, .alarm, .latency, .metric, .hook, .person, .other: true
    case .noMetrics, .environment, .lowTraffic, .pause, .peer, .interrupt, .superseded, .deadMan,
      .credentials:
      false
    }
  }

  private static let words: [(RecordReason, String)] = [
    (.errors, "errors"), (.limit, "limit"), (.alarm, "alarm"), (.latency, "latency"), (.metric, "metric"),
    (.noMetrics, "nometrics"), (.environment, "env"), (.lowTraffic, "traffic"), (.pause, "pause"),
    (.hook, "hook"), (.peer, "peer"), (.interrupt, "signal"), (.person, "person"),
    (.superseded, "superseded"), (.deadMan, "deadman"), (.credentials, "creds"),
  ]

  /// The word in the record.
  package var word: String {
    if case .other(let word) = self {
      return DescriptionLine.token(word.isEmpty ? "other" : word, atMost: 12)
    }
    return Self.words.first { $0.0 == self }?.1 ?? "other"
  }

  /// The reason that `word` stands for.
  package init(word: String) {
    self = Self.words.first { $0.1 == word }?.0 ?? .other(DescriptionLine.token(word, atMost: 12))
  }
}
