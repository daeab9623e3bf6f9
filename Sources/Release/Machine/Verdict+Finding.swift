extension Observation {
  /// What the verdict means for the rollout.
  var finding: RolloutMachine.Finding {
    let whole = verdict.verdict
    return switch whole.kind {
    case .pass: .pass
    case .watching, .extend: .watch
    case .hold: .hold(whole.reason)
    case .rollback: .rollback(whole.reason, culprit: verdict.culprit)
    }
  }
}

extension Verdict {
  /// The word for it in a record.
  var reason: RecordReason {
    switch cause {
    case .none: .person
    case .errors: .errors
    case .limit: .limit
    case .alarm: .alarm
    case .metric: .metric
    case .latency: .latency
    case .noMetrics: .noMetrics
    case .environment: .environment
    case .lowTraffic: .lowTraffic
    }
  }
}
