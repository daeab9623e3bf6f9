internal import Core

/// Who drives a rollout: a run of a pipeline or a person, in at most 24 characters.
///
/// A name that is too long keeps its beginning and ends in `~` and six digits of its SHA-256, so that two runs of
/// one pipeline stay apart. Where the record has no room for that, only `~` and the digits are left.
package struct RecordOwner: Hashable, Sendable, CustomStringConvertible {
  /// The form that the record carries.
  package let description: String

  private static let longest = 24

  /// The owner called `name`; blanks and characters outside ASCII become `-`.
  package init(_ name: String) {
    let token = DescriptionLine.token(name.isEmpty ? "unknown" : name, atMost: .max)
    if token.count <= Self.longest {
      description = token
    } else {
      description = token.prefix(Self.longest - 7) + Self.mark(of: token)
    }
  }

  private init(form: String) {
    description = form
  }

  /// The shortest form: `~` and six hexadecimal digits.
  package var short: RecordOwner {
    guard description.count > 7 else { return self }
    guard !isMarked else { return RecordOwner(form: String(description.suffix(7))) }
    return RecordOwner(form: Self.mark(of: description))
  }

  private var isMarked: Bool {
    let end = description.suffix(7)
    return end.first == "~" && DescriptionLine.isLowerHex(end.dropFirst())
  }

  private static func mark(of text: String) -> String { "~" + SHA256.digest(of: text).hex.prefix(6) }
}
