internal import AWSClient
internal import Core

/// The alarms the user listed, as they were when this run began, and how they stand now.
///
/// An alarm has a say only if it was not in ALARM at the start: else nobody could release the fix for what it warns of.
struct AlarmWatch: Sendable {
  /// How the alarms stand, or why nobody knows.
  enum Reading: Sendable {
    case states([AlarmState])
    case unknown(reason: String)
  }

  private let alarms: any AlarmReading
  private let names: [String]
  private let wereQuiet: Set<String>

  /// Reads the alarms before there is any traffic.
  ///
  /// - Returns: nil without alarms.
  /// - Throws: ``ReleaseError/unknownAlarms(names:)`` and ``ReleaseError/aws(_:function:)``.
  static func begin(
    _ names: [String], with alarms: any AlarmReading, report: @Sendable (ReleaseEvent) -> Void
  ) async throws(ReleaseError) -> AlarmWatch? {
    guard !names.isEmpty else { return nil }
    let states: [AlarmState]
    do throws(AWSError) {
      states = try await alarms.describeAlarms(names: names)
    } catch {
      throw Task.isCancelled ? .interrupted : .aws(error, function: nil)
    }
    let found = Set(states.map(\.name))
    let missing = names.filter { !found.contains($0) }
    guard missing.isEmpty else { throw .unknownAlarms(names: missing) }
    for state in states where state.state != "OK" {
      let meaning =
        state.isInAlarm
        ? "is in ALARM already; it has no say in this release unless it ends and goes off again"
        : "is in \(state.state); it has a say in this release once it is in ALARM"
      report(.note(nil, "the alarm \(state.name) \(meaning)"))
    }
    return AlarmWatch(
      alarms: alarms, names: names, wereQuiet: Set(states.filter { !$0.isInAlarm }.map(\.name)))
  }

  /// How the alarms stand now: one call, for all functions of the release.
  func read() async -> Reading {
    do throws(AWSError) {
      let states = try await alarms.describeAlarms(names: names)
      let found = Set(states.map(\.name))
      if let gone = names.first(where: { !found.contains($0) }) {
        return .unknown(reason: "the alarm \(gone) does not exist any more")
      }
      return .states(states)
    } catch {
      return .unknown(reason: "the alarms cannot be read: \(error)")
    }
  }

  /// What `states` say of a rollout that began at `start`. A later run of the same rollout finds an alarm in ALARM
  /// that changed after the first weight: it was not in ALARM before.
  func evidence(_ states: [AlarmState], since start: Timestamp?) -> [AlarmEvidence] {
    states.map { state in
      let began = if state.isInAlarm, let start, let since = state.since { since >= start } else { false }
      return AlarmEvidence(
        name: state.name, wasOK: wereQuiet.contains(state.name) || began, isInAlarm: state.isInAlarm,
        since: state.since)
    }
  }
}

extension AlarmState {
  fileprivate var isInAlarm: Bool { state == "ALARM" }
}
