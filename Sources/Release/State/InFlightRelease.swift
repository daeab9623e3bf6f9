internal import AWSClient
internal import Core

/// A release under way, as the records in its functions' aliases tell of it. Pure: aliases in, targets out.
struct InFlightRelease: Sendable {
  let release: ReleaseID
  /// The functions that are under way, with their aliases as they were read.
  var targets: [RolloutTarget]
  /// How many functions have a record of the release, those that it has ended for included.
  let present: Int
  /// Why some of its functions were taken back; nil where none was.
  let takenBack: RecordReason?
  /// Whether it has come to its good end for some of its functions.
  let hasPassed: Bool
  /// The functions whose aliases somebody has moved by hand since: they are left as they stand.
  let moved: [String: AliasMove]

  /// Whether it waits for a person.
  var isHeld: Bool { targets.contains(where: \.isHeld) }

  /// Whether the rollout may not be promoted by itself: it stands in a pause.
  var isPaused: Bool { targets.contains { $0.record.state == .hold(.pause) } }

  /// Why all of it goes back before anything else: part of it has gone already; nil where nothing asks for that.
  var reasonToGoBack: RecordReason? {
    if let takenBack { return takenBack.blamesVersion ? .peer : takenBack }
    return moved.isEmpty || hasPassed ? nil : .peer
  }

  /// How many functions the release has, where some of them never had the first weight: the run died before.
  var missing: Int? {
    let count = targets.map(\.record.functions).max() ?? 0
    guard present < count, targets.allSatisfy({ $0.record.state == .canary && $0.record.step <= 1 }) else {
      return nil
    }
    return count
  }

  /// Whether its only function is a release of its own, although others may carry the same name.
  var standsAlone: Bool { targets.count == 1 && targets[0].record.functions == 1 }

  /// What goes forward and back together: a release, or one function of a release whose functions stand alone.
  fileprivate struct Group: Hashable, Comparable {
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

  /// What the aliases of one group say.
  fileprivate struct Members {
    var targets: [(target: RolloutTarget, isSelected: Bool)] = []
    var present = 0
    var takenBack: RecordReason?
    var hasPassed = false
    var moved: [String: AliasMove] = [:]
  }

  /// The releases under way among `aliases` that the user has selected, the oldest first.
  ///
  /// - Throws: ``ReleaseError/splitsRelease(release:selected:others:)`` when only a part of one is selected, and
  ///   ``ReleaseError/unreadableRecord(function:alias:reason:)``.
  static func find(
    _ subjects: [RolloutSubject], aliases: [String: AliasSnapshot]
  ) throws(ReleaseError) -> [InFlightRelease] {
    var groups: [Group: Members] = [:]
    for subject in subjects {
      guard let snapshot = aliases[subject.name.function] else { continue }
      if subject.isSelected, let reason = snapshot.content.unreadable {
        throw .unreadableRecord(function: subject.name.function, alias: snapshot.alias.name, reason: reason)
      }
      guard let record = snapshot.record else { continue }
      groups[Group(record, of: subject.name.function), default: Members()].take(subject, snapshot, record)
    }
    var releases: [InFlightRelease] = []
    for (group, members) in groups.sorted(by: { $0.key < $1.key }) {
      let selected = members.targets.filter(\.isSelected).map(\.target.function)
      guard !selected.isEmpty else { continue }
      guard selected.count == members.targets.count else {
        throw .splitsRelease(
          release: group.release.description, selected: selected.sorted(),
          others: members.targets.filter { !$0.isSelected }.map(\.target.function).sorted())
      }
      releases.append(
        InFlightRelease(
          release: group.release, targets: members.targets.map(\.target), present: members.present,
          takenBack: members.takenBack, hasPassed: members.hasPassed, moved: members.moved))
    }
    return releases
  }

  /// Makes sure that `plan` is the one that the rollout was begun with, as far as the records can tell: by another
  /// one it could skip a step.
  ///
  /// - Throws: ``ReleaseError/otherSteps(function:rollout:plan:)``.
  func check(_ plan: StepPlan) throws(ReleaseError) {
    guard let target = target(besides: plan) else { return }
    let record = target.record
    throw .otherSteps(
      function: target.function,
      rollout: "step \(record.step) of \(record.steps) at \(record.weight?.description ?? "0%")",
      plan: plan.description)
  }

  /// What is known of the plan that the rollout was begun with, where it was not `plan`: the step under way, of which
  /// nobody knows how long it lasts; nil where it may have been `plan`.
  func recorded(besides plan: StepPlan) -> StepPlan? {
    guard let record = target(besides: plan)?.record, let weight = record.weight else { return nil }
    return StepPlan(standingAt: weight, step: record.step, of: record.steps)
  }

  /// A function whose rollout was begun with another plan.
  private func target(besides plan: StepPlan) -> RolloutTarget? {
    guard !targets.contains(where: \.isDecided) else { return nil }
    return targets.first { !$0.record.fits(plan) }
  }
}

extension InFlightRelease.Members {
  fileprivate mutating func take(
    _ subject: RolloutSubject, _ snapshot: AliasSnapshot, _ record: RolloutRecord
  ) {
    present += 1
    if case .rolledBack(let reason) = record.state { takenBack = reason }
    if record.state == .idle { hasPassed = true }
    guard record.state.isUnderWay, let canary = record.canary else { return }
    if let move = snapshot.move {
      moved[subject.name.function] = move
      return
    }
    let target = RolloutTarget(
      name: subject.name, stable: record.stable ?? snapshot.version, canary: canary,
      isSmoked: subject.isSmoked, userText: snapshot.content.userText, record: record,
      known: KnownAlias(snapshot))
    targets.append((target, subject.isSelected))
  }
}
