/// A length of time, at most ``longest`` either way: arithmetic on it cannot overflow.
package struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Length in seconds; fractions allowed.
  package let seconds: Double

  /// 1e12 seconds, some 31,700 years.
  package static let longest = TimeSpan(seconds: 1e12)
  /// What a person may ask for: 366 days, in seconds.
  private static let longestWritten = 366.0 * 86_400

  /// A span of `seconds`; beyond ``longest`` that is taken, and none for not-a-number.
  package init(seconds: Double) {
    self.seconds = seconds.isNaN ? 0 : min(max(seconds, -1e12), 1e12)
  }

  /// A span of `value` seconds.
  package static func seconds(_ value: Double) -> TimeSpan { TimeSpan(seconds: value) }

  /// A span of `value` minutes.
  package static func minutes(_ value: Double) -> TimeSpan { TimeSpan(seconds: value * 60) }

  /// No time at all.
  package static let zero = TimeSpan(seconds: 0)

  /// Orders by length.
  package static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.seconds < b.seconds }

  /// The sum of two spans.
  package static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan { TimeSpan(seconds: a.seconds + b.seconds) }

  /// `factor` times the span.
  package static func * (span: TimeSpan, factor: Double) -> TimeSpan {
    TimeSpan(seconds: span.seconds * factor)
  }

  /// Reads `90s`, `5m`, `1h` or `2d`, and sums of them such as `1h30m`.
  ///
  /// - Throws: ``UnitError`` when the text is anything else, or more than 366 days. A bare number is refused, because nobody can tell
  ///   whether seconds or minutes are meant.
  package init(parsing text: String) throws(UnitError) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    var total = 0.0
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber || character == "." {
        digits.append(character)
        continue
      }
      guard let unit = units[character], let value = Double(digits), value.isFinite else {
        throw .time(text, missingUnit: false)
      }
      total += value * unit
      digits = ""
    }
    guard digits.isEmpty, !text.isEmpty else { throw .time(text, missingUnit: Double(text) != nil) }
    guard total <= Self.longestWritten else { throw .tooLong(text) }
    self.init(seconds: total)
  }

  /// The shortest form that ``init(parsing:)`` reads back: `90s`, `5m`, `1h30m`.
  package var description: String {
    guard seconds >= 60, seconds == seconds.rounded() else { return seconds.formatted(digits: 3) + "s" }
    let whole = Int(seconds)
    let parts = [(whole / 3_600, "h"), (whole / 60 % 60, "m"), (whole % 60, "s")]
    return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
  }
}
