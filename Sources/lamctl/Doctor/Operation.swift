internal import Triggers

/// An operation of AWS that lamctl calls, and what an IAM policy must allow for it.
struct Operation: Hashable, Sendable {
  /// What the action is allowed on.
  enum Scope: Hashable, Sendable {
    /// The functions of the environment, with their versions and aliases.
    case functions
    /// Everything: the action knows no resources, or lists them all.
    case everything
    /// The layers that the repository makes, with their versions.
    case layers
    /// The repositories of ECR that container images go to.
    case images
    /// The functions' log groups.
    case logGroups
    /// The SSM parameters that the configuration refers to.
    case parameters
    /// The schedules of the dead-man switch.
    case schedules
    /// The objects in the bucket for packages.
    case packages
    /// The execution roles of the functions.
    case roles
    /// The role that EventBridge Scheduler assumes.
    case deadManRole
    /// What triggers are made of: mappings, rules, schedules, topics, APIs and buckets.
    case edges
    /// The roles that schedules call functions with.
    case scheduleRoles
    /// The role that schedules take previews away with.
    case previewRole
  }

  /// As AWS names the operation: `Invoke`.
  let name: String
  /// As IAM names the action: `lambda:InvokeFunction`.
  let action: String
  let scope: Scope

  init(_ name: String, _ action: String, _ scope: Scope) {
    self.name = name
    self.action = action
    self.scope = scope
  }

  /// An operation of Lambda that is called as its action is.
  private static func lambda(_ name: String, on scope: Scope = .functions) -> Operation {
    Operation(name, "lambda:\(name)", scope)
  }

  static let getFunction = lambda("GetFunction")
  static let getAlias = lambda("GetAlias")
  static let listFunctions = lambda("ListFunctions", on: .everything)
  static let listVersions = lambda("ListVersionsByFunction")
  static let listAliases = lambda("ListAliases")
  static let getPolicy = lambda("GetPolicy")
  static let listMappings = lambda("ListEventSourceMappings", on: .everything)
  static let getURL = lambda("GetFunctionUrlConfig")
  static let deleteURL = lambda("DeleteFunctionUrlConfig")
  static let getProvisioned = lambda("GetProvisionedConcurrencyConfig")
  static let getAccountSettings = lambda("GetAccountSettings", on: .everything)
  static let createFunction = lambda("CreateFunction")
  static let updateCode = lambda("UpdateFunctionCode")
  static let updateConfiguration = lambda("UpdateFunctionConfiguration")
  static let publishVersion = lambda("PublishVersion")
  static let createAlias = lambda("CreateAlias")
  static let updateAlias = lambda("UpdateAlias")
  static let deleteAlias = lambda("DeleteAlias")
  static let deleteFunction = lambda("DeleteFunction")
  static let tagResource = lambda("TagResource")
  static let putConcurrency = lambda("PutFunctionConcurrency")
  static let deleteConcurrency = lambda("DeleteFunctionConcurrency")
  static let getCodeSigning = lambda("GetFunctionCodeSigningConfig")
  static let putCodeSigning = lambda("PutFunctionCodeSigningConfig")
  static let deleteCodeSigning = lambda("DeleteFunctionCodeSigningConfig")
  static let getRuntimeManagement = lambda("GetRuntimeManagementConfig")
  static let putRuntimeManagement = lambda("PutRuntimeManagementConfig")
  static let getRecursion = lambda("GetFunctionRecursionConfig")
  static let putRecursion = lambda("PutFunctionRecursionConfig")
  static let putProvisioned = lambda("PutProvisionedConcurrencyConfig")
  static let deleteProvisioned = lambda("DeleteProvisionedConcurrencyConfig")
  static let listLayers = lambda("ListLayerVersions", on: .layers)
  static let publishLayer = lambda("PublishLayerVersion", on: .layers)
  /// No call: Lambda asks for it when it is given a layer.
  static let getLayer = lambda("GetLayerVersion", on: .layers)
  static let deleteLayer = lambda("DeleteLayerVersion", on: .layers)
  static let invoke = Operation("Invoke", "lambda:InvokeFunction", .functions)
  static let getMetricData = Operation("GetMetricData", "cloudwatch:GetMetricData", .everything)
  static let listMetrics = Operation("ListMetrics", "cloudwatch:ListMetrics", .everything)
  static let describeAlarms = Operation("DescribeAlarms", "cloudwatch:DescribeAlarms", .everything)
  static let filterLogEvents = Operation("FilterLogEvents", "logs:FilterLogEvents", .logGroups)
  static let getParameters = Operation("GetParameters", "ssm:GetParameters", .parameters)
  static let createSchedule = Operation("CreateSchedule", "scheduler:CreateSchedule", .schedules)
  static let updateSchedule = Operation("UpdateSchedule", "scheduler:UpdateSchedule", .schedules)
  static let deleteSchedule = Operation("DeleteSchedule", "scheduler:DeleteSchedule", .schedules)
  /// `HeadObject`, `PutObject` and the parts of a large upload need these two between them.
  static let putObject = Operation("PutObject", "s3:PutObject", .packages)
  static let getObject = Operation("HeadObject", "s3:GetObject", .packages)
  static let abortUpload = Operation("AbortMultipartUpload", "s3:AbortMultipartUpload", .packages)
  static let getRegistryToken = Operation("GetAuthorizationToken", "ecr:GetAuthorizationToken", .everything)
  /// What a push asks of ECR, and Lambda when it is given an image; where the repository does not let Lambda in yet, Lambda
  /// changes its policy for that.
  ///
  /// Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html and
  /// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
  static let releaseImage = [
    "BatchCheckLayerAvailability", "InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload",
    "PutImage",
    "BatchGetImage", "GetDownloadUrlForLayer", "GetRepositoryPolicy", "SetRepositoryPolicy",
  ].map { Operation($0, "ecr:\($0)", .images) }
  /// No call: Lambda asks for it when it is given a role.
  static let passRole = Operation("PassRole", "iam:PassRole", .roles)
  /// No call: EventBridge Scheduler asks for it.
  static let passDeadManRole = Operation("PassRole", "iam:PassRole", .deadManRole)
}

