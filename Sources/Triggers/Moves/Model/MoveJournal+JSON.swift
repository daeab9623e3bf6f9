package import Core

/// Why a file is no journal of an adoption.
package struct MoveJournalFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, without a full stop.
  package let description: String
}

extension MoveJournal {
  /// What the file says that it is.
  package static let schema = "lamctl.adopt/1"
  /// The most bytes that are read.
  package static let limit = 32 << 20

  /// The file.
  package var bytes: [UInt8] {
    Array((JSON.object(document).text(.pretty) + "\n").utf8)
  }

  /// The members of the file.
  package var document: JSONObject {
    JSONObject([
      ("schema", .string(Self.schema)), ("environment", .string(environment)), ("alias", .string(alias)),
      ("account", .string(account)), ("region", .string(region)), ("release", .string(release)),
      ("started", .string(started.iso8601)), ("course", .string(course.rawValue)),
      ("finished", .bool(isFinished)), ("moves", .array(entries.map(\.json))),
    ])
  }

  /// Reads a file.
  ///
  /// - Throws: ``MoveJournalFault`` where it is none, or not whole.
  package init(parsing bytes: [UInt8]) throws(MoveJournalFault) {
    guard bytes.count <= Self.limit else { throw MoveJournalFault(description: "it is larger than 32 MiB") }
    let document: JSON
    do throws(JSONSyntaxError) { document = try JSON(parsing: bytes) } catch {
      throw MoveJournalFault(description: "it is no JSON: \(error)")
    }
    guard document["schema"]?.string == Self.schema, let moves = document["moves"]?.array else {
      throw MoveJournalFault(description: "it is no journal of lamctl adopt (\(Self.schema))")
    }
    func text(_ name: String) throws(MoveJournalFault) -> String {
      guard let value = document[name]?.string, !value.isEmpty else {
        throw MoveJournalFault(description: "\(name) is missing")
      }
      return value
    }
    guard let started = Timestamp(iso8601: try text("started")) else {
      throw MoveJournalFault(description: "started is no time")
    }
    self.init(
      environment: try text("environment"), alias: try text("alias"), account: try text("account"),
      region: try text("region"), release: try text("release"), started: started, moves: [])
    guard let course = Course(rawValue: try text("course")) else {
      throw MoveJournalFault(description: "course is neither forward nor back")
    }
    self.course = course
    isFinished = document["finished"]?.bool ?? false
    for (index, value) in moves.enumerated() {
      guard let entry = Entry(value, alias: alias) else {
        throw MoveJournalFault(description: "moves[\(index)] cannot be read")
      }
      entries.append(entry)
    }
  }
}

extension MoveJournal.Entry {
  fileprivate var json: JSON {
    [
      "project": .string(move.scope.project), "function": .string(move.scope.function),
      "functionName": .string(move.scope.functionName), "functionArn": .string(move.scope.functionARN),
      "kind": .string(move.kind.rawValue), "group": .string(move.group), "title": .string(move.title),
      "place": .object(move.place), "before": move.before, "after": move.after,
      "state": .string(state.rawValue), "order": order.map(JSON.int) ?? .null, "reason": .optional(reason),
    ]
  }

  fileprivate init?(_ value: JSON, alias: String) {
    guard let kind = value["kind"]?.string.flatMap({ MoveKind(rawValue: $0) }),
      let state = value["state"]?.string.flatMap({ MoveJournal.State(rawValue: $0) }),
      let project = value["project"]?.string, let function = value["function"]?.string,
      let functionName = value["functionName"]?.string, let functionARN = value["functionArn"]?.string,
      let group = value["group"]?.string, let title = value["title"]?.string,
      let place = value["place"]?.object, let before = value["before"], let after = value["after"]
    else { return nil }
    self.init(
      Move(
        kind,
        in: EdgeScope(
          project: project, function: function, functionName: functionName, functionARN: functionARN,
          alias: alias),
        place: place, before: before, after: after, group: group, title: title))
    self.state = state
    order = value["order"]?.int
    reason = value["reason"]?.string
    // What was begun has a place in the order.
    if state.mayStand, order == nil { return nil }
  }
}
