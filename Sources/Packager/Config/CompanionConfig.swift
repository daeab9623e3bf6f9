/// Aliases that an environment keeps beside its own.
package struct CompanionConfig: Hashable, Sendable {
  /// Alias of the version that is on trial, or that serves where none is; nil for none.
  package let canary: String?
  /// Alias of the version that serves, which changes only after the bake; nil for none.
  package let stable: String?

  /// No such aliases.
  package init() {
    canary = nil
    stable = nil
  }

  /// Reads a checked and interpolated `companions` object; nil without one.
  ///
  /// - Parameter alias: the environment's own, whose traffic no companion may take.
  init(_ value: ConfigValue?, alias: String) throws(PackagerError) {
    let reader = ConfigReader(value)
    canary = reader.string("canary")
    stable = reader.string("stable")
    for key in ["canary", "stable"] {
      guard let member = value?[key], member.string == alias else { continue }
      throw member.error(
        "companions.\(key) is \"\(alias)\", the alias of the environment itself: name another")
    }
    if let canary, canary == stable, let member = value?["stable"] {
      throw member.error("companions.canary and companions.stable are both \"\(canary)\": name two aliases")
    }
  }
}
