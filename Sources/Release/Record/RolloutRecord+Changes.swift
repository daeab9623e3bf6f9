package import Core

// How one record follows from another. What must outlive a release, the bad mark above all, is kept here.
extension RolloutRecord {
  /// The record of the next `release`: it knows what serves, the good version before it and the bad one.
  package func succeeded(by release: ReleaseID, state: RolloutState) -> RolloutRecord {
    var record = RolloutRecord(release: release, state: state)
    record.stable = stable
    record.previous = previous
    record.badVersions = badVersions
    return record
  }

  /// This record with the canary at `weight` since `moment` of AWS's clock; the first weight starts the clock.
  package func shifted(to weight: Weight, step: Int, at moment: Timestamp) -> RolloutRecord {
    var record = self
    let start = started ?? Timestamp(seconds: moment.seconds.rounded(.down))
    record.state = .canary
    record.started = start
    record.step = step
    record.history.append(WeightChange(at: moment, since: start, weight: weight))
    return record
  }

  /// This record with all traffic on the canary since `moment`: the stable version is the way back.
  package func baking(at moment: Timestamp) -> RolloutRecord {
    var record = shifted(to: .all, step: step, at: moment)
    record.state = .bake
    record.previous = stable
    return record
  }

  /// This record after the release is through: the canary is what serves, the old stable version the way back.
  package func finished() -> RolloutRecord {
    var record = settled(.idle)
    if let canary {
      record.previous = stable
      record.stable = canary
      // It was tried again and has proved itself.
      record.absolve(canary)
      record.canary = nil
    }
    return record
  }

  /// This record after the traffic went back.
  ///
  /// While a canary is known, it goes back to the stable version; else from the version that serves to the good one
  /// before it. The version that lost its traffic becomes the bad one if the reason blames it.
  ///
  /// - Parameter target: the version to go back to instead.
  package func rolledBack(for reason: RecordReason, to target: String? = nil) -> RolloutRecord {
    var record = settled(.rolledBack(reason))
    let suspect = canary ?? stable
    record.stable = target ?? (canary == nil ? previous ?? stable : stable)
    record.canary = reason.blamesVersion ? nil : suspect
    if reason.blamesVersion, let suspect { record.blame(suspect) }
    // A second rollback is no way back to where the first came from.
    if record.previous == record.stable { record.previous = nil }
    return record
  }

  private func settled(_ state: RolloutState) -> RolloutRecord {
    var record = self
    record.state = state
    record.history = []
    record.started = nil
    record.leaseEnd = nil
    return record
  }
}
