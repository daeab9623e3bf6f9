internal import Core

/// Where an alias sends its traffic: the two fields that one UpdateAlias always sets together.
enum Routing: Hashable, Sendable {
  /// One version has everything.
  case all(String)
  /// `canary` gets `weight`, `main` the rest.
  case split(main: String, canary: String, weight: Weight)

  /// `FunctionVersion`.
  var version: String {
    switch self {
    case .all(let version): version
    case .split(let main, _, _): main
    }
  }

  /// `AdditionalVersionWeights`; empty clears what was there.
  var weights: [String: Double] {
    switch self {
    case .all: [:]
    case .split(_, let canary, let weight): [canary: weight.fraction]
    }
  }
}

extension RolloutRecord {
  /// Where the alias that bears this record sends its traffic; nil where the record does not name the versions.
  var routing: Routing? {
    switch state {
    case .canary, .hold:
      guard let stable, let canary else { return nil }
      return .split(main: stable, canary: canary, weight: weight ?? .all)
    case .bake, .commit: return canary.map(Routing.all)
    case .idle, .triggers, .rolledBack: return stable.map(Routing.all)
    }
  }
}
