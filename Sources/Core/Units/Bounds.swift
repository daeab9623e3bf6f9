extension Int {
  /// The whole number nearest to `value`, and the nearest that fits where it does not; 0 for not-a-number.
  ///
  /// `Int(_: Double)` ends the process for what is too large. Numbers that come from outside go through this one.
  package init(clamping value: Double) {
    if value.isNaN {
      self = 0
    } else if value >= 0x1p63 {
      self = .max
    } else if value < -0x1p63 {
      self = .min
    } else {
      self = Int(value.rounded())
    }
  }
}
