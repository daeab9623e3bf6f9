internal import Core

/// What feeds a function the events of a queue, a stream or a table.
struct MappingRecord: Sendable {
  /// A change that is under way until a moment of virtual time.
  enum Phase: String, Sendable {
    case creating = "Creating"
    case enabling = "Enabling"
    case disabling = "Disabling"
    case updating = "Updating"
    case deleting = "Deleting"
  }

  var uuid: String
  /// The alias or version that it calls; nil for the bare function.
  var qualifier: String?
  /// The members that it was given, but for `FunctionName`, `Enabled` and `Tags`.
  var settings: JSONObject
  var isEnabled: Bool
  var changed: Timestamp
  var tags: [(key: String, value: String)] = []
  var phase: Phase?
  /// When the phase ends.
  var phaseEnd = Timestamp(seconds: 0)

  var state: String { phase?.rawValue ?? (isEnabled ? "Enabled" : "Disabled") }

  var source: String? { settings["EventSourceArn"]?.string }

  /// Whether it reads its source now; a change of its settings does not stop it.
  var isReading: Bool { isEnabled && (phase == nil || phase == .updating) }

  mutating func begin(_ phase: Phase, at now: Timestamp, for span: TimeSpan) {
    self.phase = phase
    phaseEnd = now + span
    changed = now
  }

  /// Ends a phase whose time has come.
  ///
  /// - Returns: whether the mapping is still there.
  mutating func settle(at now: Timestamp) -> Bool {
    guard let phase, phaseEnd <= now else { return true }
    self.phase = nil
    return phase != .deleting
  }
}

extension MappingRecord {
  var json: JSON {
    var object = JSONObject([
      ("uuid", .string(uuid)), ("qualifier", .optional(qualifier)), ("settings", .object(settings)),
      ("isEnabled", .bool(isEnabled)), ("changed", .double(changed.seconds)),
    ])
    if !tags.isEmpty { object["tags"] = .object(JSONObject(tags.map { ($0.key, JSON.string($0.value)) })) }
    if let phase {
      object["phase"] = .string(phase.rawValue)
      object["phaseEnd"] = .double(phaseEnd.seconds)
    }
    return .object(object)
  }

  init?(_ json: JSON) {
    guard let uuid = json["uuid"]?.string, let settings = json["settings"]?.object,
      let changed = json["changed"]?.moment
    else { return nil }
    self.init(
      uuid: uuid, qualifier: json["qualifier"]?.string, settings: settings,
      isEnabled: json["isEnabled"]?.bool ?? true, changed: changed)
    tags = (json["tags"]?.object?.members ?? []).map { ($0.key, $0.value.string ?? "") }
    phase = json["phase"]?.string.flatMap { Phase(rawValue: $0) }
    phaseEnd = json["phaseEnd"]?.moment ?? changed
  }
}
