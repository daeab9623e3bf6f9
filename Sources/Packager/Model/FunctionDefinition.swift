public import Core

/// An event that a new version must answer before it gets any traffic.
public struct SmokeTestConfig: Hashable, Sendable {
  /// Absolute path of the file with the event.
  public let eventFile: String
  /// What the answer must contain; objects match as subsets. Nil when any answer without an error will do.
  public let expect: JSON?
}

/// One Lambda function as one environment is to have it.
public struct FunctionDefinition: Sendable {
  /// Logical name.
  public let name: String
  /// Name in AWS.
  public let functionName: String
  /// File and symbol that Lambda calls; nil for a container image.
  public private(set) var handler: String?
  /// How the unit is built.
  public private(set) var build: UnitBuild
  /// `Zip` or `Image`.
  public let packageType: String
  /// Where the container image goes; nil where no file says.
  public let imageRepository: ImageRepository?
  /// The settings that the manifest owns, under the Lambda API's names and in the shape of CreateFunction, without
  /// `FunctionName` and `Code`. `Environment` is absent in mode ``EnvironmentMode/unmanaged``.
  public let configuration: JSONObject
  /// What the source lets one think of runtime, architecture, handler and package type, where the manifest states none:
  /// for a function that is to be created. One that exists has its own.
  public let inferred: JSONObject
  /// ``configuration`` with references for what may be secret: what digests are made of.
  public let recordedSettings: JSONObject
  /// How the variables in ``configuration`` are to be applied.
  public let environmentMode: EnvironmentMode
  /// Which values are secret.
  public let secrets: SecretMask
  /// Events to try a new version with.
  public let smoke: [SmokeTestConfig]
  /// Program and arguments to run before the first weight.
  public let beforeTraffic: [String]?
  /// Program and arguments to run once all traffic has moved.
  public let afterTraffic: [String]?
  /// What discovery found.
  public let discovered: DiscoveredFunction
  /// What the function's layers are declared to provide: names that code of the package may import.
  public let layerContents: [String]
  /// What calls the function's alias, by name in byte order; nil where nothing is said of it, so that nothing is touched.
  public let triggers: [TriggerDefinition]?
  /// What becomes of its alias's events that nobody waits for; nil where nothing is said of it.
  public let eventInvoke: EventInvokeDefinition?
  /// The function's layers, in their order.
  public let layers: [LayerChoice]

  /// The folder that is built, from the root.
  public var unit: RepositoryPath { build.unit }
  /// The Lambda runtime's identifier; nil for a container image.
  public var runtime: String? { build.runtime }
  /// `x86_64` or `arm64`, as the API's list of one.
  public var architectures: [String] { [build.architecture] }
  /// Shared code, direct and transitive.
  public var uses: [SharedUse] { build.uses }
  /// Whether the function may be created without `--create`: somebody wrote it down.
  public var allowsCreate: Bool { discovered.allowsCreate }

  /// The same for a function that exists: what was only inferred gives way to what Lambda has, so that the package is made
  /// for the function as it is. What Lambda has of another kind of package is left alone.
  ///
  /// - Parameter present: the function's configuration, with the API's names.
  public func adopting(_ present: JSONObject) -> FunctionDefinition {
    guard packageType == "Zip", present["PackageType"]?.string ?? "Zip" == "Zip" else { return self }
    var adopted = self
    if inferred["Runtime"] != nil, let runtime = present["Runtime"]?.string {
      adopted.build.runtime = runtime
    }
    if inferred["Architectures"] != nil, let architecture = present["Architectures"]?.array?.first?.string {
      adopted.build.architecture = architecture
    }
    if inferred["Handler"] != nil, let handler = present["Handler"]?.string { adopted.handler = handler }
    return adopted
  }
}
