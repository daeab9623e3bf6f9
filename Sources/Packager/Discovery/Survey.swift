internal import Core

/// Everything that one look at the repository shows.
struct Survey: Sendable {
  /// Something wrong that does not keep the rest from being seen.
  struct Fault: Sendable {
    /// The unit that it is about; nil for the repository as a whole.
    let unit: String?
    let error: PackagerError
  }

  let index: RepositoryIndex
  /// `function.json` files by their folder, less what is wrong in them.
  let functionFiles: [String: ConfigValue]
  /// Among them those of units with a fault, under the names that they have by their folders.
  let functions: [DiscoveredFunction]
  let passedOver: [PassedOver]
  /// All that is wrong; what builds or writes settings refuses it.
  let faults: [Fault]

  /// What is wrong with `unit`.
  func faults(of unit: String) -> [PackagerError] { faults.filter { $0.unit == unit }.map(\.error) }
}
