internal import Core

/// A schedule: what was asked for, and what has become of it.
struct StoredSchedule: Sendable {
  let name: String
  /// The members as the API names them, with the defaults of those that were left out.
  var settings: JSONObject
  /// When it is due.
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
    settings = request.settings
    due = request.due
    created = now
    modified = now
    token = request.token
  }

  /// Takes over all that `request` says; what it leaves out goes back to the default.
  mutating func replace(_ request: ScheduleRequest, at now: Timestamp) {
    settings = request.settings
    due = request.due
    modified = now
    isDone = false
    revision = Identifier.uuid()
  }

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
    ])
    object["token"] = token.map(JSON.string)
    return .object(object)
  }

  /// Nil when `json` is not what ``json`` gives.
  init?(_ name: String, _ json: JSON) {
    guard let settings = json["settings"]?.object, let created = json["created"]?.moment,
      let modified = json["modified"]?.moment, let isDone = json["done"]?.bool,
      let due = (settings["ScheduleExpression"]?.string).flatMap(Timestamp.init(scheduleExpression:))
    else { return nil }
    self.name = name
    self.settings = settings
    self.due = due
    self.created = created
    self.modified = modified
    token = json["token"]?.string
    self.isDone = isDone
  }
}

extension Timestamp {
  /// Reads `at(yyyy-mm-ddThh:mm:ss)` as UTC; nil for anything else.
  init?(scheduleExpression text: String) {
    guard text.hasPrefix("at("), text.hasSuffix(")") else { return nil }
    let written = "\(text.dropFirst(3).dropLast())Z"
    // Written out again it is the same only in this one form, and only on a day that the calendar has.
    guard let moment = Timestamp(iso8601: written), moment.iso8601 == written else { return nil }
    self = moment
  }
}
