extension Observation {
  /// What the verdict means for the rollout.
  var finding: RolloutMachine.Finding { verdict.verdict.finding }
}

extension Verdict {
  /// What the verdict means for the rollout.
  var finding: RolloutMachine.Finding {
    switch kind {
    case .pass: .pass
    case .watching, .extend: .watch
    case .hold: .hold(reason)
    case .rollback: .rollback
    }
  }

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
