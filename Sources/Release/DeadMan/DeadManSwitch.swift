internal import AWSClient
internal import Core

/// Keeps a schedule beside each alias under way that takes its traffic back, and moves it forward for as long as
/// somebody looks after the rollout.
///
/// The schedule knows the alias's `RevisionId`, which every write of the alias changes: each write is followed by one of
/// the schedule. A run that dies between the two leaves a schedule that does nothing, and a record that the next run
/// goes on from, as without a switch.
struct DeadManSwitch: Sendable {
  private let schedules: any ScheduleWriting
  private let settings: DeadManSettings
  private let alias: String
  private let parallel: Int
  private let serverTime: @Sendable () -> Timestamp
  private let report: @Sendable (ReleaseEvent) -> Void
  /// The functions whose user was told that their schedule cannot be written.
  private let told = Lock<Set<String>>([])

  /// - Returns: nil where no switch is wanted.
  init?(_ services: ReleaseServices, _ settings: DeadManSettings?, alias: String, parallel: Int) {
    guard let settings else { return nil }
    schedules = services.schedules
    self.settings = settings
    self.alias = alias
    self.parallel = parallel
    serverTime = services.serverTime
    report = services.report
  }

  /// Makes the schedules of `members`, which do nothing yet: whoever may not write them is told before any traffic has
  /// moved.
  ///
  /// - Throws: ``ReleaseError/aws(_:function:)``.
  func prepare(_ members: [Member]) async throws(ReleaseError) {
    let results = await Concurrent.map(members, limit: parallel) { member -> Result<Void, ReleaseError> in
      do throws(AWSError) {
        try await put(schedule(for: member, isEnabled: false))
        return .success(())
      } catch {
        return .failure(Task.isCancelled ? .interrupted : .aws(error, function: member.function))
      }
    }
    for result in results { try result.get() }
  }

  /// Moves the schedule of `member` forward, for the alias as it was just written. Where that fails the rollout goes on:
  /// it has a living run, and the next heartbeat tries again.
  func arm(_ member: Member) async {
    do throws(AWSError) {
      try await put(schedule(for: member, isEnabled: true))
    } catch {
      guard !Task.isCancelled, told.withLock({ $0.insert(member.function).inserted }) else { return }
      report(.note(member.function, "the dead-man switch could not be moved forward: \(error)"))
    }
  }

  /// Moves the schedules of `members` forward.
  func arm(_ members: [Member]) async {
    _ = await Concurrent.map(members, limit: parallel) { await arm($0) }
  }

  /// Removes the schedules of `names`: their rollouts have come to an end, or wait for a person. One that stays does
  /// nothing, because the alias has been written since.
  func disarm(_ names: [FunctionName]) async {
    let failures = await Concurrent.map(names, limit: parallel) { name -> AWSError? in
      do throws(AWSError) {
        try await schedules.deleteSchedule(
          name: DeadManSchedule.name(of: name.functionName, alias: alias), group: nil)
        return nil
      } catch {
        return error
      }
    }
    guard let first = failures.compactMap({ $0 }).first else { return }
    report(.note(nil, "dead-man schedules are left behind, and will do nothing: \(first)"))
  }

  private func schedule(for member: Member, isEnabled: Bool) -> Schedule {
    DeadManSchedule.schedule(
      for: member, alias: alias, at: serverTime() + settings.after, settings, isEnabled: isEnabled)
  }

  /// Most writes find the schedule of an earlier one.
  private func put(_ schedule: Schedule) async throws(AWSError) {
    do throws(AWSError) {
      return try await schedules.updateSchedule(schedule)
    } catch {
      guard error.isNotFound else { throw error }
    }
    try await schedules.createSchedule(schedule)
  }
}
