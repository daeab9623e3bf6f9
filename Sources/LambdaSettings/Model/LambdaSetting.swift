package import Core

/// The call that a setting goes by.
package enum SettingCall: String, Sendable, CaseIterable {
  /// CreateFunction alone: no update changes it.
  case creation
  /// UpdateFunctionCode.
  case code
  /// UpdateFunctionConfiguration.
  case configuration
  /// TagResource and UntagResource.
  case tags
  /// PutFunctionConcurrency and DeleteFunctionConcurrency.
  case reservedConcurrency
  /// PutFunctionCodeSigningConfig and DeleteFunctionCodeSigningConfig.
  case codeSigning
  /// PutRuntimeManagementConfig, of one version.
  case runtimeManagement
  /// PutFunctionRecursionConfig.
  case recursion
  /// PutProvisionedConcurrencyConfig and DeleteProvisionedConcurrencyConfig, of one version.
  case provisionedConcurrency

  /// Whether a version fixes the setting, so that another value needs another version.
  package var needsVersion: Bool {
    switch self {
    case .creation, .code, .configuration: true
    case .tags, .reservedConcurrency, .codeSigning, .runtimeManagement, .recursion, .provisionedConcurrency:
      false
    }
  }

  /// Whether the setting belongs to one version rather than to the function.
  package var isOfVersion: Bool { self == .runtimeManagement || self == .provisionedConcurrency }
}

/// One setting of a Lambda function: all that lamctl knows of it.
package struct LambdaSetting: Sendable {
  /// The key of a manifest: `memorySize`.
  package let key: String
  /// The name in the API: `MemorySize`.
  package let member: String
  /// What it takes.
  package let shape: SettingShape
  /// What it is, in a sentence.
  package let doc: String
  /// How it reaches AWS.
  package let call: SettingCall
  /// What a function has where nobody has set it, in the form of a request; nil for nothing. `{functionName}` stands for
  /// the name.
  package let standard: JSON?
  /// The members that lead to it in the answer of GetFunctionConfiguration.
  package let place: [String]
  /// Whether CreateFunction takes it.
  package let isCreated: Bool
  /// Whether Lambda leaves it out of its answers while it is empty; what is not, and is missing, tells nothing.
  package let isLeftOut: Bool

  init(
    _ key: String, _ shape: SettingShape, _ doc: String, api: String? = nil,
    call: SettingCall = .configuration, standard: JSON? = nil, place: [String]? = nil,
    isCreated: Bool? = nil, isLeftOut: Bool = false
  ) {
    self.key = key
    member = api ?? key.capitalised
    self.shape = shape
    self.doc = doc
    self.call = call
    self.standard = standard
    self.place = place ?? [member]
    self.isCreated = isCreated ?? call.needsVersion
    self.isLeftOut = isLeftOut
  }
}
