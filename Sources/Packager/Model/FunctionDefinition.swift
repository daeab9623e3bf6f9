package import Core

/// An event that a new version must answer before it gets any traffic.
package struct SmokeTestConfig: Hashable, Sendable {
  /// Absolute path of the file with the event.
  package let eventFile: String
  /// What the answer must contain; objects match as subsets. Nil when any answer without an error will do.
  package let expect: JSON?
}

/// One Lambda function as one environment is to have it.
package struct FunctionDefinition: Sendable {
  /// Logical name.
  package let name: String
  /// Name in AWS.
  package let functionName: String
  /// File and symbol that Lambda calls; nil for a container image.
  package private(set) var handler: String?
  /// How the unit is built.
  package private(set) var build: UnitBuild
  /// `Zip` or `Image`.
  package let packageType: String
  /// Where the container image goes; nil where no file says.
  package let imageRepository: ImageRepository?
  /// The settings that the manifest owns, under the Lambda API's names and in the shape of CreateFunction, without
  /// `FunctionName` and `Code`. `Environment` is absent in mode ``EnvironmentMode/unmanaged``.
  package let configuration: JSONObject
  /// What the source lets one think of runtime, architecture, handler and package type, where the manifest states none:
  /// for a function that is to be created. One that exists has its own.
  package let inferred: JSONObject
  /// ``configuration`` with references for what may be secret: what digests are made of.
  package let recordedSettings: JSONObject
  /// How the variables in ``configuration`` are to be applied.
  package let environmentMode: EnvironmentMode
  /// Which values are secret.
  package let secrets: SecretMask
  /// Events to try a new version with.
  package let smoke: [SmokeTestConfig]
  /// Program and arguments to run before the first weight.
  package let beforeTraffic: [String]?
  /// Program and arguments to run once all traffic has moved.
  package let afterTraffic: [String]?
  /// What discovery found.
  package let discovered: DiscoveredFunction
  /// What the function's layers are declared to provide: names that code of the package may import.
  package let layerContents: [String]
  /// What calls the function's alias, by name in byte order; nil where nothing is said of it, so that nothing is touched.
  package let triggers: [TriggerDefinition]?
  /// What becomes of its alias's events that nobody waits for; nil where nothing is said of it.
  package let eventInvoke: EventInvokeDefinition?
  /// The function's layers, in their order.
  package let layers: [LayerChoice]

  /// The folder that is built, from the root.
  package var unit: RepositoryPath { build.unit }
  /// The Lambda runtime's identifier; nil for a container image.
  package var runtime: String? { build.runtime }
  /// `x86_64` or `arm64`, as the API's list of one.
  package var architectures: [String] { [build.architecture] }
  /// Shared code, direct and transitive.
  package var uses: [SharedUse] { build.uses }
  /// Whether the function may be created without `--create`: somebody wrote it down.
  package var allowsCreate: Bool { discovered.allowsCreate }

  /// The same for a function that exists: what was only inferred gives way to what Lambda has, so that the package is made
  /// for the function as it is. What Lambda has of another kind of package is left alone.
  ///
  /// - Parameter present: the function's configuration, with the API's names.
  package func adopting(_ present: JSONObject) -> FunctionDefinition {
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
