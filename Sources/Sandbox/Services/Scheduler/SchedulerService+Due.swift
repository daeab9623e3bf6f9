internal import Core

extension SchedulerService {
  /// Carries out every schedule whose time has come, once each and the longest overdue first.
  ///
  /// A schedule is settled only after its call: when the sandbox dies in between, it is carried out again. EventBridge
  /// too promises at least once.
  func carryOutDue() {
    while let schedule = store.due(at: clock.now()) {
      carryOut(schedule)
      do throws(SystemError) {
        try store.settle(schedule)
      } catch {
        log("the sandbox's state: \(error)")
      }
    }
  }

  /// Makes the call. A failure is told and not repeated: EventBridge repeats none in which the caller is at fault, and
  /// there is no other but a broken disk.
  private func carryOut(_ schedule: StoredSchedule) {
    let input = schedule.input
    let call = "schedule \(schedule.name) UpdateAlias \(input["FunctionName"]?.string ?? "")"
    do throws(ServiceError) {
      _ = try lambda.updateAlias(input)
      log("\(call) 200")
    } catch {
      log("\(call) \(error.status) \(error.code): \(error.message)")
    }
  }
}
