package import Core

/// The name of one release: when it began and which commit it ships, `20261121T054900Z-3f2a1c9`.
package struct ReleaseID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// When the release began, in whole seconds.
  package let time: Timestamp
  /// The first seven hexadecimal digits of the commit, or random ones where there is no commit.
  package let suffix: String

  private static let suffixLength = 7

  /// Names a release that begins at `time`.
  ///
  /// - Parameters:
  ///   - time: AWS's time; fractions of a second are cut off.
  ///   - commit: the full or abbreviated commit id; taken when it has at least seven hexadecimal digits.
  ///   - random: the bytes that stand in for the commit; four of them are enough, missing ones count as zero.
  package init(time: Timestamp, commit: String?, random: [UInt8]) {
    self.time = Timestamp(seconds: time.seconds.rounded(.down))
    let digits = (commit ?? "").lowercased().prefix(Self.suffixLength)
    if Self.isSuffix(digits) {
      suffix = String(digits)
    } else {
      suffix = String(Hex.encode(random + [0, 0, 0, 0]).prefix(Self.suffixLength))
    }
  }

  /// Reads the text form; nil for anything else.
  package init?(parsing text: some StringProtocol) {
    let halves = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, let time = Timestamp(iso8601: halves[0]), time.basic == halves[0],
      Self.isSuffix(halves[1])
    else { return nil }
    self.time = time
    suffix = String(halves[1])
  }

  /// The text form, 24 characters.
  package var description: String { "\(time.basic)-\(suffix)" }

  /// Orders by time, then by suffix.
  package static func < (a: ReleaseID, b: ReleaseID) -> Bool { (a.time, a.suffix) < (b.time, b.suffix) }

  private static func isSuffix(_ text: some StringProtocol) -> Bool {
    text.utf8.count == suffixLength && DescriptionLine.isLowerHex(text)
  }
}
