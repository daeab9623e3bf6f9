/// How counts bunch: the stable version's, before the canary and beside it.
enum Dispersion {
  /// As far back as the judge looks.
  static let historyMinutes = 180
  private static let fewestHits = 10
  private static let largest = 100.0
  private static let blocks = [1, 5, 15]
  /// One incident is left out: this many minutes, around the five with the most errors.
  private static let incident = 15
  private static let incidentFrom = 30
  private static let worst = 5

  /// The largest dispersion of the history's last 180 minutes, of the minutes beside the canary, and of both after one
  /// another: 1 for independent counts, at most 100.
  static func phi(history: [Tally], beside: [Tally]) -> Double {
    let history = Array(history.suffix(historyMinutes))
    let both = history.isEmpty || beside.isEmpty ? 1 : dispersion(history + beside)
    return max(dispersion(history), dispersion(beside), both)
  }

  /// The mean squared second difference of the rates over its expectation for independent counts, in blocks of 1, 5 and
  /// 15 minutes. Second differences do not see a level, nor a trend: a rate that drifts is not one that bunches.
  static func dispersion(_ minutes: [Tally]) -> Double {
    let minutes = withoutIncident(minutes)
    let sum = Tally.sum(minutes)
    guard sum.hits >= fewestHits, let rate = sum.rate else { return 1 }
    let found = blocks.compactMap { size in
      squaredDifferences(blocked(minutes, size), rate: rate)
    }
    return min(max(1, found.max() ?? 1), largest)
  }

  private static func withoutIncident(_ minutes: [Tally]) -> [Tally] {
    guard minutes.count >= incidentFrom else { return minutes }
    var window = minutes.prefix(worst).reduce(0) { $0 + $1.hits }
    var (first, most) = (0, window)
    for start in 1...(minutes.count - worst) {
      window += minutes[start + worst - 1].hits - minutes[start - 1].hits
      if window > most { (first, most) = (start, window) }
    }
    let begin = min(max(first - (incident - worst) / 2, 0), minutes.count - incident)
    return Array(minutes[..<begin] + minutes[(begin + incident)...])
  }

  private static func blocked(_ minutes: [Tally], _ size: Int) -> [Tally] {
    guard size > 1 else { return minutes }
    return (0..<minutes.count / size).map { .sum(minutes[$0 * size..<($0 + 1) * size]) }
  }

  /// Nil where chance alone explains what there is: with `m` differences, 2.33 standard deviations above 1.
  private static func squaredDifferences(_ blocks: [Tally], rate: Double) -> Double? {
    guard blocks.count >= 3 else { return nil }
    var sum = 0.0
    var count = 0
    for index in 0..<blocks.count - 2 {
      let (a, b, c) = (blocks[index], blocks[index + 1], blocks[index + 2])
      guard a.invocations > 0, b.invocations > 0, c.invocations > 0 else { continue }
      let (n1, n2, n3) = (Double(a.invocations), Double(b.invocations), Double(c.invocations))
      let difference = Double(c.hits) / n3 - 2 * Double(b.hits) / n2 + Double(a.hits) / n1
      sum += difference * difference / (rate * (1 / n3 + 4 / n2 + 1 / n1))
      count += 1
    }
    guard count > 0 else { return nil }
    let mean = sum / Double(count)
    return mean > 1 + 2.33 * (3.9 / Double(count)).squareRoot() ? mean : nil
  }
}
