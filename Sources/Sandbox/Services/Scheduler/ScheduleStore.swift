internal import Core

/// All schedules of the account, kept in memory and written to one file with every change.
final class ScheduleStore: Sendable {
  private let file: StateFile
  private let schedules: Lock<[String: StoredSchedule]>

  /// Loads what an earlier sandbox left in `file`; nothing there means no schedules.
  init(file: StateFile) throws(SandboxError) {
    self.file = file
    var loaded: [String: StoredSchedule] = [:]
    do throws(SystemError) {
      for (key, value) in try file.members() {
        // A schedule that silently got lost would be an alias that nobody puts back.
        guard let schedule = StoredSchedule(key, value) else { throw file.incomprehensible }
        loaded[key] = schedule
      }
    } catch {
      throw .state(error)
    }
    schedules = Lock(loaded)
  }

  /// All schedules by group and name in byte order.
  func all() -> [StoredSchedule] {
    schedules.withLock { $0 }.values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  func schedule(_ key: String) -> StoredSchedule? { schedules.withLock { $0[key] } }

  /// The longest overdue of the schedules that are to be carried out at `now`; nil when none is.
  func due(at now: Timestamp) -> StoredSchedule? {
    schedules.withLock { $0 }.values.filter { $0.isWaiting && $0.due <= now }
      .min { ($0.due.seconds, $0.name) < ($1.due.seconds, $1.name) }
  }

  /// Changes schedules as one step, and writes them to disk before anybody is told.
  ///
  /// - Parameter body: may throw to change nothing.
  func change(_ body: (inout [String: StoredSchedule]) throws(ServiceError) -> Void)
    throws(ServiceError)
  {
    // The lock's own closure rethrows any error; the typed one goes through a Result.
    let outcome = schedules.withLock { schedules -> Result<Void, ServiceError> in
      var changed = schedules
      do throws(ServiceError) {
        try body(&changed)
      } catch {
        return .failure(error)
      }
      do throws(SystemError) {
        try save(changed)
      } catch {
        return .failure(ServiceError(500, "InternalServerException", "The sandbox \(error)"))
      }
      schedules = changed
      return .success(())
    }
    try outcome.get()
  }

  /// Takes a schedule that has been carried out to its next time, or removes or marks it when it has none, unless it was
  /// changed meanwhile.
  ///
  /// Memory follows even when the disk does not, or a full disk would have it carried out again and again.
  func settle(_ schedule: StoredSchedule, at now: Timestamp) throws(SystemError) {
    let outcome = schedules.withLock { schedules -> Result<Void, SystemError> in
      let key = schedule.key
      guard var settled = schedules[key], settled.revision == schedule.revision else {
        return .success(())
      }
      settled.advance(at: now)
      schedules[key] = settled.isDone && settled.isRemovedWhenDone ? nil : settled
      do throws(SystemError) {
        try save(schedules)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
  }

  private func save(_ schedules: [String: StoredSchedule]) throws(SystemError) {
    try file.write(schedules.map { ($0.key, $0.value.json) })
  }
}
