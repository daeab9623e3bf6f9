internal import Core
internal import Release

/// `--events`: one line of JSON per event of a release.
final class EventLog: Sendable {
  private let stream: EventStream

  init(_ stream: EventStream) {
    self.stream = stream
  }

  /// The log that the options ask for.
  static func open(in context: Context) -> EventLog? {
    context.events.map(EventLog.init)
  }

  /// Goes by another clock from now on.
  func follow(_ clock: @escaping @Sendable () -> Timestamp) { stream.follow(clock) }

  /// Writes one event that happened at `moment`.
  func write(_ event: ReleaseEvent, at moment: Timestamp) {
    stream.write(Self.members(of: event), at: moment)
  }

  private static func members(of event: ReleaseEvent) -> [(String, JSON)] {
    func named(_ kind: String, _ function: String?, _ rest: [(String, JSON)] = []) -> [(String, JSON)] {
      [("event", .string(kind)), ("function", .optional(function))] + rest
    }
    switch event {
    case .phase(let function, let phase):
      return named("phase", function, phaseMembers(phase))
    case .release(let release): return named("release", nil, [("release", .string(release.description))])
    case .built(let function, let package): return named("built", function, [("pkg", .string(package))])
    case .identical(let function, let version):
      return named("identical", function, [("version", .string(version))])
    case .candidate(let function, let from, let to, let code):
      return named(
        "candidate", function,
        [("fromVersion", .optional(from)), ("toVersion", .string(to)), ("codeSha256", .optional(code))])
    case .serves(let function, let shares):
      let weights = shares.sorted { $0.key < $1.key }.map { ($0.key, JSON.double($0.value)) }
      return named("serves", function, [("weights", .object(JSONObject(weights)))])
    case .leaseWatched(let function, let owner, let until):
      return named("leaseWatched", function, [("owner", .string(owner)), ("until", .string(until.iso8601))])
    case .driven(let function, let owner, let until):
      return named("driven", function, [("owner", .string(owner)), ("until", .string(until.iso8601))])
    case .resumed(let function, let step, let steps, let weight):
      return named(
        "resumed", function, [("step", .int(step)), ("steps", .int(steps)), ("weight", .double(weight))])
    case .published(let function, let version, let wasThere):
      return named("published", function, [("version", .string(version)), ("wasThere", .bool(wasThere))])
    case .shifted(let function, let version, let weight, let step, let steps, let until):
      return named(
        "shifted", function,
        [
          ("version", .string(version)), ("weight", .double(weight)), ("step", .int(step)),
          ("steps", .int(steps)),
          ("until", .string(until.iso8601)),
        ])
    case .judged(let function, let verdict):
      return named("judged", function, [("verdict", .object(verdict.json))])
    case .judgedRelease(let verdict):
      return named("judgedRelease", nil, [("verdict", .object(verdict.json))])
    case .baking(let function, let version, let until):
      return named("baking", function, [("version", .string(version)), ("until", .string(until.iso8601))])
    case .promoted(let function, let version):
      return named("promoted", function, [("version", .string(version))])
    case .rolledBack(let function, let from, let to):
      return named("rolledBack", function, [("fromVersion", .string(from)), ("toVersion", .string(to))])
    case .held(let function, let reason):
      return named("held", function, [("reason", .string(reason))])
    default: return endMembers(of: event, named)
    }
  }

  private static func endMembers(
    of event: ReleaseEvent, _ named: (String, String?, [(String, JSON)]) -> [(String, JSON)]
  ) -> [(String, JSON)] {
    switch event {
    case .observed(_, let verdict): named("observed", nil, [("verdict", .object(verdict.json))])
    case .verified(let function): named("verified", function, [])
    case .explained(let function, let errors, _):
      named(
        "explained", function,
        [("errors", .array(errors.map { ["message": .string($0.message), "count": .int($0.count)] }))])
    case .failed(let function, let error): named("failed", function, [("error", Failure(error).json)])
    case .ended(let function, let outcome):
      named("ended", function, [("outcome", .string(outcome.rawValue))])
    case .abandoned(let function): named("abandoned", function, [])
    case .concluded(let outcome): named("concluded", nil, [("outcome", .string(outcome.rawValue))])
    case .interrupted: named("interrupted", nil, [])
    case .warning(let function, let text): named("warning", function, [("text", .string(text))])
    case .note(let function, let text): named("note", function, [("text", .string(text))])
    default: []
    }
  }

  private static func phaseMembers(_ phase: ReleaseEvent.Phase) -> [(String, JSON)] {
    switch phase {
    case .building: [("phase", "building")]
    case .uploading(let bytes): [("phase", "uploading"), ("bytes", .int(bytes))]
    case .configuring: [("phase", "configuring")]
    case .waiting: [("phase", "waiting")]
    case .publishing: [("phase", "publishing")]
    }
  }
}
