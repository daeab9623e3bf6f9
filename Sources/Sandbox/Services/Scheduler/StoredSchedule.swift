internal import Core

/// A schedule: what was asked for, and what has become of it.
struct StoredSchedule: Sendable {
  let name: String
  /// The members as the API names them, with the defaults of those that were left out.
  var settings: JSONObject
  let group: String
  /// The next time by its expression.
  var planned: Timestamp
  /// When it is carried out: within the flexible time window after that.
  var due: Timestamp
  var created: Timestamp
  var modified: Timestamp
  /// The ClientToken that it was created with.
  var token: String?
  /// Whether it has been carried out; a change makes it wait for its time again.
  var isDone = false
  /// Another one with every change.
  var revision = Identifier.uuid()

  init(_ name: String, _ request: ScheduleRequest, at now: Timestamp) {
    self.name = name
    group = request.group
    settings = request.settings
    planned = now
    due = now
    created = now
    modified = now
    token = request.token
    plan(request.timetable, after: now)
  }

  /// Takes over all that `request` says; what it leaves out goes back to the default.
  mutating func replace(_ request: ScheduleRequest, at now: Timestamp) {
    settings = request.settings
    modified = now
    isDone = false
    revision = Identifier.uuid()
    plan(request.timetable, after: now)
  }

  /// Sets the next time; a schedule that has none any more is done.
  private mutating func plan(_ timetable: Timetable, after moment: Timestamp) {
    let start = settings["StartDate"]?.moment
    let first = max(moment, start ?? moment)
    if case .at(let shown) = timetable {
      planned = Self.moment(showing: shown, settings)
    } else if let next = timetable.next(after: first, start: start ?? modified, in: Self.zone(settings)) {
      planned = next
    } else {
      isDone = true
    }
    if let end = settings["EndDate"]?.moment, planned > end { isDone = true }
    let minutes = settings["FlexibleTimeWindow"]?["MaximumWindowInMinutes"]?.double ?? 0
    due = planned + .minutes(minutes > 0 ? Double.random(in: 0..<minutes) : 0)
  }

  /// Goes on after it was carried out: to its next time, or to its end.
  mutating func advance(at now: Timestamp) {
    guard let timetable, !isOnce else {
      isDone = true
      return
    }
    // After a long halt, what was missed is not made up for.
    plan(timetable, after: (now - planned).seconds > 3_600 ? now : planned)
  }

  private static func zone(_ settings: JSONObject) -> ZoneRules {
    settings["ScheduleExpressionTimezone"]?.string.flatMap { SystemZones.rules(of: $0) } ?? .utc
  }

  /// When the clocks of the schedule's zone show a time; one that they leave out is taken for one of UTC.
  private static func moment(showing time: Timestamp, _ settings: JSONObject) -> Timestamp {
    zone(settings).moment(showing: time) ?? time
  }

  private var timetable: Timetable? {
    settings["ScheduleExpression"]?.string.flatMap { Timetable($0) }
  }

  private var isOnce: Bool {
    if case .at? = timetable { return true }
    return false
  }

  /// The key in the store: schedules of different groups may have the same name.
  var key: String { Self.key(name, group) }

  static func key(_ name: String, _ group: String?) -> String {
    guard let group, group != ScheduleRequest.group else { return name }
    return "\(group)/\(name)"
  }

  /// The ARN of what it invokes.
  var target: String { settings["Target"]?["Arn"]?.string ?? "" }

  var state: String { settings["State"]?.string ?? "" }

  /// Whether it is still to be carried out.
  var isWaiting: Bool { state == "ENABLED" && !isDone }

  var isRemovedWhenDone: Bool { settings["ActionAfterCompletion"]?.string == "DELETE" }

  /// The request of the call that it is for.
  var input: JSON {
    (settings["Target"]?["Input"]?.string).flatMap { try? JSON(parsing: $0) } ?? .null
  }
}

/// The form in which schedules are kept on disk.
extension StoredSchedule {
  var json: JSON {
    var object = JSONObject([
      ("settings", .object(settings)), ("created", .double(created.seconds)),
      ("modified", .double(modified.seconds)), ("done", .bool(isDone)),
      ("due", .double(due.seconds)),
      ("planned", .double(planned.seconds)),
    ])
    object["token"] = token.map(JSON.string)
    return .object(object)
  }

  /// Nil when `json` is not what ``json`` gives.
  init?(_ key: String, _ json: JSON) {
    guard let settings = json["settings"]?.object, let created = json["created"]?.moment,
      let modified = json["modified"]?.moment, let isDone = json["done"]?.bool,
      let timetable = settings["ScheduleExpression"]?.string.flatMap({ Timetable($0) })
    else { return nil }
    let parts = key.split(separator: "/")
    name = parts.last.map(String.init) ?? key
    group = parts.count > 1 ? String(parts[0]) : ScheduleRequest.group
    self.settings = settings
    planned = json["planned"]?.moment ?? modified
    if case .at(let time) = timetable { planned = Self.moment(showing: time, settings) }
    due = json["due"]?.moment ?? planned
    self.created = created
    self.modified = modified
    token = json["token"]?.string
    self.isDone = isDone
  }
}
