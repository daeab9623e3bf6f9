/// A share or a rate as people read it. A weight as it is typed is told by ``Weight``.
package enum Percent {
  /// `0 %`, `0.03 %`, `1.43 %`, `12.5 %`: what is not nothing is never `0 %`, and what is not all never `100 %`.
  ///
  /// - Parameter share: from 0 to 1.
  package static func text(_ share: Double) -> String {
    let percent = share * 100
    let text = percent.formatted(digits: percent < 10 ? 2 : 1)
    if percent > 0, text == "0" { return "<0.01 %" }
    if percent < 100, text == "100" { return ">99.9 %" }
    return text + " %"
  }

  /// `41: 90 %, 42: 10 %`: the share of each version, the largest first.
  package static func text(_ shares: [String: Double]) -> String {
    shares.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key): \(text($0.value))" }
      .joined(separator: ", ")
  }
}
