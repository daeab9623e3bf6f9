internal import Core

/// A rule of an event bus, with its targets.
struct RuleRecord: Sendable {
  static let defaultBus = "default"

  let name: String
  let bus: String
  /// `EventPattern`, `ScheduleExpression`, `State`, `Description`, `RoleArn` as PutRule had them.
  var settings: JSONObject
  /// Members of Target, in the order of their making.
  var targets: [JSONObject] = []
  var tags: [(key: String, value: String)] = []
  /// When a rate began to count.
  var since: Timestamp

  init(name: String, bus: String, settings: JSONObject, since: Timestamp) {
    self.name = name
    self.bus = bus
    self.settings = settings
    self.since = since
  }

  var isEnabled: Bool { settings["State"]?.string != "DISABLED" }

  var pattern: EventPattern? { settings["EventPattern"]?.string.flatMap { try? EventPattern(parsing: $0) } }

  var timetable: Timetable? { settings["ScheduleExpression"]?.string.flatMap { Timetable($0) } }

  /// `rule/NAME`, or `rule/BUS/NAME` on a bus of one's own.
  var path: String { bus == Self.defaultBus ? "rule/\(name)" : "rule/\(bus)/\(name)" }
}

/// An event bus beside the default one.
struct BusRecord: Sendable {
  let name: String
  let created: Timestamp
  var tags: [(key: String, value: String)] = []
}

/// All rules and buses of the account, kept in memory and written to one file with every change.
final class RuleStore: Sendable {
  struct Content: Sendable {
    var buses: [String: BusRecord] = [:]
    /// By `bus/name`.
    var rules: [String: RuleRecord] = [:]

    func rule(_ name: String, _ bus: String) -> RuleRecord? { rules["\(bus)/\(name)"] }

    /// The rules of a bus by name in byte order.
    func rules(of bus: String) -> [RuleRecord] {
      rules.values.filter { $0.bus == bus }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
  }

  private let file: StateFile
  private let content: Lock<Content>

  /// Loads what an earlier sandbox left in `file`.
  init(file: StateFile) throws(SandboxError) {
    self.file = file
    do throws(SystemError) {
      var loaded = Content()
      for (key, value) in try file.members() {
        if let bus = BusRecord(key, value) {
          loaded.buses[bus.name] = bus
        } else if let rule = RuleRecord(value) {
          loaded.rules["\(rule.bus)/\(rule.name)"] = rule
        } else {
          throw file.incomprehensible
        }
      }
      content = Lock(loaded)
    } catch {
      throw .state(error)
    }
  }

  var all: Content { content.withLock { $0 } }

  /// Changes what is there as one step, and writes it to disk before anybody is told.
  func change<Output>(
    _ body: (inout Content) throws(ServiceError) -> Output
  ) throws(ServiceError) -> Output {
    let outcome = content.withLock { content -> Result<Output, ServiceError> in
      var changed = content
      do throws(ServiceError) {
        let output = try body(&changed)
        try save(changed)
        content = changed
        return .success(output)
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private func save(_ content: Content) throws(ServiceError) {
    do throws(SystemError) {
      try file.write(
        content.buses.map { ($0.key, $0.value.json) }
          + content.rules.map { ("rule \($0.key)", $0.value.json) })
    } catch {
      throw ServiceError(500, "InternalException", "The sandbox \(error)")
    }
  }
}

/// The form in which rules and buses are kept on disk.
extension RuleRecord {
  var json: JSON {
    [
      "name": .string(name), "bus": .string(bus), "settings": .object(settings),
      "targets": .array(targets.map(JSON.object)), "since": .double(since.seconds),
      "tags": .object(JSONObject(tags.map { ($0.key, JSON.string($0.value)) })),
    ]
  }

  init?(_ json: JSON) {
    guard let name = json["name"]?.string, let bus = json["bus"]?.string,
      let settings = json["settings"]?.object, let since = json["since"]?.moment,
      let targets = json["targets"]?.array
    else { return nil }
    self.init(name: name, bus: bus, settings: settings, since: since)
    self.targets = targets.compactMap(\.object)
    tags = (json["tags"]?.object?.members ?? []).map { ($0.key, $0.value.string ?? "") }
  }
}

extension BusRecord {
  var json: JSON {
    [
      "isBus": true, "created": .double(created.seconds),
      "tags": .object(JSONObject(tags.map { ($0.key, JSON.string($0.value)) })),
    ]
  }

  init?(_ name: String, _ json: JSON) {
    guard json["isBus"]?.bool == true, let created = json["created"]?.moment else { return nil }
    self.init(
      name: name, created: created,
      tags: (json["tags"]?.object?.members ?? []).map { ($0.key, $0.value.string ?? "") })
  }
}
