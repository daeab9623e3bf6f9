import Core
import Release
import TestSupport

@testable import AWSClient

extension SimulatedAccount {
  /// Replaces a schedule that is there.
  func replace(_ schedule: Schedule) throws(AWSError) {
    let isThere = state.withLock { state in
      guard state.schedules[schedule.name] != nil else { return false }
      state.schedules[schedule.name] = schedule
      return true
    }
    guard isThere else { throw SimulatedFault.notFound("UpdateSchedule") }
  }

  /// Fails where EventBridge is at work on a schedule already.
  func meetConflict(_ operation: String) throws(AWSError) {
    let meets = state.withLock { state in
      defer { state.scheduleConflicts = max(0, state.scheduleConflicts - 1) }
      return state.scheduleConflicts > 0
    }
    if meets { throw SimulatedFault.inProgress(operation) }
  }

  /// When a schedule is due.
  static func time(of schedule: Schedule) -> Timestamp? {
    Timestamp(iso8601: schedule.expression.dropFirst("at(".count).dropLast() + "Z")
  }

  /// Whether a schedule would change the alias `prod` of a function, were it due.
  func isArmed(_ name: String = "orders") -> Bool {
    let revision = alias(name)?.revisionID
    return state.withLock {
      $0.schedules.values.contains { schedule in
        guard schedule.isEnabled, let input = try? JSON(parsing: schedule.input) else { return false }
        return input["FunctionName"]?.string == name && input["RevisionId"]?.string == revision
      }
    }
  }

  /// Carries out what is due, as EventBridge Scheduler does: what fails is forgotten.
  ///
  /// - Returns: the functions whose aliases were written.
  @discardableResult
  func runSchedules() -> [String] {
    let now = clock.now()
    let due = state.withLock { state in
      let due = state.schedules.values.filter { $0.isEnabled && Self.time(of: $0).map { $0 <= now } ?? false }
      for schedule in due { state.schedules[schedule.name] = nil }
      return due
    }
    return due.compactMap { schedule in
      guard let input = try? JSON(parsing: schedule.input), let name = input["FunctionName"]?.string,
        let alias = alias(name), input["RevisionId"]?.string == alias.revisionID
      else { return nil }
      edit(
        name, version: input["FunctionVersion"]?.string,
        weights: (input["RoutingConfig"]?["AdditionalVersionWeights"]?.object?.members ?? [])
          .reduce(into: [:]) { $0[$1.key] = $1.value.double },
        description: input["Description"]?.string)
      return name
    }.sorted()
  }
}
