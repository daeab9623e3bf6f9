/// The aliases that an environment keeps beside its own, at least one.
package struct CompanionAliases: Hashable, Sendable {
  private let names: [CompanionRole: String]

  /// - Returns: nil where none is named.
  package init?(canary: String?, stable: String?) {
    var names: [CompanionRole: String] = [:]
    names[.canary] = canary
    names[.stable] = stable
    guard !names.isEmpty else { return nil }
    self.names = names
  }

  /// The alias for a role; nil where none is wanted.
  package subscript(role: CompanionRole) -> String? { names[role] }
}

/// The versions that companions are to name.
struct CompanionVersions: Hashable, Sendable {
  let canary: String
  let stable: String

  subscript(role: CompanionRole) -> String {
    switch role {
    case .canary: canary
    case .stable: stable
    }
  }
}

extension CompanionVersions {
  /// What goes with `record`; nil where that does not name the versions.
  init?(_ record: RolloutRecord) {
    guard let stable = record.stable else { return nil }
    switch record.state {
    case .canary, .hold, .bake, .commit: self.init(canary: record.canary ?? stable, stable: stable)
    case .idle, .rolledBack, .triggers: self.init(canary: stable, stable: stable)
    }
  }

  /// Both name `version`.
  init(all version: String) { self.init(canary: version, stable: version) }
}
