/// Shares of a whole that may be smaller than the smallest weight of an alias.
enum Percentage {
  /// The fraction that `5%` or `0.05%` names; nil unless it is above 0 % and up to 100 %.
  static func fraction(of text: String) -> Double? {
    guard text.hasSuffix("%"), let percent = plainNumber(text.dropLast()), percent > 0, percent <= 100 else {
      return nil
    }
    return percent / 100
  }
}

/// A number in plain digits: no sign, exponent, `nan` or hexadecimal.
private func plainNumber(_ text: some StringProtocol) -> Double? {
  guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }) else { return nil }
  return Double(text)
}

/// How often something happens.
package struct EventRate: Hashable, Sendable {
  /// Events a second, at most ``most``.
  package let perSecond: Double

  /// More than the handlers of one machine can answer.
  private static let most = 10_000.0

  /// Reads `20/s`, `5/m` or `100/h`; nil for anything else.
  package init?(parsing text: String) {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    let units: [Substring: Double] = ["s": 1, "m": 60, "h": 3_600]
    guard halves.count == 2, let unit = units[halves[1]], let count = plainNumber(halves[0]),
      count / unit <= Self.most
    else { return nil }
    perSecond = count / unit
  }
}

/// Where an environment's AWS is.
package enum EndpointSetting: Hashable, Sendable {
  /// The embedded sandbox.
  case sandbox
  /// Any endpoint, as an `http` or `https` URL.
  case url(String)

  init?(parsing text: String) {
    if text == "sandbox" {
      self = .sandbox
    } else if text.hasPrefix("http://") && text.count > 7 || text.hasPrefix("https://") && text.count > 8 {
      self = .url(text)
    } else {
      return nil
    }
  }
}

/// Which releases of lamctl a repository wants.
package struct VersionRequirement: Hashable, Sendable, CustomStringConvertible {
  private let isExact: Bool
  private let numbers: [Int]

  /// Reads `>=0.1`, `=0.3.2` or `0.3.2`, which means exactly that; nil for anything else.
  init?(parsing text: String) {
    let trimmed = text.filter { $0 != " " }
    isExact = !trimmed.hasPrefix(">=")
    let digits =
      isExact ? (trimmed.hasPrefix("=") ? trimmed.dropFirst() : trimmed[...]) : trimmed.dropFirst(2)
    guard let numbers = Self.numbers(digits) else { return nil }
    self.numbers = numbers
  }

  private static func numbers(_ text: Substring) -> [Int]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.utf8.allSatisfy { (48...57).contains($0) } ? Int($0) : nil }
    return (1...3).contains(parts.count) && numbers.count == parts.count ? numbers : nil
  }

  /// Whether the release `version`, such as `0.3.2` or `0.3.2-dev`, will do. Missing numbers of the requirement
  /// allow any.
  package func allows(_ version: String) -> Bool {
    guard let have = Self.numbers(version.prefix { $0 != "-" && $0 != "+" }) else { return false }
    let padded = have + [Int](repeating: 0, count: 3 - have.count)
    if isExact { return padded.starts(with: numbers) }
    let wanted = numbers + [Int](repeating: 0, count: 3 - numbers.count)
    return !padded.lexicographicallyPrecedes(wanted)
  }

  /// The form it is written in.
  package var description: String {
    (isExact ? "=" : ">=") + numbers.map(String.init).joined(separator: ".")
  }
}
