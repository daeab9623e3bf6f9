/// Two versions of a function whose past is to be judged.
package struct PastSubject: Hashable, Sendable {
  /// The function's names.
  package let name: FunctionName
  /// The version that served before the other.
  package let stable: String
  /// The version that was on trial.
  package let canary: String

  /// Joins names and versions.
  package init(name: FunctionName, stable: String, canary: String) {
    self.name = name
    self.stable = stable
    self.canary = canary
  }
}

extension PastSubject {
  /// The last trial that the record in the alias of `name` tells of: of a release under way, of the one that serves,
  /// or of the one that was taken back last; nil where it tells of none.
  init?(_ name: FunctionName, record: RolloutRecord) {
    let stable: String?
    let canary: String?
    switch record.state {
    case .canary, .hold, .bake, .commit: (stable, canary) = (record.stable, record.canary)
    case .idle, .triggers: (stable, canary) = (record.previous, record.stable)
    case .rolledBack: (stable, canary) = (record.stable, record.canary ?? record.bad)
    }
    guard let stable, let canary, stable != canary else { return nil }
    self.init(name: name, stable: stable, canary: canary)
  }
}
