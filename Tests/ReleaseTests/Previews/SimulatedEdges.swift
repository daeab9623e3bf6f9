import AWSClient
import Core
import Release
import TestSupport
import Triggers

@testable import AWSClient

/// What there is of addresses and schedules, for all runs of a test.
struct EdgeShelf: Hashable, Sendable {
  /// By function and alias.
  var urls: [String: JSONObject] = [:]
  var statements: [String: [String]] = [:]
  var groups: Set<String> = []
  var schedules: [String: JSONObject] = [:]

  /// Carries out what is due, and lets it go.
  mutating func run(until moment: Timestamp, in account: SimulatedAccount) {
    for (key, schedule) in schedules.sorted(by: { $0.key < $1.key }) {
      guard let expression = schedule["ScheduleExpression"]?.string,
        case .at(let time)? = Timetable(expression),
        time <= moment, let text = schedule["Target"]?["Input"]?.string, let input = try? JSON(parsing: text),
        let function = input["FunctionName"]?.string
      else { continue }
      schedules[key] = nil
      if let alias = input["Qualifier"]?.string { urls["\(function):\(alias)"] = nil }
      if let alias = input["Name"]?.string { account.change(function) { $0.aliases[alias] = nil } }
    }
  }
}

/// One run's way to addresses and schedules; its calls count with those of its connection.
final class SimulatedEdges: AbsentEdges {
  private let connection: Connection
  private let shelf: Lock<EdgeShelf>

  init(_ connection: Connection, _ shelf: Lock<EdgeShelf>) {
    self.connection = connection
    self.shelf = shelf
  }

  private func call<Value: Sendable>(
    _ operation: String, _ body: (inout EdgeShelf) throws(AWSError) -> Value
  ) async throws(AWSError) -> Value {
    try await connection.call(operation, "") { () throws(AWSError) in
      let outcome = shelf.withLock { shelf -> Result<Value, AWSError> in
        do throws(AWSError) { return .success(try body(&shelf)) } catch { return .failure(error) }
      }
      return try outcome.get()
    }
  }

  func statements(_ function: String, alias: String?) async throws(AWSError) -> [JSONObject] {
    let key = "\(function):\(alias ?? "")"
    return try await call("GetPolicy") { shelf throws(AWSError) in
      (shelf.statements[key] ?? []).map { JSONObject([("Sid", .string($0))]) }
    }
  }

  func addPermission(_ function: String, alias: String?, statement: JSONObject) async throws(AWSError) {
    let (key, sid) = ("\(function):\(alias ?? "")", statement["StatementId"]?.string ?? "")
    try await call("AddPermission") { shelf throws(AWSError) in
      guard shelf.statements[key]?.contains(sid) != true else {
        throw SimulatedFault.alreadyExists("AddPermission")
      }
      shelf.statements[key, default: []].append(sid)
    }
  }

  func removePermission(_ function: String, alias: String?, sid: String) async throws(AWSError) {
    let key = "\(function):\(alias ?? "")"
    try await call("RemovePermission") { shelf throws(AWSError) in
      shelf.statements[key]?.removeAll { $0 == sid }
    }
  }

  func url(_ function: String, alias: String?) async throws(AWSError) -> JSONObject? {
    try await call("GetFunctionUrlConfig") { shelf throws(AWSError) in
      shelf.urls["\(function):\(alias ?? "")"]
    }
  }

  /// A URL needs its alias.
  func createURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    let isThere = connection.account.state.withLock { $0.functions[function]?.aliases[alias] != nil }
    try await call("CreateFunctionUrlConfig") { shelf throws(AWSError) in
      guard isThere else { throw SimulatedFault.notFound("CreateFunctionUrlConfig") }
      guard shelf.urls["\(function):\(alias)"] == nil else {
        throw SimulatedFault.alreadyExists("CreateFunctionUrlConfig")
      }
      shelf.urls["\(function):\(alias)"] = members.merging(
        JSONObject([("FunctionUrl", .string("https://\(function)-\(alias)/"))]))
    }
  }

  func updateURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    try await call("UpdateFunctionUrlConfig") { shelf throws(AWSError) in
      guard let url = shelf.urls["\(function):\(alias)"] else {
        throw SimulatedFault.notFound("UpdateFunctionUrlConfig")
      }
      shelf.urls["\(function):\(alias)"] = url.merging(members)
    }
  }

  func deleteURL(_ function: String, alias: String) async throws(AWSError) {
    try await call("DeleteFunctionUrlConfig") { shelf throws(AWSError) in
      shelf.urls["\(function):\(alias)"] = nil
    }
  }

  func schedules(_ group: String?) async throws(AWSError) -> [JSONObject] {
    try await call("ListSchedules") { shelf throws(AWSError) in
      shelf.schedules.keys.sorted().map { JSONObject([("Name", .string($0))]) }
    }
  }

  func createGroup(_ name: String) async throws(AWSError) {
    try await call("CreateScheduleGroup") { shelf throws(AWSError) in _ = shelf.groups.insert(name) }
  }

  func createSchedule(_ name: String, _ members: JSONObject) async throws(AWSError) {
    try await call("CreateSchedule") { shelf throws(AWSError) in
      guard shelf.groups.contains(members["GroupName"]?.string ?? "") else {
        throw SimulatedFault.notFound("CreateSchedule")
      }
      guard shelf.schedules[name] == nil else { throw SimulatedFault.alreadyExists("CreateSchedule") }
      shelf.schedules[name] = members
    }
  }

  func updateSchedule(_ name: String, _ members: JSONObject) async throws(AWSError) {
    try await call("UpdateSchedule") { shelf throws(AWSError) in
      guard shelf.schedules[name] != nil else { throw SimulatedFault.notFound("UpdateSchedule") }
      shelf.schedules[name] = members
    }
  }

  func deleteSchedule(_ name: String, group: String) async throws(AWSError) {
    try await call("DeleteSchedule") { shelf throws(AWSError) in shelf.schedules[name] = nil }
  }
}
