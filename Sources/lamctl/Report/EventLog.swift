internal import Core
internal import Glibc
internal import Release

/// `--events`: one line of JSON per event.
final class EventLog: Sendable {
  private let output: Output

  /// The log that the options ask for. Where it cannot be opened that is said, and the run goes on without it.
  static func open(_ globals: GlobalOptions, in context: Context) -> EventLog? {
    guard let target = globals.events else { return nil }
    do throws(SystemError) {
      return try EventLog(target: target, in: context)
    } catch {
      context.warn("events are not written: \(error)")
      return nil
    }
  }

  /// Appends to `target`, a file or `-` for stdout.
  ///
  /// - Throws: ``SystemError`` when the file cannot be opened.
  init(target: String, in context: Context) throws(SystemError) {
    guard target != "-" else {
      output = context.output
      return
    }
    let path = target.hasPrefix("/") ? target : "\(context.folder)/\(target)"
    let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw SystemError(operation: "append to", subject: target, code: errno) }
    output = Output(descriptor: descriptor)
  }

  /// Writes one event that happened at `moment`.
  func write(_ event: ReleaseEvent, at moment: Timestamp) {
    var line = JSONObject([("time", .string(moment.iso8601))])
    for (key, value) in Self.members(of: event) { line[key] = value }
    output.write(JSON.object(line).text() + "\n")
  }

  private static func members(of event: ReleaseEvent) -> [(String, JSON)] {
    func named(_ kind: String, _ function: String?, _ rest: [(String, JSON)] = []) -> [(String, JSON)] {
      [("event", .string(kind)), ("function", .optional(function))] + rest
    }
    switch event {
    case .phase(let function, let phase):
      return named("phase", function, phaseMembers(phase))
    case .leaseWatched(let function, let owner, let until):
      return named("leaseWatched", function, [("owner", .string(owner)), ("until", .string(until.iso8601))])
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
    case .note(let function, let text):
      return named("note", function, [("text", .string(text))])
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
