internal import Glibc

/// How many times as high the canary's odds of failing may be, and means over it.
enum OddsGrid {
  static let ratios: [Double] = [1.5, 2.5, 5, 20, 1_000]
  static let logs = ratios.map { log($0) }
  static let count = ratios.count
}

/// Sums and means of values whose logarithms are known.
enum Logarithms {
  /// The logarithm of the sum.
  static func sum(_ logs: some Collection<Double>) -> Double {
    guard let largest = logs.max(), largest > -.infinity else { return -.infinity }
    return largest + log(logs.reduce(0) { $0 + exp($1 - largest) })
  }

  /// The logarithm of the mean.
  static func mean(_ logs: some Collection<Double>) -> Double { sum(logs) - log(Double(logs.count)) }

  /// The value of a logarithm, at most about the largest finite number.
  static func value(_ logarithm: Double) -> Double { exp(min(logarithm, 709.78)) }
}

/// For each start of ``ChangePoints`` and each ratio of ``OddsGrid`` the logarithm of a likelihood ratio.
struct Likelihoods {
  let points: ChangePoints
  /// One row of ``OddsGrid/count`` values a start.
  var logs: [Double]

  init(minutes: Int) {
    points = ChangePoints(minutes: minutes)
    logs = [Double](repeating: 0, count: points.count * OddsGrid.count)
  }

  subscript(start: Int, ratio: Int) -> Double {
    get { logs[start * OddsGrid.count + ratio] }
    set { logs[start * OddsGrid.count + ratio] = newValue }
  }

  /// The logarithm of each start's part of the evidence: what is staked on it times the mean over the ratios.
  private var parts: [Double] {
    (0..<points.count).map { start in
      let row = logs[start * OddsGrid.count..<(start + 1) * OddsGrid.count]
      return log(points.stake(start)) + Logarithms.mean(row)
    }
  }

  /// The logarithm of the evidence, what is kept included, and the start that explains most.
  var evidence: (log: Double, start: Int) {
    let parts = parts
    var strongest = 0
    for start in parts.indices where parts[start] > parts[strongest] { strongest = start }
    return (Logarithms.sum(parts + [log(points.kept)]), strongest)
  }

  /// The logarithm of the evidence without what is kept; minus infinity without minutes.
  var spent: Double { Logarithms.sum(parts) }
}
