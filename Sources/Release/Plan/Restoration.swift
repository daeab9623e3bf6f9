internal import AWSClient
internal import Core
internal import LambdaSettings

/// Puts settings of `$LATEST` back that other versions of lamctl's have brought there: one that has been taken back since,
/// or the version of another environment, whose alias is one of the same function.
///
/// The manifest's own settings are written anyway. Those that it does not name stay as they are, whoever set them,
/// unless they came with one of those versions: the next version must not get them from there.
struct Restoration {
  /// The version that serves.
  let serving: FunctionConfiguration
  /// Versions of lamctl's whose settings are not this environment's.
  let others: [FunctionConfiguration]

  /// What can be put back. `$LATEST` alone has the function's description.
  private static let restorable = SettingCatalogue.all.filter {
    $0.call == .configuration && $0.member != "Description"
  }

  /// `changes`, the request of UpdateFunctionConfiguration for `latest`, with what must be put back.
  func completed(
    _ changes: JSONObject, latest: FunctionConfiguration, mode: EnvironmentMode
  ) -> JSONObject {
    var changes = changes
    for setting in Self.restorable where changes[setting.member] == nil {
      if setting.member == "Environment", mode == .unmanaged { continue }
      let isForeign = !others.contains { SettingComparison.agree(setting, latest.members, $0.members) }
      guard !SettingComparison.agree(setting, latest.members, serving.members), !isForeign else { continue }
      changes[setting.member] = SettingRequest.restoration(setting, of: serving.members)
    }
    if mode == .merge, let variables = changes["Environment"]?["Variables"]?.object {
      changes["Environment"] = ["Variables": .object(cleared(variables, latest: latest))]
    }
    return changes
  }

  /// Variables laid over those of `$LATEST`, without those that only one of the other versions brought.
  private func cleared(_ variables: JSONObject, latest: FunctionConfiguration) -> JSONObject {
    var variables = variables
    let there = latest.environment ?? [:]
    for other in others {
      for (name, value) in other.environment ?? [:] {
        let before = serving.environment?[name]
        // Where the manifest's value is laid over it, it has changed already.
        guard value != before, there[name] == value, variables[name]?.string == value else { continue }
        variables[name] = before.map(JSON.string)
      }
    }
    return variables
  }
}
