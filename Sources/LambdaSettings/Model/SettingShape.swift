/// What the value of a setting must be, as AWS's model of Lambda says it.
package indirect enum SettingShape: Sendable {
  case text(SettingText)
  case choice([String])
  case boolean
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  /// A list of so many elements.
  case list(SettingShape, count: ClosedRange<Int>)
  /// Names that are data, and texts.
  case map(SettingMap)
  case object([SettingMember])
  /// The same, or null for none.
  case optional(SettingShape)
}

/// A member of an object.
package struct SettingMember: Sendable {
  /// The key of a manifest: `subnetIds`.
  package let key: String
  /// The name in the API: `SubnetIds`.
  package let member: String
  /// What it takes.
  package let shape: SettingShape
  /// What it is, in a sentence.
  package let doc: String
  /// Whether Lambda takes no object without it.
  package let isRequired: Bool
  /// The sibling, and its value, without which Lambda refuses this one.
  package let condition: (member: String, value: String)?

  init(
    _ key: String, _ shape: SettingShape, _ doc: String, api: String? = nil, isRequired: Bool = false,
    condition: (member: String, value: String)? = nil
  ) {
    self.key = key
    member = api ?? key.capitalised
    self.shape = shape
    self.doc = doc
    self.isRequired = isRequired
    self.condition = condition
  }
}

/// What a text must be.
package struct SettingText: Sendable {
  /// How many characters it may have.
  package let length: ClosedRange<Int>
  /// What all of it must fit; nil for anything.
  package let pattern: TextPattern?
  /// The rule in the user's words, with its article: `the ARN of a role, such as …`; nil where only the length counts.
  package let words: String?

  /// - Parameter pattern: as AWS's model writes it.
  init(_ length: ClosedRange<Int>, _ pattern: String? = nil, _ words: String? = nil) {
    self.length = length
    self.pattern = pattern.flatMap { TextPattern($0) }
    self.words = words
  }

  /// What `text` breaks, as the end of a sentence that names it; nil where it is right.
  ///
  /// The text itself is not in it: it may be a secret.
  package func fault(in text: String) -> String? {
    let count = text.unicodeScalars.count
    if count > length.upperBound {
      return "must have at most \(length.upperBound) characters, and has \(count)"
    }
    if count < length.lowerBound {
      return count == 0
        ? "must not be empty" : "must have at least \(length.lowerBound) characters, and has \(count)"
    }
    guard let pattern, !pattern.matches(text) else { return nil }
    return "must be \(words ?? "a text of the form \(pattern.source)")"
  }
}

/// What a map of texts must be.
package struct SettingMap: Sendable {
  /// What each name must be.
  package let key: SettingText
  /// What each value must be.
  package let value: SettingText
  /// How many there may be.
  package let count: ClosedRange<Int>
  /// Names that Lambda keeps for itself.
  package let reserved: Set<String>
  /// What no name may begin with, whatever its letters' case; nil where any may.
  package let reservedPrefix: String?
  /// Bytes that all of it may have as JSON; nil without a bound.
  package let totalBytes: Int?

  init(
    key: SettingText, value: SettingText, count: ClosedRange<Int>, reserved: Set<String> = [],
    reservedPrefix: String? = nil, totalBytes: Int? = nil
  ) {
    self.key = key
    self.value = value
    self.count = count
    self.reserved = reserved
    self.reservedPrefix = reservedPrefix
    self.totalBytes = totalBytes
  }

  /// What a name breaks, as the end of a sentence that names it; nil where it is right.
  package func fault(inKey name: String) -> String? {
    if reserved.contains(name) { return "is reserved: Lambda sets it itself" }
    if let reservedPrefix, name.lowercased().hasPrefix(reservedPrefix) {
      return "is reserved: names that begin with \(reservedPrefix) are AWS's own"
    }
    return key.fault(in: name)
  }
}

extension String {
  /// The same with a capital letter first: a manifest's key as the API spells it.
  var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
