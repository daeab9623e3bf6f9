internal import AWSClient
internal import Release

extension RunEnding {
  /// What the exit code of a run depends on, read off its report.
  ///
  /// - Parameters:
  ///   - isRollback: whether going back is what was asked for.
  ///   - goesOn: whether to leave the weights on their way is what was asked for.
  init(_ report: ReleaseReport, signal: Interruption.Signal?, isRollback: Bool, goesOn: Bool) {
    let cause = report.error.map { Cause($0) }
    serving = isRollback ? Self.servingAfterRollback(report) : Self.serving(report)
    self.cause = cause
    self.signal = report.wasInterrupted ? signal : nil
    let failed = report.functions.contains { $0.outcome == .failed }
    didAsAsked =
      isRollback
      ? !failed && report.error == nil
      : report.outcome == .detached && (goesOn || report.wasInterrupted) && !report.isPartial
  }

  private static func serving(_ report: ReleaseReport) -> Serving {
    if report.isPartial { return .mixed }
    if let error = report.error, error.isAnotherRun { return .anotherRun }
    if report.isInDoubt { return .underWay }
    switch report.outcome {
    case .unchanged, .updated, .published: return .nothingMoved
    case .failed: return report.hasMovedTraffic ? .asBefore : .nothingMoved
    case .promoted: return .everythingNew
    case .rolledBack: return .allBack
    case .held, .detached: return .underWay
    }
  }

  private static func servingAfterRollback(_ report: ReleaseReport) -> Serving {
    let outcomes = Set(report.functions.map(\.outcome))
    if outcomes.isSuperset(of: [.failed, .rolledBack]) { return .mixed }
    if let error = report.error, error.isAnotherRun { return .anotherRun }
    if report.isInDoubt { return .underWay }
    return outcomes.contains(.rolledBack) ? .allBack : .nothingMoved
  }
}

extension ReleaseReport {
  /// Whether an alias reads otherwise than it was set.
  fileprivate var isInDoubt: Bool {
    if case .notTakenBack = error { true } else { false }
  }
}

extension RunEnding.Cause {
  init(_ error: ReleaseError) {
    switch error {
    case .aws(let cause, _): self = cause.isCredentials || cause.isPermission ? .permission : .other
    case .package(let failure):
      switch failure.kind {
      case .configuration: self = .configuration
      case .gate: self = .gate
      case .other: self = .other
      }
    case .edge(_, let isBefore): self = isBefore ? .other : .edge
    case .smokeFailed, .hookFailed: self = .gate
    case .otherSteps, .splitsRelease: self = .usage
    case .unknownAlarms: self = .configuration
    default: self = .other
    }
  }
}

extension ReleaseError {
  /// Whether another run has what this one wanted.
  var isAnotherRun: Bool {
    switch self {
    case .owned, .standing, .takenOver, .overtaken, .changedMeanwhile: true
    default: false
    }
  }
}
