internal import Core
internal import Glibc

/// Numbers as sentences use them.
enum Wording {
  /// `4 210`.
  static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(" ") }
      text.append(digit)
    }
    return text
  }

  /// `4 210 invocations`, `1 invocation`.
  static func count(_ value: Int, _ noun: String) -> String {
    "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  /// A share as `1.43 %`; below a hundredth of a percent with two significant digits.
  static func percent(_ share: Double?) -> String {
    guard let share else { return "unknown" }
    let percent = share * 100
    guard percent > 0, percent < 0.01 else { return percent.formatted(digits: 2) + " %" }
    return percent < 1e-6
      ? "under 0.000001 %" : significant(percent, .toNearestOrEven).formatted(digits: 8) + " %"
  }

  /// A share with one digit after the point, two below 1 %: `10 %`, `0.25 %`.
  static func share(_ share: Double?) -> String {
    guard let share, share >= 0.01 else { return percent(share) }
    return (share * 100).formatted(digits: 1) + " %"
  }

  /// A bound on a share, with two significant digits and never below the bound: `0.072 %`.
  static func bound(_ share: Double) -> String { significant(share * 100, .up).formatted(digits: 8) + " %" }

  /// A rough share with two significant digits: `1.8 %`.
  static func about(_ share: Double) -> String {
    significant(share * 100, .toNearestOrEven).formatted(digits: 8) + " %"
  }

  /// The `9 600` of "less than 1 in 9 600": rounded down to two significant digits, at most a thousand million.
  static func oneIn(logE: Double) -> String {
    var value = Int(exp(min(max(logE, 0), log(1e9) + 1e-9)))
    var zeroes = 1
    while value >= 100 {
      value /= 10
      zeroes *= 10
    }
    return count(value * zeroes)
  }

  private static func significant(_ value: Double, _ rule: FloatingPointRoundingRule) -> Double {
    guard value > 0, value.isFinite else { return value }
    var scale = 1.0
    while value * scale < 10 { scale *= 10 }
    while value * scale >= 100 { scale /= 10 }
    // Away from the last bit, so that a round bound such as 3/300 stays round.
    return (value * scale * (1 - 1e-12)).rounded(rule) / scale
  }
}
