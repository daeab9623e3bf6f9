internal import AWSClient
internal import Core
internal import LambdaSettings

/// Writes the settings that have calls of their own and need no version.
struct SettingWriter: Sendable {
  let lambda: any LambdaPublishing
  let waiter: Waiter

  /// - Parameter timeout: how long one wait for Lambda may take.
  init(_ services: ReleaseServices, timeout: TimeSpan) {
    lambda = services.lambda
    waiter = Waiter(services, timeout: timeout)
  }

  /// Writes what of `plan` differs: on a function that gets no new version all of it, else what belongs to the function.
  func write(_ plan: FunctionPlan, arn: String) async throws(ReleaseError) {
    let names = Set(plan.own.map(\.setting))
    for setting in SettingCatalogue.all where names.contains(setting.member) {
      guard !setting.call.isOfVersion || plan.change == .none else { continue }
      try await write(setting, plan.input, arn: arn, version: plan.servingVersion, isNew: false)
    }
  }

  /// Writes what the manifest states of a function that was just made, and CreateFunction does not take.
  func complete(_ input: FunctionInput, arn: String) async throws(ReleaseError) {
    for setting in SettingCatalogue.all
    where !setting.call.needsVersion && !setting.isCreated && !setting.call.isOfVersion {
      // A new function has none.
      guard let value = input.configuration.members[setting.member], value != .null else { continue }
      try await write(setting, input, arn: arn, version: nil, isNew: true)
    }
  }

  /// Gives a new version what the manifest states of versions, and waits until it is there.
  func equip(_ version: String, of input: FunctionInput) async throws(ReleaseError) {
    guard input.ownsConfiguration else { return }
    for setting in SettingCatalogue.all where setting.call.isOfVersion {
      guard let wanted = input.configuration.members[setting.member],
        !SettingComparison.difference(setting, wanted: wanted, present: nil).isEmpty
      else { continue }
      try await write(setting, input, arn: "", version: version, isNew: true)
    }
  }

  private func write(
    _ setting: LambdaSetting, _ input: FunctionInput, arn: String, version: String?, isNew: Bool
  ) async throws(ReleaseError) {
    guard let value = input.configuration.members[setting.member] else { return }
    let name = input.functionName
    switch setting.call {
    case .tags:
      let members = value.object?.members ?? []
      let tags = Dictionary(members.compactMap { key, value in value.string.map { (key, $0) } }) { $1 }
      try await carriedOut(input, "TagResource", "the function's tags", isNew) { () async throws(AWSError) in
        try await lambda.tagResource(arn, tags: tags)
      }
    case .reservedConcurrency:
      try await carriedOut(input, "PutFunctionConcurrency", "the reserved concurrency", isNew) {
        () async throws(AWSError) in try await lambda.setFunctionConcurrency(name, reserved: value.int)
      }
    case .codeSigning:
      try await carriedOut(input, "PutFunctionCodeSigningConfig", "the code signing configuration", isNew) {
        () async throws(AWSError) in try await lambda.setFunctionCodeSigningConfig(name, arn: value.string)
      }
    case .recursion:
      try await carriedOut(input, "PutFunctionRecursionConfig", "the recursion setting", isNew) {
        () async throws(AWSError) in
        try await lambda.putFunctionRecursionConfig(name, loop: value.string ?? "")
      }
    case .runtimeManagement:
      guard let version, let members = value.object else { return }
      try await carriedOut(input, "PutRuntimeManagementConfig", "the runtime management", isNew) {
        () async throws(AWSError) in
        try await lambda.putRuntimeManagementConfig(name, qualifier: version, configuration: members)
      }
    case .provisionedConcurrency:
      guard let version else { return }
      try await provision(value.int ?? 0, input, version: version, isNew: isNew)
    case .creation, .code, .configuration: break
    }
  }

  /// Asks for environments that are kept ready, and waits for them: a version without them must not get the traffic.
  private func provision(
    _ count: Int, _ input: FunctionInput, version: String, isNew: Bool
  ) async throws(ReleaseError) {
    let subject = "the provisioned concurrency of version \(version)"
    try await carriedOut(input, "PutProvisionedConcurrencyConfig", subject, isNew) {
      () async throws(AWSError) in
      try await lambda.setProvisionedConcurrency(
        input.functionName, qualifier: version, provisioned: count == 0 ? nil : count)
    }
    guard count > 0 else { return }
    var patience = Patience(waiter, input.name, subject: subject)
    while true {
      let found: ProvisionedConcurrency?
      do throws(AWSError) {
        found = try await lambda.getProvisionedConcurrencyConfig(input.functionName, qualifier: version)
      } catch {
        throw .aws(error, function: input.function)
      }
      if found?.status == "FAILED" {
        throw .failedInLambda(
          function: input.function, subject: subject, reason: found?.statusReason ?? "no reason given")
      }
      if found?.status == "READY" { return }
      try await patience.rest()
    }
  }

  /// Lets environments go that were kept ready for a version which has no traffic any more.
  func release(_ version: String, of input: FunctionInput) async throws(ReleaseError) {
    try await carriedOut(
      input, "DeleteProvisionedConcurrencyConfig", "the provisioned concurrency of version \(version)", false
    ) { () async throws(AWSError) in
      try await lambda.setProvisionedConcurrency(
        input.functionName, qualifier: version, provisioned: nil)
    }
  }

  /// A write that expects nothing of what is there.
  private func carriedOut(
    _ input: FunctionInput, _ operation: String, _ subject: String, _ isNew: Bool,
    _ call: () async throws(AWSError) -> Void
  ) async throws(ReleaseError) {
    switch try await waiter.write(input.name, operation, subject: subject, isNew: isNew, call) {
    case .done: return
    case .refused(let error): throw .aws(error, function: input.function)
    }
  }
}
