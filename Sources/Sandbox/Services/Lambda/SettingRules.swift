internal import Core

/// The configuration that a caller sets, checked and merged into what is there.
enum SettingRules {
  private static let taken = [
    "Runtime", "Role", "Handler", "Description", "Timeout", "MemorySize", "VpcConfig", "DeadLetterConfig",
    "Environment", "KMSKeyArn", "TracingConfig", "Layers", "FileSystemConfigs", "ImageConfig",
    "EphemeralStorage",
    "SnapStart", "LoggingConfig",
  ]

  private static let reserved: Set<String> = [
    "_HANDLER", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN", "AWS_XRAY_CONTEXT_MISSING", "AWS_XRAY_DAEMON_ADDRESS", "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT", "TZ",
  ]

  /// The settings of a new function before the caller's own are laid over them.
  static func defaults(name: String) -> JSONObject {
    JSONObject([
      ("Description", ""), ("Timeout", 3), ("MemorySize", 128), ("PackageType", "Zip"),
      ("Architectures", ["x86_64"]), ("EphemeralStorage", ["Size": 512]),
      ("TracingConfig", ["Mode": "PassThrough"]),
      ("SnapStart", ["ApplyOn": "None", "OptimizationStatus": "Off"]),
      ("LoggingConfig", ["LogFormat": "Text", "LogGroup": .string("/aws/lambda/\(name)")]),
    ])
  }

  /// `settings` with the members of `request` laid over: absent ones stay, each given one is replaced whole.
  ///
  /// - Throws: 400 with Lambda's words for a value it does not take.
  static func merge(_ request: JSON, into settings: JSONObject) throws(ServiceError) -> JSONObject {
    try validate(request)
    var merged = settings
    for key in taken {
      guard let value = request[key], value != .null else { continue }
      merged[key] = try normalized(key, value, old: settings)
    }
    return merged
  }

  private static func normalized(_ key: String, _ value: JSON, old: JSONObject) throws(ServiceError) -> JSON?
  {
    switch key {
    case "Environment":
      let variables = value["Variables"]?.object ?? JSONObject()
      return variables.isEmpty ? nil : ["Variables": .object(variables)]
    case "Layers":
      let layers = (value.array ?? []).compactMap(\.string)
      guard layers.count <= 5 else { throw .invalid("Cannot reference more than 5 layers.") }
      return layers.isEmpty ? nil : .array(layers.map { ["Arn": .string($0), "CodeSize": 0] })
    case "SnapStart":
      let applied = value["ApplyOn"]?.string ?? "None"
      return ["ApplyOn": .string(applied), "OptimizationStatus": "Off"]
    case "LoggingConfig":
      return .object((old[key]?.object ?? JSONObject()).merging(value.object ?? JSONObject()))
    case "VpcConfig":
      var config = value.object ?? JSONObject()
      if config["VpcId"] == nil { config["VpcId"] = "" }
      return .object(config)
    case "DeadLetterConfig":
      return value["TargetArn"]?.string.map { $0.isEmpty } ?? true ? nil : value
    case "KMSKeyArn", "ImageConfig":
      return value.string == "" ? nil : value
    default: return value
    }
  }

  private static func validate(_ request: JSON) throws(ServiceError) {
    var validation = Validation()
    validation.length(request["Description"], "description", 0...256)
    validation.length(request["Handler"], "handler", 0...128)
    validation.range(request["Timeout"], "timeout", 1...900)
    validation.range(request["MemorySize"], "memorySize", 128...10_240)
    validation.range(request["EphemeralStorage"]?["Size"], "ephemeralStorage.size", 512...10_240)
    validation.word(request["TracingConfig"]?["Mode"], "tracingConfig.mode", ["Active", "PassThrough"])
    validation.word(request["SnapStart"]?["ApplyOn"], "snapStart.applyOn", ["PublishedVersions", "None"])
    if let role = request["Role"]?.string, !isRole(role) {
      validation.fail(
        role, at: "role",
        "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+"
      )
    }
    for architecture in request["Architectures"]?.array ?? [] {
      validation.word(architecture, "architectures.1.member", ["x86_64", "arm64"])
    }
    try validation.check()
    for (key, kind) in [("Timeout", "Integer"), ("MemorySize", "Integer")] {
      if let value = request[key], value != .null, value.int == nil {
        throw ServiceError(
          400, "SerializationException", "\(value.typeWord) can not be converted to an \(kind)")
      }
    }
    if let runtime = request["Runtime"]?.string { try validate(runtime: runtime) }
    if let variables = request["Environment"]?["Variables"]?.object { try validate(variables: variables) }
  }

  private static func validate(runtime: String) throws(ServiceError) {
    if Runtimes.retired.contains(runtime) {
      throw .invalid(
        "The runtime parameter of \(runtime) is no longer supported for creating or updating AWS Lambda functions. "
          + "We recommend you use a supported runtime while creating or updating functions.")
    }
    guard Runtimes.current.contains(runtime) else {
      throw .invalid(
        "Value \(runtime) at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
          + "[\(Runtimes.current.joined(separator: ", "))] or be a valid ARN")
    }
  }

  private static func validate(variables: JSONObject) throws(ServiceError) {
    let prefix =
      "Lambda was unable to configure your environment variables because the environment variables you have provided"
    let used = variables.keys.filter(reserved.contains)
    guard used.isEmpty else {
      throw .invalid(
        "\(prefix) contains reserved keys that are currently not supported for modification. "
          + "Reserved keys used in this request: \(used.joined(separator: ", "))")
    }
    // The measured text itself would put the variables' values into an error, so it is left out.
    guard JSON.object(variables).text().utf8.count <= 4_096 else {
      throw .invalid("\(prefix) exceeded the 4KB limit.")
    }
  }

  private static func isRole(_ text: String) -> Bool {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    return parts.count == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[4].count == 12
      && parts[4].allSatisfy(\.isNumber) && parts[5].hasPrefix("role")
  }
}

extension JSON {
  /// How AWS's deserializer names the kind of a value.
  var typeWord: String {
    switch self {
    case .null: "NULL_VALUE"
    case .bool(let value): value ? "TRUE_VALUE" : "FALSE_VALUE"
    case .number: "NUMBER_VALUE"
    case .string: "STRING_VALUE"
    case .array: "START_ARRAY"
    case .object: "START_OBJECT"
    }
  }
}
