internal import AWSClient
internal import Core

/// Puts settings of `$LATEST` back that a version brought which has been taken back since.
///
/// The manifest's own settings are written anyway. Those that it does not name stay as they are, whoever set them,
/// unless they came with the version that was taken back: the next version must not get them from there.
struct Restoration {
  private static let restorable = [
    "Runtime", "Role", "Handler", "Timeout", "MemorySize", "EphemeralStorage", "TracingConfig",
    "LoggingConfig",
    "Environment", "VpcConfig", "DeadLetterConfig", "KMSKeyArn", "Layers", "FileSystemConfigs",
  ]

  /// The version that serves.
  let serving: FunctionConfiguration
  /// The version that was taken back.
  let takenBack: FunctionConfiguration

  /// `changes`, the request of UpdateFunctionConfiguration for `latest`, with what must be put back.
  func completed(
    _ changes: JSONObject, latest: FunctionConfiguration, mode: EnvironmentMode
  ) -> JSONObject {
    var changes = changes
    for name in Self.restorable where changes[name] == nil {
      if name == "Environment", mode == .unmanaged { continue }
      guard Comparison.differs(name, latest, serving), !Comparison.differs(name, latest, takenBack) else {
        continue
      }
      changes[name] = Self.request(name, serving.members[name])
    }
    if mode == .merge, let variables = changes["Environment"]?["Variables"]?.object {
      changes["Environment"] = ["Variables": .object(cleared(variables, latest: latest))]
    }
    return changes
  }

  /// Variables laid over those of `$LATEST`, without those that only the taken back version brought.
  private func cleared(_ variables: JSONObject, latest: FunctionConfiguration) -> JSONObject {
    var variables = variables
    let there = latest.environment ?? [:]
    for (name, value) in takenBack.environment ?? [:] {
      let before = serving.environment?[name]
      // Where the manifest's value is laid over it, it has changed already.
      guard value != before, there[name] == value, variables[name]?.string == value else { continue }
      variables[name] = before.map(JSON.string)
    }
    return variables
  }

  /// A setting as UpdateFunctionConfiguration takes it, from how Lambda shows it; what is absent is emptied.
  private static func request(_ name: String, _ value: JSON?) -> JSON? {
    switch name {
    case "Environment": ["Variables": value?["Variables"] ?? [:]]
    case "DeadLetterConfig": ["TargetArn": value?["TargetArn"] ?? ""]
    case "KMSKeyArn": value ?? ""
    case "FileSystemConfigs": value ?? []
    case "Layers": .array((value?.array ?? []).compactMap { $0["Arn"] })
    case "VpcConfig": .object(network(value))
    default: value
    }
  }

  private static func network(_ value: JSON?) -> JSONObject {
    var network = value?.object ?? JSONObject()
    // Lambda shows the VPC and takes its subnets.
    network["VpcId"] = nil
    network["SubnetIds"] = network["SubnetIds"] ?? []
    network["SecurityGroupIds"] = network["SecurityGroupIds"] ?? []
    return network
  }
}
