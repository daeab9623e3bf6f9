internal import Core
internal import LambdaSettings

/// The configuration that a caller sets, checked and merged into what is there.
enum SettingRules {
  /// What UpdateFunctionConfiguration takes.
  private static let taken = SettingCatalogue.all.filter { $0.call == .configuration }.map(\.member)

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
      var logging = (old[key]?.object ?? JSONObject()).merging(value.object ?? JSONObject())
      // Lines of text have no level.
      if logging["LogFormat"] == "Text" {
        logging["ApplicationLogLevel"] = nil
        logging["SystemLogLevel"] = nil
      }
      return .object(logging)
    case "VpcConfig":
      var config = value.object ?? JSONObject()
      if config["VpcId"] == nil { config["VpcId"] = "" }
      return .object(config)
    case "FileSystemConfigs": return value.array?.isEmpty == true ? nil : value
    case "ImageConfig", "CapacityProviderConfig", "DurableConfig", "RuntimeConfig", "AcceleratorConfig":
      let kept = JSONObject(
        (value.object?.members ?? []).filter { !isEmpty($0.value) }.map { ($0.key, $0.value) })
      return kept.isEmpty ? nil : .object(kept)
    case "DeadLetterConfig":
      return value["TargetArn"]?.string.map { $0.isEmpty } ?? true ? nil : value
    case "KMSKeyArn":
      return value.string == "" ? nil : value
    default: return value
    }
  }

  /// Empty and absent are the same to Lambda.
  private static func isEmpty(_ value: JSON) -> Bool {
    value == "" || value == [] || value == .object(JSONObject()) || value == .null
  }

  private static func validate(_ request: JSON) throws(ServiceError) {
    var validation = Validation()
    for setting in SettingCatalogue.all where setting.call.needsVersion {
      // A runtime may be unknown, or retired: Lambda has words for each.
      guard setting.member != "Runtime", let value = request[setting.member], value != .null else { continue }
      try validation.check(value, setting.shape, at: lowered(setting.member))
    }
    try validation.check()
    if let runtime = request["Runtime"]?.string { try validate(runtime: runtime) }
    if let variables = request["Environment"]?["Variables"]?.object { try validate(variables: variables) }
    if let logging = request["LoggingConfig"], logging["LogFormat"] == "Text",
      logging["ApplicationLogLevel"] != nil || logging["SystemLogLevel"] != nil
    {
      throw .invalid(
        "LogLevel is not supported when LogFormat is set to \"Text\". Remove LogLevel from your request.")
    }
  }

  private static func lowered(_ member: String) -> String {
    member == "KMSKeyArn" ? "kMSKeyArn" : member.prefix(1).lowercased() + member.dropFirst()
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
    let used = variables.keys.filter(SettingMap.reservedVariables.contains)
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
