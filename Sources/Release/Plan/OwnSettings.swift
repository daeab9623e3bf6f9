internal import AWSClient
internal import Core
internal import LambdaSettings

/// Compares the settings that have calls of their own with what AWS has. Only what the manifest states is asked for.
struct OwnSettings: Sendable {
  let lambda: any LambdaReading

  /// What would change about a function that exists.
  func differences(_ plan: FunctionPlan) async throws(ReleaseError) -> [SettingDifference] {
    guard plan.input.ownsConfiguration else { return [] }
    let description: FunctionDescription
    switch plan.deployed {
    case .missing: return []
    case .withoutAlias(let latest): description = latest
    case .serving(let serving): description = serving.description
    }
    var differences: [SettingDifference] = []
    for setting in SettingCatalogue.all where !setting.call.needsVersion {
      guard let wanted = plan.input.configuration.members[setting.member] else { continue }
      do throws(AWSError) {
        let present = try await present(setting, description)
        differences += SettingComparison.difference(setting, wanted: wanted, present: present)
      } catch {
        throw .aws(error, function: plan.input.function)
      }
    }
    return differences
  }

  /// What AWS has, in the form of the request; nil for nothing.
  private func present(
    _ setting: LambdaSetting, _ description: FunctionDescription
  ) async throws(AWSError) -> JSON? {
    let name = description.configuration.functionName
    let version = description.configuration.version
    switch setting.call {
    case .tags: return .object(JSONObject(description.tags.map { ($0.key, .string($0.value)) }))
    case .reservedConcurrency: return description.reservedConcurrency.map(JSON.int)
    case .codeSigning: return try await lambda.getFunctionCodeSigningConfig(name).map(JSON.string)
    case .recursion: return try await lambda.getFunctionRecursionConfig(name).map(JSON.string)
    case .runtimeManagement:
      return .object(try await lambda.getRuntimeManagementConfig(name, qualifier: version))
    case .provisionedConcurrency:
      // What is not published cannot have any.
      guard version != "$LATEST" else { return nil }
      let found = try await lambda.getProvisionedConcurrencyConfig(name, qualifier: version)
      return found.map { .int($0.requested) }
    case .creation, .code, .configuration: return nil
    }
  }
}
