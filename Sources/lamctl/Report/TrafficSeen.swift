internal import Release

/// Where a run has moved traffic, as its events tell it. Pure: events in, places out.
struct TrafficSeen: Equatable, Sendable {
  /// What a function's traffic was last seen at.
  enum Standing: Hashable, Sendable {
    /// A version on trial has some of it, or all while rollback is armed; nil where no event names the version.
    case onTrial(version: String?)
    /// The new version has it for good.
    case promoted
    /// It is back.
    case back
  }

  /// By logical name; functions whose traffic this run did not move are not there.
  private(set) var places: [String: Standing] = [:]

  /// Functions that would go back if the run were to stop now.
  var onTrial: Int { places.values.count { if case .onTrial = $0 { true } else { false } } }

  /// Takes one more event in.
  mutating func note(_ event: ReleaseEvent) {
    switch event {
    case .resumed(let function, _, _, _): places[function] = .onTrial(version: nil)
    case .shifted(let function, let version, _, _, _, _), .baking(let function, let version, _):
      places[function] = .onTrial(version: version)
    case .promoted(let function, _): places[function] = .promoted
    case .rolledBack(let function, _, _): places[function] = .back
    default: break
    }
  }
}
