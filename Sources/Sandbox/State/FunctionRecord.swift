internal import Core

/// One version of a function: `$LATEST` or a published one.
struct VersionRecord: Sendable {
  /// A change that is under way until a moment of virtual time.
  struct Transition: Hashable, Sendable {
    enum Kind: String, Sendable {
      case creating, updating
    }

    var kind: Kind
    var end: Timestamp
    /// The RevisionId from the end on.
    var revision: String
  }

  static let latest = "$LATEST"

  var number: String
  /// The configuration's members as the API names them.
  var settings: JSONObject
  var code: CodeReference
  var revision: String
  var lastModified: Timestamp
  var transition: Transition?

  /// The same for two versions exactly when they run the same code with the same configuration.
  var fingerprint: String {
    SHA256.digest(of: code.hex + JSON.object(settings).text(sortedKeys: true)).hex
  }

  /// Ends a transition whose time has come.
  mutating func settle(at now: Timestamp) {
    guard let transition, transition.end <= now else { return }
    revision = transition.revision
    self.transition = nil
  }
}

/// An alias and where it routes to.
struct AliasRecord: Sendable {
  var name: String
  var version: String
  var description: String
  /// At most one, by Lambda's rule.
  var weights: [(version: String, weight: Double)]
  var revision: String

  /// The version that a `draw` from 0 (included) to 1 (excluded) falls on.
  func version(for draw: Double) -> String {
    guard let additional = weights.first, draw < additional.weight else { return version }
    return additional.version
  }
}

/// The resource policy of a function, version or alias.
struct PolicyRecord: Sendable {
  var statements: [JSONObject]
  var revision: String
  /// From when on statements count that take a while to get around, by their ids.
  var effective: [String: Timestamp] = [:]

  /// The statements that count at `now`.
  func statements(at now: Timestamp) -> [JSONObject] {
    guard !effective.isEmpty else { return statements }
    return statements.filter { effective[$0["Sid"]?.string ?? ""].map { $0 <= now } ?? true }
  }
}

/// What becomes of events that nobody waits for.
struct EventInvokeRecord: Sendable {
  /// Members of PutFunctionEventInvokeConfig.
  var settings: JSONObject
  var changed: Timestamp
}

/// Concurrency that is kept ready for a version or alias.
struct ProvisionedRecord: Hashable, Sendable {
  var requested: Int
  /// When it was asked for.
  var since: Timestamp
  /// From when on it is ready.
  var readyAt: Timestamp
}

/// The URL of a function or of one of its aliases.
struct URLRecord: Sendable {
  var url: String
  /// `AuthType`, `Cors` and `InvokeMode`.
  var settings: JSONObject
  var made: Timestamp
  var changed: Timestamp
}

/// A function with everything that belongs to it.
struct FunctionRecord: Sendable {
  var name: String
  var latest: VersionRecord
  /// Published versions in ascending order.
  var versions: [VersionRecord] = []
  /// The highest number ever given; numbers are never given twice.
  var lastNumber = 0
  /// What `$LATEST` was when the highest number was published.
  var publishedFingerprint = ""
  var aliases: [AliasRecord] = []
  var tags: [(key: String, value: String)] = []
  var reservedConcurrency: Int?
  /// The ARN of its code signing configuration.
  var codeSigning: String?
  /// What becomes of a function that calls itself: `Allow` or `Terminate`.
  var recursiveLoop = "Terminate"
  /// Members of PutRuntimeManagementConfig by qualifier.
  var runtimeManagement: [String: JSONObject] = [:]
  /// By qualifier.
  var provisioned: [String: ProvisionedRecord] = [:]
  /// By qualifier; the unqualified function's under an empty name.
  var policies: [String: PolicyRecord] = [:]
  /// By alias; the bare function's under an empty name.
  var urls: [String: URLRecord] = [:]
  var mappings: [MappingRecord] = []
  /// By qualifier; the bare function's under an empty name.
  var eventInvoke: [String: EventInvokeRecord] = [:]

  /// A published version or `$LATEST`.
  func version(_ number: String) -> VersionRecord? {
    number == VersionRecord.latest ? latest : versions.first { $0.number == number }
  }

  func alias(_ name: String) -> AliasRecord? { aliases.first { $0.name == name } }

  /// Ends every transition whose time has come.
  mutating func settle(at now: Timestamp) {
    latest.settle(at: now)
    for index in versions.indices where versions[index].transition != nil { versions[index].settle(at: now) }
    guard mappings.contains(where: { $0.phase != nil }) else { return }
    mappings = mappings.compactMap { mapping in
      var mapping = mapping
      return mapping.settle(at: now) ? mapping : nil
    }
  }
}
