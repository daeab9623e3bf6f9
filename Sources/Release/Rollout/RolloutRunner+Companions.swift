internal import AWSClient
internal import Core

// The aliases that go with those of the release.
extension RolloutRunner {
  /// Lets the companions of canaries that have had no weight yet name them: who calls such an alias tries a version before
  /// anybody else gets it.
  ///
  /// - Returns: nil where all do.
  mutating func leadCompanions() async -> RolloutMachine.Event? {
    guard let companions else { return nil }
    let first = targets.filter { $0.foreign == nil && !$0.isExposed }
    guard !first.isEmpty else { return nil }
    let failures = await companions.point(
      first.map { target in
        CompanionWriter.Wish(
          name: target.name,
          versions: CompanionVersions(canary: target.canary, stable: target.stable),
          premise: target.known.present.description)
      })
    guard !failures.isEmpty else { return nil }
    for failure in failures where !Task.isCancelled {
      journal.tell(.failed(failure.function, failure.error))
    }
    return .failed
  }

  /// Lets the companions of `passed` name what was promoted, before their records say that nothing is left to do: a run
  /// that dies in between leaves them to the next.
  ///
  /// - Returns: nil where the records may say so.
  mutating func followCompanions(_ passed: [RolloutTarget]) async -> RolloutMachine.Event? {
    guard let companions else { return nil }
    let wishes = passed.map { target in
      CompanionWriter.Wish(
        name: target.name, versions: CompanionVersions(all: target.canary),
        premise: target.known.present.description)
    }
    var event: RolloutMachine.Event?
    for failure in await Task(operation: { await companions.point(wishes) }).value {
      // The write of the record finds out whose the release is by now.
      if case .overtaken = failure.error { continue }
      if failure.error.isLasting {
        journal.tell(.warning(failure.function, "a companion stays as it is: \(failure.error)"))
      } else {
        failures[failure.function] = failure.error
        event = .failed
      }
    }
    return event
  }

  /// Puts the companions right of whatever has gone back, has never begun, or is another run's.
  func settleCompanions(_ end: RolloutMachine.End) async {
    guard let companions else { return }
    // What this run has written it knows; of all else only the aliases tell what is right by now.
    let others = targets.filter { target in
      target.foreign != nil || end == .lost || (end != .promoted && !target.isExposed && !target.isOurs)
    }
    let back = targets.filter { target in
      end != .promoted && !target.isExposed && !others.contains { $0.function == target.function }
    }
    let wishes = back.compactMap { target in
      CompanionVersions(target.record).map {
        CompanionWriter.Wish(name: target.name, versions: $0, premise: target.known.present.description)
      }
    }
    let names = others.map(\.name)
    // The run may have been told to stop.
    let failed = await Task { await companions.point(wishes) + companions.settle(names) }.value
    for failure in failed {
      journal.tell(
        .warning(failure.function, "a companion stays as it is until the next run: \(failure.error)"))
    }
  }
}

extension ReleaseError {
  /// Whether a further run would meet it too.
  fileprivate var isLasting: Bool {
    switch self {
    case .foreignAlias: true
    case .aws(let error, _): error.isPermission
    default: false
    }
  }
}