/// What of an environment's configuration brings further calls with it.
struct PolicyNeeds: Hashable, Sendable {
  var creates = false
  var statesRole = false
  var smokes = false
  /// The settings with calls of their own that some function states, by their names in the API.
  var stated: Set<String> = []
  var alarms = false
  var deadMan = false
  var companions = false
  /// Whether `preview` is configured with this environment, and gives functions addresses, or names a role.
  var preview = false
  var previewURL = false
  var previewRole = false
  var prunes = false
  var bucket = false
  var parameters = false
  /// The kinds of triggers that some function states.
  var triggers: Set<TriggerKind> = []
  /// Whether some layer is the repository's.
  var layers = false
  /// Whether some function is a container image that goes to ECR.
  var images = false

  /// All of them.
  static let all = PolicyNeeds(
    creates: true, statesRole: true, smokes: true, stated: Set(PolicyTable.ownCalls.keys), alarms: true,
    deadMan: true, companions: true, preview: true, previewURL: true, previewRole: true, prunes: true,
    bucket: true, parameters: true,
    triggers: Set(TriggerKind.allCases), layers: true, images: true)
}

/// Which operations each command calls: the one table that `doctor --policy` is made from.
enum PolicyTable {
  /// The commands that call AWS, in the order of their help.
  static let commands = [
    "deploy", "rollback", "promote", "abort", "resume", "tick", "status", "plan", "why", "list", "versions",
    "alias", "preview", "prune", "judge", "doctor", "triggers", "adopt",
  ]

  /// The operations of a command, each once.
  ///
  /// - Parameters:
  ///   - command: one of ``commands``.
  ///   - needs: what the environment asks for.
  static func operations(of command: String, _ needs: PolicyNeeds) -> [Operation] {
    let found: [Operation] =
      switch command {
      case "deploy": deploy(needs)
      case "plan": plan(needs)
      case "rollback":
        [.getAlias, .getFunction, .listVersions, .getMetricData, .invoke, .updateAlias] + ending(needs)
      case "abort": [.getAlias, .getFunction, .updateAlias] + ending(needs)
      case "promote", "resume", "tick": rollout(needs) + [.getFunction]
      case "status": [.getAlias, .getFunction, .listVersions, .getMetricData]
      case "why": comparing(needs)
      case "list": parameters(needs)
      case "versions": [.listVersions, .listAliases, .getAlias, .getMetricData]
      case "alias":
        [.getAlias, .listAliases, .listVersions, .createAlias, .updateAlias, .deleteAlias]
          + parameters(needs)
      case "preview":
        needs.preview
          ? [.getAlias, .listAliases, .deleteAlias] + Operation.endingPreviews(needs) + parameters(needs) : []
      case "prune": pruning(needs) + parameters(needs)
      case "judge": [.getAlias, .getFunction, .listVersions, .getMetricData] + alarms(needs)
      case "doctor":
        [.listFunctions, .listAliases, .getProvisioned, .getMetricData, .listMetrics] + looking + hanging
          + Operation.hanging + (needs.smokes ? [.invoke] : []) + (needs.images ? [.getRegistryToken] : [])
          + parameters(needs)
      case "triggers": plan(needs)
      case "adopt":
        [.getFunction, .getAlias, .updateAlias, .listAliases, .listVersions, .getMetricData, .listMetrics]
          + Operation.hanging + Operation.moving + parameters(needs)
      default: []
      }
    var seen: Set<Operation> = []
    return found.filter { seen.insert($0).inserted }
  }

