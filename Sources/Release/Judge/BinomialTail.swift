internal import Glibc

/// The upper tail of the binomial distribution, exact for small counts and stable for huge ones.
enum BinomialTail {
  /// P(Bin(`trials`, `chance`) >= `hits`), as the regularised incomplete beta function I(chance; hits,
  /// trials - hits + 1), which also reads counts that were divided by a dispersion.
  static func probability(atLeast hits: Double, of trials: Double, chance: Double) -> Double {
    guard hits > 0 else { return 1 }
    guard hits <= trials, chance > 0 else { return 0 }
    guard chance < 1 else { return 1 }
    return incompleteBeta(chance, hits, trials - hits + 1)
  }

  private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
    // The fraction converges fast on this side of the mean only; the other side is the complement.
    if x < (a + 1) / (a + b + 2) { return min(front * fraction(x, a, b) / a, 1) }
    return max(1 - front * fraction(1 - x, b, a) / b, 0)
  }

  /// The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method. It needs about the
  /// square root of the larger parameter in turns.
  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var result = d
    for turn in 1...1_000_000 {
      let m = Double(turn)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      let change = d * c
      result *= change
      if abs(change - 1) < 1e-14 { break }
    }
    return result
  }

  /// The logarithm of the gamma function for positive arguments: Stirling's series from 10 on (DLMF 5.11.1).
  /// The C library's own writes a global.
  static func logGamma(_ value: Double) -> Double {
    var x = value
    var shift = 0.0
    while x < 10 {
      shift += log(x)
      x += 1
    }
    let square = 1 / (x * x)
    let series =
      (1 / 12.0 - square * (1 / 360.0 - square * (1 / 1_260.0 - square * (1 / 1_680.0 - square / 1_188.0))))
      / x
    return (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series - shift
  }
}
