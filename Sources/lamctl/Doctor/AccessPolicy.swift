internal import Core
internal import Packager

/// The least that IAM must allow for an environment, as policy documents.
struct AccessPolicy: Sendable {
  /// `aws`, or another partition.
  let partition: String
  let region: String
  /// 12 digits, or `*` where nobody knows it.
  let account: String
  /// Names of the Lambda functions.
  let functions: [String]
  /// Names of the layers that the repository makes.
  var layers: [String] = []
  /// The repositories that container images go to.
  var images: [ImageRepository] = []
  /// ARNs of their execution roles; `*` for one that the configuration does not state.
  let roles: [String]
  /// ARN of the role that EventBridge Scheduler assumes; nil without a dead-man switch.
  let deadManRole: String?
  /// ARN of the role that schedules take previews away with; nil without one.
  var previewRole: String?
  let bucket: String?
  /// Where machines share what builds have made, as `bucket/prefix`; nil without such a place.
  var cache: String?
  /// Paths of SSM parameters.
  let parameters: [String]

  /// From so many functions on their common beginning stands for them: a policy has room for 6,144 characters
  /// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
  private static let longestList = 20

  /// The document that allows these operations and nothing else.
  func document(allowing operations: [Operation]) -> JSON {
    var actions: [Operation.Scope: [String]] = [:]
    var order: [Operation.Scope] = []
    for operation in operations {
      if actions[operation.scope] == nil { order.append(operation.scope) }
      if actions[operation.scope]?.contains(operation.action) != true {
        actions[operation.scope, default: []].append(operation.action)
      }
    }
    let statements = order.map { scope -> JSON in
      var statement = JSONObject([
        ("Sid", .string(Self.id(scope))), ("Effect", "Allow"),
        ("Action", .array((actions[scope] ?? []).sorted().map(JSON.string))),
        ("Resource", .array(resources(scope).map(JSON.string))),
      ])
      if let service = Self.passedTo(scope) {
        statement["Condition"] = ["StringEquals": ["iam:PassedToService": .string(service)]]
      }
      return .object(statement)
    }
    return ["Version": "2012-10-17", "Statement": .array(statements)]
  }

  private static func id(_ scope: Operation.Scope) -> String {
    switch scope {
    case .functions: "Functions"
    case .layers: "Layers"
    case .images: "Images"
    case .everything: "WithoutResources"
    case .logGroups: "Logs"
    case .parameters: "Parameters"
    case .schedules: "Schedules"
    case .packages: "Packages"
    case .cachedBuilds: "Cache"
    case .cacheBucket: "CacheBucket"
    case .roles: "ExecutionRoles"
    case .deadManRole: "DeadManRole"
    case .edges: "Triggers"
    case .scheduleRoles: "ScheduleRoles"
    case .previewRole: "PreviewRole"
    }
  }

  private static func passedTo(_ scope: Operation.Scope) -> String? {
    switch scope {
    case .roles: "lambda.amazonaws.com"
    case .deadManRole, .scheduleRoles, .previewRole: "scheduler.amazonaws.com"
    default: nil
    }
  }

  private func resources(_ scope: Operation.Scope) -> [String] {
    func arn(_ service: String, _ rest: String) -> String {
      "arn:\(partition):\(service):\(region):\(account):\(rest)"
    }
    switch scope {
    case .functions:
      return names.flatMap { name in
        // A name that ends with the wildcard has the qualifiers in it.
        [arn("lambda", "function:\(name)")]
          + (name.hasSuffix("*") ? [] : [arn("lambda", "function:\(name):*")])
      }
    case .layers:
      return layers.flatMap { [arn("lambda", "layer:\($0)"), arn("lambda", "layer:\($0):*")] }
    case .images: return imageARNs
    case .everything, .edges: return ["*"]
    case .scheduleRoles: return ["arn:\(partition):iam::\(account):role/*"]
    case .logGroups: return names.map { arn("logs", "log-group:/aws/lambda/\($0):*") }
    case .parameters: return parameters.map { arn("ssm", "parameter\($0.hasPrefix("/") ? "" : "/")\($0)") }
    case .schedules: return [arn("scheduler", "schedule/default/lamctl-*")]
    case .packages: return bucket.map { ["arn:\(partition):s3:::\($0)/lamctl/*"] } ?? []
    case .cachedBuilds: return cache.map { ["arn:\(partition):s3:::\($0)/*"] } ?? []
    case .cacheBucket: return cache.map { ["arn:\(partition):s3:::\($0.prefix { $0 != "/" })"] } ?? []
    case .roles: return roles.isEmpty ? ["arn:\(partition):iam::\(account):role/*"] : roles
    case .deadManRole: return deadManRole.map { [$0] } ?? []
    case .previewRole: return previewRole.map { [$0] } ?? []
    }
  }

  private var names: [String] { Self.shortened(functions, atLeast: 3) }

  /// A repository may be another account's.
  private var imageARNs: [String] {
    let owners = images.compactMap { image -> (owner: String, name: String)? in
      guard case .ecr(let account, let region) = image.registry else { return nil }
      return ("arn:\(partition):ecr:\(region):\(account):repository/", image.name)
    }
    guard !owners.isEmpty else { return ["arn:\(partition):ecr:\(region):\(account):repository/*"] }
    return Dictionary(grouping: owners, by: \.owner).sorted { $0.key < $1.key }.flatMap { owner, images in
      Self.shortened(Array(Set(images.map(\.name))), atLeast: 0).map { owner + $0 }
    }
  }

  /// Names in order; very many of them as their common beginning with a wildcard, if that is of so many characters.
  private static func shortened(_ names: [String], atLeast least: Int) -> [String] {
    guard names.count > longestList, let first = names.min(), let last = names.max() else {
      return names.sorted()
    }
    let common = zip(first, last).prefix { $0 == $1 }.count
    return common < least ? names.sorted() : ["\(first.prefix(common))*"]
  }
}
