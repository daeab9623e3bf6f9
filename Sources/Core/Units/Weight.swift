/// A share of an alias's traffic: above 0, up to 1.
package struct Weight: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The share as Lambda takes it in `AdditionalVersionWeights`: above 0.0, up to 1.0.
  package let fraction: Double

  /// All traffic.
  package static let all = Weight(unchecked: 1)

  /// Nil unless `fraction` is above 0 and at most 1.
  package init?(fraction: Double) {
    guard fraction > 0, fraction <= 1 else { return nil }
    self.init(unchecked: fraction)
  }

  private init(unchecked fraction: Double) {
    self.fraction = fraction
  }

  /// Reads `10%`, `0.5%`, or `10`, which means 10 %.
  ///
  /// - Throws: ``UnitError`` for 0 %, more than 100 %, less than 0.1 % and anything that is no number.
  package init(parsing text: String) throws(UnitError) {
    let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
    let plain = digits.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard plain, let percent = Double(digits), percent >= 0.1, percent <= 100 else { throw .weight(text) }
    self.init(unchecked: percent / 100)
  }

  /// Orders by share.
  package static func < (a: Weight, b: Weight) -> Bool { a.fraction < b.fraction }

  /// The share in percent.
  package var percent: Double { fraction * 100 }

  /// `10%`, `0.5%`.
  package var description: String { percent.formatted(digits: 2) + "%" }
}
