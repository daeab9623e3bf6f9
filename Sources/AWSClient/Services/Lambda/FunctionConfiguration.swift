package import Core
internal import LambdaSettings

/// The configuration of a function or of one of its versions, as Lambda describes it.
///
/// It wraps the answer as it came, so that fields and values of a newer Lambda are kept and never fail to
/// decode.
package struct FunctionConfiguration: Hashable, Sendable {
  /// All members, with the API's names.
  package let members: JSONObject

  /// Wraps `members`.
  package init(_ members: JSONObject) {
    self.members = members
  }

  /// The bare name.
  package var functionName: String { text("FunctionName") }
  /// The ARN; that of a version or alias ends with it.
  package var functionARN: String { text("FunctionArn") }
  /// The ARN of the function itself.
  package var unqualifiedARN: String {
    // arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]
    functionARN.split(separator: ":", omittingEmptySubsequences: false).prefix(7).joined(separator: ":")
  }
  /// `$LATEST` or a number.
  package var version: String { text("Version") }
  /// The description.
  package var description: String { text("Description") }
  /// Base64 of the package's SHA-256; for an image its digest in hexadecimal.
  package var codeSHA256: String { text("CodeSha256") }
  /// SHA-256 over the configuration of a published version.
  package var configSHA256: String? { optional("ConfigSha256") }
  /// Changes with each update and once more when an update is through.
  package var revisionID: String { text("RevisionId") }
  /// `Pending`, `Active`, `Inactive`, `Failed`, or newer; nil in lists.
  package var state: String? { optional("State") }
  /// Why it is in that state, in words.
  package var stateReason: String? { optional("StateReason") }
  /// The same as a code.
  package var stateReasonCode: String? { optional("StateReasonCode") }
  /// `Successful`, `InProgress`, `Failed`, or newer; nil in lists and before the first update.
  package var lastUpdateStatus: String? { optional("LastUpdateStatus") }
  /// Why, in words.
  package var lastUpdateStatusReason: String? { optional("LastUpdateStatusReason") }
  /// The same as a code; not all that occur are in AWS's own model.
  package var lastUpdateStatusReasonCode: String? { optional("LastUpdateStatusReasonCode") }
  /// The ARN of the execution role.
  package var role: String { text("Role") }
  /// The handler; nil for images.
  package var handler: String? { optional("Handler") }
  /// The runtime; nil for images.
  package var runtime: String? { optional("Runtime") }
  /// Where it logs to: its own group, unless its settings name another.
  package var logGroup: String {
    members["LoggingConfig"]?["LogGroup"]?.string ?? "/aws/lambda/\(functionName)"
  }
  /// Seconds.
  package var timeout: Int? { members["Timeout"]?.int }
  /// Megabytes.
  package var memorySize: Int? { members["MemorySize"]?.int }
  /// `x86_64` or `arm64`.
  package var architectures: [String] { members["Architectures"]?.array?.compactMap(\.string) ?? ["x86_64"] }
  /// `Zip` or `Image`.
  package var packageType: String { optional("PackageType") ?? "Zip" }
  /// The package's size in bytes.
  package var codeSize: Int? { members["CodeSize"]?.int }
  /// When it was last changed.
  package var lastModified: Timestamp? { optional("LastModified").flatMap { Timestamp(iso8601: $0) } }
  /// Environment variables; nil when there are none or they could not be decrypted.
  package var environment: [String: String]? {
    members["Environment"]?["Variables"]?.object.map { object in
      Dictionary(object.members.compactMap { key, value in value.string.map { (key, $0) } }) { $1 }
    }
  }
  /// ARNs of layer versions in order.
  package var layers: [String] { members["Layers"]?.array?.compactMap { $0["Arn"]?.string } ?? [] }

  private func text(_ key: String) -> String { optional(key) ?? "" }
  private func optional(_ key: String) -> String? { members[key]?.string }
}

extension FunctionConfiguration {
  /// Whether every setting of `wanted`, in the form of UpdateFunctionConfiguration, is what this function has.
  package func matches(_ wanted: JSONObject) -> Bool { SettingComparison.has(wanted, in: members) }
}

/// A function with what belongs to it.
package struct FunctionDescription: Hashable, Sendable {
  /// The configuration.
  package let configuration: FunctionConfiguration
  /// The function's tags.
  package let tags: [String: String]
  /// Where the package can be fetched for some minutes, without credentials: a secret of a kind.
  package let codeLocation: String?
  /// Concurrency set aside for the function; nil when none is.
  package let reservedConcurrency: Int?

  /// A description of these values.
  package init(
    configuration: FunctionConfiguration, tags: [String: String], codeLocation: String? = nil,
    reservedConcurrency: Int? = nil
  ) {
    self.configuration = configuration
    self.tags = tags
    self.codeLocation = codeLocation
    self.reservedConcurrency = reservedConcurrency
  }
}

/// Where a function's code comes from.
package enum FunctionCode: Hashable, Sendable {
  /// A zip file on this machine, at most 50 MB.
  case zip(path: String)
  /// An object in the function's region; `version` is the object's, if the bucket keeps versions.
  case s3(bucket: String, key: String, version: String?)
  /// An image in ECR.
  case image(uri: String)
}
