import Core
import Glibc
import Release

/// Traffic with a fixed seed: Poisson counts, spread by weight, failing at a rate.
struct Traffic {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(state: seed) }

  mutating func uniform() -> Double { Double.random(in: 0..<1, using: &generator) }

  /// A standard normal number.
  mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * Double.pi * uniform())
  }

  mutating func poisson(_ mean: Double) -> Int {
    // Close enough to normal there.
    guard mean < 40 else { return max(0, Int((mean + mean.squareRoot() * normal()).rounded())) }
    let limit = exp(-mean)
    var count = 0
    var product = uniform()
    while product > limit {
      count += 1
      product *= uniform()
    }
    return count
  }

  /// One minute of one version.
  ///
  /// - Parameter cluster: how many errors come together, all of them on this version.
  mutating func counts(perMinute: Double, failing rate: Double, cluster: Int = 1) -> Counts {
    let errors = poisson(perMinute * rate / Double(cluster)) * cluster
    return Counts(invocations: errors + poisson(perMinute * (1 - rate)), errors: errors)
  }

  mutating func minute(
    perMinute: Double, weight: Double, stable: Double, canary: Double, cluster: Int = 1
  ) -> Minute {
    Minute(
      canary: counts(perMinute: perMinute * weight, failing: canary, cluster: cluster),
      stable: counts(perMinute: perMinute * (1 - weight), failing: stable, cluster: cluster))
  }
}
