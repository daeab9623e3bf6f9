public import Core

/// An event that a new version must answer before it gets any traffic.
public struct SmokeTest: Hashable, Sendable {
  /// Absolute path of the file with the event.
  public let eventFile: String
  /// What the answer must contain; objects match as subsets. Nil when any answer without an error will do.
  public let expect: JSON?
}

/// A folder of shared code in a unit's closure.
public struct SharedUse: Hashable, Sendable {
  /// From the root.
  public let folder: String
  /// The package's folder that gets its files; empty for the top.
  public let into: String
}

/// How a unit becomes a package. Functions of one unit have the same.
public struct UnitBuild: Hashable, Sendable {
  /// The folder, from the root; empty for the root itself.
  public let unit: String
  /// Program and arguments of the unit's own build; nil for what its language needs.
  public let command: [String]?
  /// Folder, from the unit, whose content is the package.
  public let output: String?
  /// Further files and folders that the build reads, from the root.
  public let inputs: [String]
  /// Variables that the build may see, with their values; nil for one that is not set.
  public let variables: [String: String?]
  /// Patterns of files to take although an ignore rule drops them.
  public let include: [String]
  /// Patterns of files to leave out of the package.
  public let exclude: [String]
  /// Shared code, direct and transitive, in byte order of the folders.
  public let uses: [SharedUse]
  /// The Lambda runtime's identifier; nil for a container image.
  public let runtime: String?
  /// `x86_64` or `arm64`.
  public let architecture: String
  /// Whether Python dependencies carry `unchecked-hash` bytecode.
  public let compilesBytecode: Bool
}

/// One Lambda function as one environment is to have it.
public struct FunctionDefinition: Sendable {
  /// Logical name.
  public let name: String
  /// Name in AWS.
  public let functionName: String
  /// File and symbol that Lambda calls; nil for a container image.
  public let handler: String?
  /// How the unit is built.
  public let build: UnitBuild
  /// `Zip` or `Image`.
  public let packageType: String
  /// The settings that the manifest owns, under the Lambda API's names and in the shape of CreateFunction, without
  /// `FunctionName` and `Code`. `Environment` is absent in mode ``EnvironmentMode/unmanaged``.
  public let configuration: JSONObject
  /// How the variables in ``configuration`` are to be applied.
  public let environmentMode: EnvironmentMode
  /// Reserved concurrent executions, if the manifest owns them.
  public let reservedConcurrency: Int?
  /// Which values are secret.
  public let secrets: SecretMask
  /// Events to try a new version with.
  public let smoke: [SmokeTest]
  /// Program and arguments to run before the first weight.
  public let beforeTraffic: [String]?
  /// Program and arguments to run once all traffic has moved.
  public let afterTraffic: [String]?
  /// What discovery found.
  public let discovered: DiscoveredFunction

  /// The folder that is built, from the root; empty for the root itself.
  public var unit: String { build.unit }
  /// The Lambda runtime's identifier; nil for a container image.
  public var runtime: String? { build.runtime }
  /// `x86_64` or `arm64`, as the API's list of one.
  public var architectures: [String] { [build.architecture] }
  /// Shared code, direct and transitive.
  public var uses: [SharedUse] { build.uses }
  /// Whether the function may be created without `--create`: somebody wrote it down.
  public var allowsCreate: Bool { discovered.allowsCreate }
}

/// Where `${…}` gets the values that only AWS or the caller knows.
public struct InterpolationValues: Sendable {
  /// The region that the run works in.
  public var region: String?
  /// The account's id; asked once, and only when `${account}` is used.
  public var account: @Sendable () async throws -> String
  /// The values of SSM parameters by their paths; asked once, and only when `${ssm:…}` is used.
  public var parameters: @Sendable (_ paths: [String]) async throws -> [String: String]
  /// Settings that lie over all files, as flags do: under the names of `function.json`.
  public var overrides: JSONObject

  /// Values from closures, which are not called where nothing needs them.
  public init(
    region: String?, account: @escaping @Sendable () async throws -> String,
    parameters: @escaping @Sendable (_ paths: [String]) async throws -> [String: String],
    overrides: JSONObject = JSONObject()
  ) {
    self.region = region
    self.account = account
    self.parameters = parameters
    self.overrides = overrides
  }
}
