internal import Glibc

/// Chance that repeats itself (SplitMix64), and traffic out of it.
struct Chance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  private mutating func uniform() -> Double { Double.random(in: 0..<1, using: &self) }

  /// A number of events of which `mean` are expected.
  mutating func poisson(_ mean: Double) -> Int {
    guard mean < 40 else {
      // Close enough to normal there.
      let normal = (-2 * log(1 - uniform())).squareRoot() * cos(2 * Double.pi * uniform())
      return max(0, Int((mean + mean.squareRoot() * normal).rounded()))
    }
    let limit = exp(-mean)
    var count = 0
    var product = uniform()
    while product > limit {
      count += 1
      product *= uniform()
    }
    return count
  }
}
