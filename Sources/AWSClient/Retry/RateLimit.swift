/// Which of the account's limits a call counts against.
enum RateLane: Hashable, Sendable, CaseIterable {
  /// Lambda's GetFunction: 100 a second of its own.
  case getFunction
  /// All else of Lambda's control plane together: 15 a second, reads included.
  case lambdaControl
  /// CloudWatch's GetMetricData: 50 a second.
  case metrics
  /// API Gateway's control plane, versions 1 and 2 together: 10 a second, of which this client leaves others some.
  case apiGateway
  /// API Gateway's CreateDeployment: 1 in 5 seconds.
  case apiDeployments
  /// EventBridge's rules and targets: 20 a second.
  case eventBridge
  /// Scheduler's schedules and groups: 20 a second.
  case scheduler
  /// SNS's topics and subscriptions: 20 a second.
  case sns
  /// Limits that this client does not come near, or that only the service can know.
  case unlimited

  /// Requests a second for an account in a region.
  var limit: Double? {
    switch self {
    case .getFunction: 100
    case .lambdaControl: 15
    case .metrics: 50
    case .apiGateway: 8
    case .apiDeployments: 0.2
    case .eventBridge, .scheduler, .sns: 20
    case .unlimited: nil
    }
  }
}

/// Who goes first when calls have to wait.
package enum RequestPriority: Int, Sendable, Comparable {
  /// Waits its turn.
  case normal
  /// Before everything else: traffic is being taken back.
  case rollback

  /// Orders by urgency.
  package static func < (a: RequestPriority, b: RequestPriority) -> Bool { a.rawValue < b.rawValue }
}
