internal import Core

/// The records that a rollout may come to write, the longest of each kind.
struct RecordForecast {
  /// Whoever goes on with the rollout writes a name of its own; one that does not fit shrinks to a mark, as this does.
  private static let anyOwner = RecordOwner("whoever-goes-on-with-it")

  let settings: ReleaseSettings
  let functions: Int

  /// As much of the user's text as every record of the rollout leaves room for.
  func room(of member: RolloutTarget, at now: Timestamp) -> String {
    guard !member.userText.isEmpty else { return "" }
    let records = records(of: member, at: now)
    var kept = member.userText
    while !kept.isEmpty, !records.allSatisfy({ $0.encoded(userText: kept).keepsUserText }) {
      kept.removeLast()
    }
    return kept
  }

  /// As much of it as also the longest records of later releases leave room for, so that it is cut once.
  func lastingRoom(of member: RolloutTarget, at now: Timestamp) -> String {
    guard room(of: member, at: now) != member.userText else { return member.userText }
    var member = member
    let missing = RolloutRecord.longestMemory - member.record.badVersions.count
    member.record.badVersions += Array(repeating: member.canary, count: max(0, missing))
    return room(of: member, at: now)
  }

  /// The records of `member` in every state of its rollout, as if each step took as long as it may.
  func records(of member: RolloutTarget, at now: Timestamp) -> [RolloutRecord] {
    var member = member
    var moment = now
    var records: [RolloutRecord] = []
    func add(_ record: RolloutRecord) {
      var record = record
      record.owner = Self.anyOwner
      record.functions = functions
      if record.state.isUnderWay, !record.state.isHold {
        record.leaseEnd = moment + RolloutRecord.leaseLength
      }
      records.append(record)
      member.record = record
    }
    let steps = settings.plan.steps
    for (index, step) in steps.enumerated() {
      guard case .traffic(let weight, let duration) = step else { continue }
      add(member.shifted(to: weight, step: index, of: steps.count, at: moment))
      records.append(member.held(for: .noMetrics))
      records.append(member.record.rolledBack(for: .superseded))
      moment = moment + duration + settings.maxWait
    }
    let bakes = settings.bake > .zero
    add(member.promoted(bakes: bakes, commits: functions > 1, at: moment))
    records.append(member.record.rolledBack(for: .person))
    records.append(member.finished())
    return records
  }
}
