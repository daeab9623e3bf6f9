/// A service of AWS that this client speaks to.
package enum AWSService: String, Sendable, CaseIterable {
  /// Functions.
  case lambda
  /// Metrics and alarms.
  case cloudWatch
  /// Log events.
  case logs
  /// Objects.
  case s3
  /// Identities.
  case sts
  /// Parameters.
  case ssm
  /// Schedules.
  case scheduler
  /// HTTP APIs.
  case apiGateway
  /// Rules of event buses.
  case eventBridge
  /// Topics.
  case sns
  /// Queues.
  case sqs
  /// Container images.
  case ecr
  /// Sign-in sessions.
  case sso
  /// Tokens of sign-in sessions.
  case ssoOIDC

  /// The name that users know.
  package var name: String {
    switch self {
    case .lambda: "Lambda"
    case .cloudWatch: "CloudWatch"
    case .logs: "CloudWatch Logs"
    case .s3: "S3"
    case .sts: "STS"
    case .ssm: "SSM"
    case .scheduler: "EventBridge Scheduler"
    case .apiGateway: "API Gateway"
    case .eventBridge: "EventBridge"
    case .sns: "SNS"
    case .sqs: "SQS"
    case .ecr: "ECR"
    case .sso: "IAM Identity Center"
    case .ssoOIDC: "IAM Identity Center OIDC"
    }
  }

  /// The name in a signature's scope; also the prefix of IAM actions but for CloudWatch.
  var signingName: String {
    switch self {
    case .cloudWatch: "monitoring"
    case .apiGateway: "apigateway"
    case .eventBridge: "events"
    case .sso: "awsssoportal"
    case .ssoOIDC: "sso-oauth"
    default: rawValue
    }
  }

  /// The first label of the host name.
  var hostLabel: String {
    switch self {
    case .ecr: "api.ecr"
    case .cloudWatch: "monitoring"
    case .apiGateway: "apigateway"
    case .eventBridge: "events"
    case .sso: "portal.sso"
    case .ssoOIDC: "oidc"
    default: rawValue
    }
  }

  /// The prefix of its actions in IAM policies.
  var actionPrefix: String {
    switch self {
    case .cloudWatch: "cloudwatch"
    case .apiGateway: "apigateway"
    case .eventBridge: "events"
    case .sso, .ssoOIDC: "sso"
    default: rawValue
    }
  }

  /// Its key in a `[services]` section; upper-cased, the end of `AWS_ENDPOINT_URL_…`.
  var endpointKey: String {
    switch self {
    case .cloudWatch: "cloudwatch"
    case .eventBridge: "eventbridge"
    case .logs: "cloudwatch_logs"
    case .apiGateway: "apigatewayv2"
    case .ssoOIDC: "sso_oidc"
    default: rawValue
    }
  }
}
