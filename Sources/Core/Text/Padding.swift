extension BinaryInteger {
  /// Decimal digits with zeroes in front up to `width`.
  package func padded(to width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Double {
  /// Plain decimal notation with up to `digits` digits after the point, trailing zeroes removed: `0.5`, `10`.
  package func formatted(digits: Int) -> String {
    guard isFinite else { return self > 0 ? "infinite" : "unknown" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (magnitude * scale).rounded()
    guard scaled < 1e18 else { return String(self) }
    let whole = Int(scaled / scale)
    var fraction = (Int(scaled) - whole * Int(scale)).padded(to: digits)
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let sign = self < 0 && scaled > 0 ? "-" : ""
    return digits == 0 || fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
  }
}
