/// A statistic of a metric's points.
enum Statistic: Hashable, Sendable {
  case sum, average, minimum, maximum, sampleCount
  case percentile(Double)
  /// `TC(low:high)`: how many values lie between.
  case count(above: Double?, upTo: Double?)

  init?(_ text: String) {
    switch text {
    case "Sum": self = .sum
    case "Average": self = .average
    case "Minimum": self = .minimum
    case "Maximum": self = .maximum
    case "SampleCount": self = .sampleCount
    default:
      if text.hasPrefix("p"), let percent = Double(text.dropFirst()), (0...100).contains(percent) {
        self = .percentile(percent)
        return
      }
      guard text.hasPrefix("TC("), text.hasSuffix(")") else { return nil }
      let bounds = text.dropFirst(3).dropLast().split(separator: ":", omittingEmptySubsequences: false)
      guard bounds.count == 2, bounds.allSatisfy({ $0.isEmpty || Double($0) != nil }) else { return nil }
      self = .count(above: Double(bounds[0]), upTo: Double(bounds[1]))
    }
  }
}

/// The points of one metric in one period, in a form that every statistic can be taken of.
struct Sample: Sendable {
  var sum = 0.0
  var count = 0.0
  var minimum = Double.infinity
  var maximum = -Double.infinity
  var histogram: DurationHistogram?

  mutating func add(_ other: Sample) {
    sum += other.sum
    count += other.count
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    if let more = other.histogram {
      var merged = histogram ?? DurationHistogram()
      merged.add(more)
      histogram = merged
    }
  }

  /// Nil when the points do not say.
  func value(_ statistic: Statistic) -> Double? {
    guard count > 0 else { return nil }
    switch statistic {
    case .sum: return sum
    case .average: return sum / count
    case .minimum: return minimum
    case .maximum: return maximum
    case .sampleCount: return count
    case .percentile(let percent): return histogram?.percentile(percent)
    case .count(let low, let high): return histogram.map { Double($0.count(above: low, upTo: high)) }
    }
  }
}
