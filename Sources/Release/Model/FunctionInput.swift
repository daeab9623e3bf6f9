/// One function as the repository describes it now: what a release works towards.
public struct FunctionInput: Hashable, Sendable {
  /// Logical name in the repository.
  public let function: String
  /// Name of the Lambda function.
  public let functionName: String
  /// `src`: the first 32 hexadecimal digits of the digest of all inputs of the build.
  public let sourceDigest: String
  /// `cfg`: the first 32 hexadecimal digits of the digest of the configuration that the manifest owns.
  public let configurationDigest: String
  /// The digests of the parts of ``sourceDigest`` in 30 hexadecimal digits, which a version keeps; nil where they are not
  /// known.
  public let partDigests: String?
  /// The settings that the manifest owns, under the names of the Lambda API.
  public let configuration: FunctionSettings
  /// Whether the settings are compared and written; with false an existing function keeps all of its own.
  public let ownsConfiguration: Bool
  /// Whether a Lambda function that does not exist yet may be created.
  public let mayCreate: Bool
  /// What is asked of a new version before it gets any traffic.
  public let smokeTests: [SmokeTest]
  /// The user's programs around the shift of traffic.
  public let hooks: FunctionHooks
  /// What is to call its alias; nil where nothing is said of it.
  public let edges: EdgeWish?

  /// Its names alone.
  var name: FunctionName { FunctionName(function: function, functionName: functionName) }

  /// Describes one function.
  public init(
    function: String, functionName: String, sourceDigest: String, configurationDigest: String,
    partDigests: String? = nil, configuration: FunctionSettings, ownsConfiguration: Bool = true,
    mayCreate: Bool,
    smokeTests: [SmokeTest] = [], hooks: FunctionHooks = FunctionHooks(), edges: EdgeWish? = nil
  ) {
    self.function = function
    self.functionName = functionName
    self.sourceDigest = sourceDigest
    self.configurationDigest = configurationDigest
    self.partDigests = partDigests
    self.configuration = configuration
    self.ownsConfiguration = ownsConfiguration
    self.mayCreate = mayCreate
    self.smokeTests = smokeTests
    self.hooks = hooks
    self.edges = edges
  }
}
