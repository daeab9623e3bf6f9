internal import AWSClient
internal import Core

/// Keeps a schedule beside each alias under way that takes its traffic back, and moves it forward for as long as
/// somebody looks after the rollout.
///
/// The schedule knows the alias's `RevisionId`, which every write of the alias changes: each write is followed by one of
/// the schedule. A run that dies between the two leaves a schedule that does nothing, and a record that the next run
/// goes on from, as without a switch.
struct DeadManSwitch: Sendable {
  /// How long to leave EventBridge alone that is still at work on an earlier change of the same schedule.
  private static let pauses = [0.5, 1.0, 2.0]

  private let services: ReleaseServices
  private let settings: DeadManSettings
  private let alias: String
  private let parallel: Int
  /// The functions whose user was told that their schedule cannot be written.
  private let unarmed = Lock<Set<String>>([])
  /// The names of the functions whose schedule this run has made.
  private let made = Lock<Set<String>>([])

  /// - Returns: nil where no switch is wanted.
  init?(_ services: ReleaseServices, _ settings: DeadManSettings?, alias: String, parallel: Int) {
    guard let settings else { return nil }
    self.services = services
    self.settings = settings
    self.alias = alias
    self.parallel = parallel
  }

  /// Makes the schedules of `members`, which do nothing yet: whoever may not write them is told before any traffic has
  /// moved. One that is there already is left alone: it may be what guards the canary of a run that has died.
  ///
  /// - Throws: ``ReleaseError/aws(_:function:)``.
  func prepare(_ members: [RolloutTarget]) async throws(ReleaseError) {
    let results = await Concurrent.map(members, limit: parallel) { member -> Result<Void, ReleaseError> in
      do throws(AWSError) {
        try await makeIdle(schedule(for: member, isEnabled: false), of: member.functionName)
        return .success(())
      } catch {
        return .failure(Task.isCancelled ? .interrupted : .aws(error, function: member.function))
      }
    }
    for result in results { try result.get() }
  }

  private func makeIdle(_ schedule: Schedule, of functionName: String) async throws(AWSError) {
    do throws(AWSError) {
      try await services.schedules.createSchedule(schedule)
    } catch {
      guard error.conflict != nil else { throw error }
      return
    }
    made.withLock { _ = $0.insert(functionName) }
    // To be allowed to make a schedule is not to be allowed to move it.
    try await patiently { () async throws(AWSError) in try await services.schedules.updateSchedule(schedule) }
  }

  /// Moves the schedules of `members` forward, for their aliases as they were just written. Where that fails the rollout
  /// goes on: it has a living run, and the next heartbeat tries again. Where EventBridge does not answer, the others
  /// are not tried: nothing may keep a run from its next look for long.
  func arm(_ members: [RolloutTarget]) async {
    let isDown = Lock(false)
    _ = await Concurrent.map(members, limit: parallel) { member in
      guard !isDown.withLock({ $0 }) else { return }
      do throws(AWSError) {
        try await put(schedule(for: member, isEnabled: true))
        tellArmed(member.function)
      } catch {
        if case .transport = error { isDown.withLock { $0 = true } }
        tellUnarmed(member.function, error)
      }
    }
  }

  private func tellUnarmed(_ function: String, _ error: AWSError) {
    guard !Task.isCancelled, unarmed.withLock({ $0.insert(function).inserted }) else { return }
    services.report(
      .note(
        function,
        "the dead-man switch could not be moved forward, so that nothing takes the traffic back if this run dies "
          + "before the next heartbeat: \(error)"))
  }

  private func tellArmed(_ function: String) {
    guard unarmed.withLock({ $0.remove(function) != nil }) else { return }
    services.report(.note(function, "the dead-man switch is armed again"))
  }

  /// Removes those of the schedules of `names` that this run has made: others guard what others have begun.
  func withdraw(_ names: [FunctionName]) async {
    let ours = made.withLock { $0 }
    await disarm(names.filter { ours.contains($0.functionName) })
  }

  /// Removes the schedules of `names`: nobody has to look after their rollouts any more. One that stays does nothing
  /// once the alias is written again.
  func disarm(_ names: [FunctionName]) async {
    let failures = await Concurrent.map(names, limit: parallel) { name -> (String, AWSError)? in
      let schedule = DeadManSchedule.name(of: name.functionName, alias: alias)
      do throws(AWSError) {
        try await patiently { () async throws(AWSError) in
          _ = try await services.schedules.deleteSchedule(name: schedule, group: nil)
        }
        return nil
      } catch {
        return (schedule, error)
      }
    }.compactMap { $0 }
    guard let first = failures.first, !Task.isCancelled else { return }
    services.report(
      .note(
        nil,
        "these schedules of EventBridge could not be deleted, and can be deleted by hand: "
          + "\(failures.map(\.0).joined(separator: ", ")): \(first.1)"))
  }

  private func schedule(for member: RolloutTarget, isEnabled: Bool) -> Schedule {
    DeadManSchedule.schedule(
      for: member, alias: alias, at: services.serverTime() + settings.after, settings, isEnabled: isEnabled)
  }

  /// Most writes find the schedule of an earlier one.
  private func put(_ schedule: Schedule) async throws(AWSError) {
    let schedules = services.schedules
    do throws(AWSError) {
      return try await patiently { () async throws(AWSError) in try await schedules.updateSchedule(schedule) }
    } catch {
      guard error.isNotFound else { throw error }
    }
    do throws(AWSError) {
      try await schedules.createSchedule(schedule)
    } catch {
      // Another run has just made it.
      guard error.conflict != nil else { throw error }
      try await patiently { () async throws(AWSError) in try await schedules.updateSchedule(schedule) }
    }
  }

  /// Makes a call again where EventBridge is still at work on the same schedule.
  private func patiently(_ call: () async throws(AWSError) -> Void) async throws(AWSError) {
    for pause in Self.pauses {
      do throws(AWSError) {
        return try await call()
      } catch {
        guard error.conflict != nil else { throw error }
      }
      do { try await services.clock.sleep(for: .seconds(pause)) } catch { break }
    }
    try await call()
  }
}