  /// What settings with calls of their own are read and written with, by their names in the API.
  static let ownCalls: [String: (reads: [Operation], writes: [Operation])] = [
    "Tags": ([], [.tagResource]),
    "ReservedConcurrentExecutions": ([], [.putConcurrency, .deleteConcurrency]),
    "CodeSigningConfigArn": ([.getCodeSigning], [.putCodeSigning, .deleteCodeSigning]),
    "RuntimeManagementConfig": ([.getRuntimeManagement], [.putRuntimeManagement]),
    "RecursiveLoop": ([.getRecursion], [.putRecursion]),
    "ProvisionedConcurrentExecutions": ([.getProvisioned], [.putProvisioned, .deleteProvisioned]),
  ]

  private static let looking: [Operation] = [.getFunction, .getAlias, .listVersions]
  private static let hanging: [Operation] = [.getPolicy, .listMappings, .getURL]

  private static func pruning(_ needs: PolicyNeeds) -> [Operation] {
    [.listVersions, .listAliases, .getAlias, .getMetricData, .deleteAlias, .deleteFunction]
      + (needs.previewURL ? [.deleteURL] : [])
      + (needs.layers ? [.listLayers, .listFunctions, .deleteLayer] : [])
  }

  private static func parameters(_ needs: PolicyNeeds) -> [Operation] {
    needs.parameters ? [.getParameters] : []
  }

  private static func alarms(_ needs: PolicyNeeds) -> [Operation] { needs.alarms ? [.describeAlarms] : [] }

  private static func plan(_ needs: PolicyNeeds) -> [Operation] {
    comparing(needs) + hanging + [
      .listAliases, .getMetricData, .listMetrics, .getProvisioned, .getAccountSettings,
    ]
      + Operation.calls(of: needs.triggers, writing: false)
  }

  /// What is deployed beside what is wanted.
  private static func comparing(_ needs: PolicyNeeds) -> [Operation] {
    var operations = looking + [.listFunctions] + parameters(needs)
    for member in needs.stated.sorted() { operations += ownCalls[member]?.reads ?? [] }
    if needs.layers { operations.append(.listLayers) }
    return operations
  }

  private static func deploy(_ needs: PolicyNeeds) -> [Operation] {
    var operations = plan(needs) + rollout(needs)
    operations += [.updateCode, .updateConfiguration, .publishVersion, .createAlias]
    if needs.creates { operations.append(.createFunction) }
    if needs.creates || needs.statesRole { operations.append(.passRole) }
    if needs.smokes { operations.append(.invoke) }
    for member in needs.stated.sorted() { operations += ownCalls[member]?.writes ?? [] }
    operations += Operation.calls(of: needs.triggers, writing: true)
    if needs.preview { operations += Operation.makingPreviews(needs) }
    if needs.layers { operations += [.publishLayer, .getLayer] }
    if needs.images { operations += [.getRegistryToken] + Operation.releaseImage }
    if needs.bucket { operations += [.putObject, .getObject, .abortUpload] }
    return operations
  }

  /// From the first weight to the end.
  private static func rollout(_ needs: PolicyNeeds) -> [Operation] {
    var operations: [Operation] = [.getAlias, .updateAlias, .getMetricData, .getFunction, .filterLogEvents]
    operations += alarms(needs)
    if needs.deadMan {
      operations += [.createSchedule, .updateSchedule, .deleteSchedule, .passDeadManRole]
    }
    if needs.companions { operations.append(.createAlias) }
    if needs.prunes { operations += pruning(needs) }
    return operations
  }

  private static func ending(_ needs: PolicyNeeds) -> [Operation] {
    (needs.deadMan ? [.deleteSchedule] : []) + (needs.companions ? [.createAlias] : [])
  }
}
