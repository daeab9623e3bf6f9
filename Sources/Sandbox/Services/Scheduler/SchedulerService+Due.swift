internal import Core

extension SchedulerService {
  /// Carries out every schedule whose time has come, once each and the longest overdue first.
  ///
  /// A schedule is settled only after its call: when the sandbox dies in between, it is carried out again. EventBridge
  /// too promises at least once.
  func carryOutDue() {
    // One moment for the round: a clock that runs fast would have the next time come while this one is carried out.
    let now = clock.now()
    while let schedule = store.due(at: now) {
      if let operation = UniversalTarget(arn: schedule.target) {
        carryOut(operation, schedule)
      } else {
        send(schedule)
      }
      do throws(SystemError) {
        try store.settle(schedule, at: now)
      } catch {
        log("the sandbox's state: \(error)")
      }
    }
  }

  /// Sends the input to a function, a queue or a bus. Without one, the event tells of the schedule.
  private func send(_ schedule: StoredSchedule) {
    let target = schedule.settings["Target"]
    let event: JSON = [
      "version": "0", "id": .string(Identifier.uuid()), "detail-type": "Scheduled Event",
      "source": "aws.scheduler", "account": .string(arns.account),
      "time": .string(schedule.planned.iso8601), "region": .string(arns.region),
      "resources": [.string(arn(schedule.key))], "detail": "{}",
    ]
    var delivery = Delivery(
      Array((target?["Input"]?.string ?? event.text()).utf8), to: schedule.target,
      from: EventOrigin(service: "scheduler.amazonaws.com", sourceARN: arn(schedule.key)),
      at: clock.now())
    delivery.follow(target)
    deliveries.send(delivery)
    log("schedule \(schedule.key) \(schedule.target)")
  }

  /// Makes the call. A failure is told and not repeated: EventBridge repeats none in which the caller is at fault, and
  /// there is no other but a broken disk.
  private func carryOut(_ operation: UniversalTarget, _ schedule: StoredSchedule) {
    let input = schedule.input
    let call = "schedule \(schedule.key) \(operation.operation) \(input["FunctionName"]?.string ?? "")"
    do throws(ServiceError) {
      try operation.call(lambda, input)
      log("\(call) 200")
    } catch {
      log("\(call) \(error.status) \(error.code): \(error.message)")
    }
  }
}
