internal import Core

extension RolloutOptions {
  /// The options by which promote and resume go on as a run with these would.
  var words: [String] {
    var words = strategy?.words ?? []
    if let bake { words += ["--bake", "\(bake)"] }
    if let onInterrupt { words += ["--on-interrupt", onInterrupt.rawValue] }
    if let onLowTraffic { words += ["--on-low-traffic", onLowTraffic.rawValue] }
    return words
  }
}

extension Strategy {
  /// The option that means it.
  fileprivate var words: [String] {
    switch self {
    case .canary(let weight, let time): ["--canary", time.map { "\(weight):\($0)" } ?? "\(weight)"]
    case .linear(let weight, let time): ["--linear", "\(weight):\(time)"]
    case .steps(let plan): ["--steps", "\(plan)"]
    case .blueGreen: ["--blue-green"]
    case .allAtOnce: ["--all-at-once"]
    }
  }
}
