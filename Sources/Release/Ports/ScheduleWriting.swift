package import AWSClient

/// The calls of EventBridge Scheduler that a dead-man switch needs.
package protocol ScheduleWriting: Sendable {
  /// Makes a schedule; one of its name is a conflict.
  func createSchedule(_ schedule: Schedule) async throws(AWSError)
  /// Replaces a schedule as a whole.
  func updateSchedule(_ schedule: Schedule) async throws(AWSError)
  /// Removes a schedule and tells whether there was one.
  @discardableResult
  func deleteSchedule(name: String, group: String?) async throws(AWSError) -> Bool
}

extension SchedulerClient: ScheduleWriting {}
