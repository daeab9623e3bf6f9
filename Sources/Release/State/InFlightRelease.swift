internal import AWSClient
internal import Core

/// A release under way, as the records in its functions' aliases tell of it. Pure: aliases in, members out.
struct InFlightRelease: Sendable {
  /// One alias of it.
  struct Part: Sendable {
    var member: RolloutTarget
    let alias: AliasConfiguration
  }

  let release: ReleaseID
  /// The functions that are under way.
  var parts: [Part]
  /// How many functions have a record of the release, those that it has ended for included.
  let present: Int
  /// Why some of its functions were taken back; nil where none was.
  let takenBack: RecordReason?
  /// Whether it has come to its good end for some of its functions.
  let hasPassed: Bool

  var members: [RolloutTarget] { parts.map(\.member) }

  var isHeld: Bool { members.contains(where: \.isHeld) }

  /// Whether the rollout may not be promoted by itself: it stands in a pause.
  var isPaused: Bool { members.contains { $0.record.state == .hold(.pause) } }

  /// How many functions the release has, where some of them never had the first weight: the run died before.
  var missing: Int? {
    let count = members.map(\.record.functions).max() ?? 0
    guard present < count, members.allSatisfy({ $0.record.state == .canary && $0.record.step <= 1 }) else {
      return nil
    }
    return count
  }

  /// Whether its only function is a release of its own, although others may carry the same name.
  var standsAlone: Bool { members.count == 1 && members[0].record.functions == 1 }

  /// What goes forward and back together: a release, or one function of a release whose functions stand alone.
  private struct Group: Hashable, Comparable {
    let release: ReleaseID
    let function: String?

    init(_ record: RolloutRecord, of function: String) {
      release = record.release
      self.function = record.functions == 1 ? function : nil
    }

    static func < (a: Group, b: Group) -> Bool {
      (a.release, a.function ?? "") < (b.release, b.function ?? "")
    }
  }

  /// The releases under way among `aliases` that the user has selected, the oldest first.
  ///
  /// - Throws: ``ReleaseError/splitsRelease(release:selected:others:)`` when only a part of one is selected, and
  ///   ``ReleaseError/unreadableRecord(function:alias:reason:)``.
  static func find(
    _ subjects: [RolloutSubject], aliases: [String: AliasConfiguration]
  ) throws(ReleaseError) -> [InFlightRelease] {
    var parts: [Group: [(subject: RolloutSubject, part: Part)]] = [:]
    var present: [Group: Int] = [:]
    var takenBack: [Group: RecordReason] = [:]
    var passed: Set<Group> = []
    for subject in subjects {
      guard let alias = aliases[subject.name.function] else { continue }
      let content = RolloutRecord.decode(alias.description)
      if subject.isSelected, let reason = content.unreadable {
        throw .unreadableRecord(function: subject.name.function, alias: alias.name, reason: reason)
      }
      guard let record = content.record else { continue }
      let group = Group(record, of: subject.name.function)
      present[group, default: 0] += 1
      if case .rolledBack(let reason) = record.state { takenBack[group] = reason }
      if record.state == .idle { passed.insert(group) }
      guard record.state.isUnderWay, let canary = record.canary else { continue }
      let member = RolloutTarget(
        function: subject.name.function, functionName: subject.name.functionName,
        stable: record.stable ?? alias.functionVersion, canary: canary, isSmoked: subject.isSmoked,
        userText: content.userText, record: record, revisionID: alias.revisionIfKnown)
      parts[group, default: []].append((subject, Part(member: member, alias: alias)))
    }
    var rollouts: [InFlightRelease] = []
    for (group, parts) in parts.sorted(by: { $0.key < $1.key }) {
      let selected = parts.filter(\.subject.isSelected).map(\.subject.name.function)
      guard !selected.isEmpty else { continue }
      guard selected.count == parts.count else {
        throw .splitsRelease(
          release: group.release.description, selected: selected.sorted(),
          others: parts.filter { !$0.subject.isSelected }.map(\.subject.name.function).sorted())
      }
      rollouts.append(
        InFlightRelease(
          release: group.release, parts: parts.map(\.part), present: present[group] ?? 0,
          takenBack: takenBack[group], hasPassed: passed.contains(group)))
    }
    return rollouts
  }

  /// Makes sure that `plan` is the one that the rollout was begun with, as far as the records can tell: by another
  /// one it could skip a step.
  ///
  /// - Throws: ``ReleaseError/otherSteps(function:rollout:plan:)``.
  func check(_ plan: StepPlan) throws(ReleaseError) {
    guard !members.contains(where: { [.bake, .commit].contains($0.record.state) }) else { return }
    for member in members {
      let record = member.record
      if record.steps == plan.steps.count, plan.steps.indices.contains(record.step - 1),
        case .traffic(let weight, _) = plan.steps[record.step - 1],
        WeightChange(minute: 0, weight: weight).weight == record.weight
      {
        continue
      }
      throw .otherSteps(
        function: member.function,
        rollout: "step \(record.step) of \(record.steps) at \(record.weight?.description ?? "0%")",
        plan: plan.description)
    }
  }
}
