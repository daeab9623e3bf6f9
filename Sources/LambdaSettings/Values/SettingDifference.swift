package import Core

/// A setting that is to be other than it is.
package struct SettingDifference: Hashable, Sendable {
  /// The setting's name in the API: `MemorySize`.
  package let setting: String
  /// The path of what differs in it: `Environment.Variables.TABLE`, `VpcConfig.SubnetIds`, `MemorySize`.
  package let path: String
  /// What there is; nil for nothing.
  package let old: JSON?
  /// What is wanted; nil for nothing.
  package let new: JSON?
  /// Whether a version fixes it, so that a new one is needed.
  package let needsVersion: Bool

  init(_ setting: LambdaSetting, path: String, old: JSON?, new: JSON?) {
    self.setting = setting.member
    self.path = path
    self.old = old
    self.new = new
    needsVersion = setting.call.needsVersion
  }

  /// The path as a manifest's keys: `environment.variables.TABLE`, short for what is well known: `memorySize`.
  package var key: String {
    guard let found = SettingCatalogue[setting] else { return path }
    var shape = found.shape
    var keys = [found.key]
    for name in path.split(separator: ".", omittingEmptySubsequences: false).dropFirst() {
      guard case .object(let members) = shape, let member = members.first(where: { $0.member == name })
      else {
        // Names of a map may have points themselves.
        let rest = path.split(separator: ".", omittingEmptySubsequences: false).dropFirst(keys.count)
        return (keys + [rest.joined(separator: ".")]).joined(separator: ".")
      }
      keys.append(member.key)
      shape = member.shape
    }
    return keys.joined(separator: ".")
  }
}

/// How the variables of a manifest relate to those of the function.
package enum VariableOwnership: Sendable {
  /// They are all there are.
  case all
  /// Others stay.
  case named
}
