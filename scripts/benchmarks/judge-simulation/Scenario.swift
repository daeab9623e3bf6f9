internal import Release

/// A canary of 10 % for half an hour, after an hour of the stable version alone.
struct Scenario {
  static let minutes = 30
  private static let weight = 0.1
  private static let history = 60

  let name: String
  /// Invocations a minute of both versions together.
  let perMinute: Double
  /// The rate at which the stable version fails.
  let stable: Double
  /// The rate at which the canary fails from minute ``begins`` on; nil where it is no worse.
  var canary: Double?
  var begins = 0
  /// The rate at which both versions fail for five minutes.
  var outage: Double?

  /// One rollout: the minutes before it, and those of it.
  func rollout(_ chance: inout Chance) -> (history: [Counts], minutes: [Minute]) {
    let history = (0..<Self.history).map { _ in counts(perMinute, stable, &chance) }
    let minutes = (0..<Self.minutes).map { place in
      let shared = (12..<17).contains(place) ? outage ?? stable : stable
      let own = place >= begins ? max(canary ?? shared, shared) : shared
      return Minute(
        canary: counts(perMinute * Self.weight, own, &chance),
        stable: counts(perMinute * (1 - Self.weight), shared, &chance))
    }
    return (history, minutes)
  }

  private func counts(_ perMinute: Double, _ rate: Double, _ chance: inout Chance) -> Counts {
    let errors = chance.poisson(perMinute * rate)
    return Counts(invocations: errors + chance.poisson(perMinute * (1 - rate)), errors: errors)
  }

  static let all: [Scenario] =
    [(5.0, 0.01), (60, 0.001), (60, 0.01), (600, 0.001), (600, 0.01), (6_000, 0.001)].map { perMinute, rate in
      Scenario(name: "equal", perMinute: perMinute, stable: rate)
    } + [
      Scenario(name: "equal, both fail for 5 minutes", perMinute: 600, stable: 0.001, outage: 0.3),
      Scenario(name: "always fails", perMinute: 5, stable: 0.001, canary: 1),
      Scenario(name: "always fails", perMinute: 60, stable: 0.001, canary: 1),
      Scenario(name: "fails 5 %", perMinute: 60, stable: 0.001, canary: 0.05),
      Scenario(name: "fails 10 x as often", perMinute: 600, stable: 0.001, canary: 0.01),
      Scenario(name: "fails 5 x as often", perMinute: 600, stable: 0.01, canary: 0.05),
      Scenario(name: "fails 3 x as often", perMinute: 6_000, stable: 0.001, canary: 0.003),
      Scenario(name: "fails 5 % from minute 16 on", perMinute: 600, stable: 0.005, canary: 0.05, begins: 15),
    ]
}
