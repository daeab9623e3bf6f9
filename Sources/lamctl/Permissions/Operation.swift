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
    /// The objects in the bucket by which machines share what builds have made.
    case cachedBuilds
    /// That bucket itself.
    case cacheBucket
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
  static let getConfiguration = lambda("GetFunctionConfiguration")
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
  /// Whoever may not list a bucket is told 403 of what is not there, which a cache must tell from a refusal.
  ///
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
  static let shareBuilds = [
    Operation("PutObject", "s3:PutObject", .cachedBuilds),
    Operation("GetObject", "s3:GetObject", .cachedBuilds),
    Operation("AbortMultipartUpload", "s3:AbortMultipartUpload", .cachedBuilds),
    Operation("ListBucket", "s3:ListBucket", .cacheBucket),
  ]
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

extension Operation {
  /// Whether it changes nothing, by AWS's own way of naming operations; API Gateway names methods.
  var isReading: Bool {
    ["Get", "List", "Describe", "Filter", "Head"].contains { name.hasPrefix($0) } || name == "GET"
  }
}
