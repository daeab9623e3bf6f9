package import Core

/// Evidence in a file that cannot be understood, and where.
package struct EvidenceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, or `-` for standard input.
  package let file: String
  /// Where it goes wrong.
  package let position: JSONNode.Position
  /// What is wrong there and what belongs there, in half a sentence.
  package let reason: String

  /// `evidence.json:3:7: …`.
  package var description: String { "\(file):\(position.line):\(position.column): \(reason)" }
}

/// Reads typed values out of positioned JSON. Every key must be known.
struct EvidenceReader {
  let file: String

  func fault(_ node: JSONNode, _ reason: String) -> EvidenceError {
    EvidenceError(file: file, position: node.position, reason: reason)
  }

  /// The members of an object that may have `keys` only.
  func object(_ node: JSONNode, _ name: String, keys: [String]) throws(EvidenceError) {
    guard case .object(let members) = node.kind else { throw mismatch(node, name, "an object") }
    for member in members where !keys.contains(member.key) {
      let hint = Suggestion.nearest(to: member.key, in: keys).map { "; did you mean '\($0)'?" } ?? ""
      let known = hint.isEmpty ? "; known are \(keys.joined(separator: ", "))" : hint
      throw EvidenceError(
        file: file, position: member.keyPosition, reason: "\(name) has no key '\(member.key)'\(known)")
    }
  }

  /// The members of an object that may have any keys.
  func members(
    _ node: JSONNode, _ name: String
  ) throws(EvidenceError) -> [(key: String, value: JSONNode)] {
    guard case .object(let members) = node.kind else { throw mismatch(node, name, "an object") }
    return members.map { ($0.key, $0.value) }
  }

  func list(_ node: JSONNode, _ name: String) throws(EvidenceError) -> [JSONNode] {
    guard case .array(let elements) = node.kind else { throw mismatch(node, name, "an array") }
    return elements
  }

  func string(_ node: JSONNode, _ name: String) throws(EvidenceError) -> String {
    guard case .string(let text) = node.kind else { throw mismatch(node, name, "a string") }
    return text
  }

  func bool(_ node: JSONNode, _ name: String) throws(EvidenceError) -> Bool {
    guard case .bool(let value) = node.kind else { throw mismatch(node, name, "true or false") }
    return value
  }

  /// A whole number from 0 to 2^40.
  func whole(_ node: JSONNode, _ name: String) throws(EvidenceError) -> Int {
    guard let value = node.json.int, value >= 0, value <= Counts.largest else {
      throw mismatch(node, name, "a whole number from 0 to \(Counts.largest)")
    }
    return value
  }

  func number(_ node: JSONNode, _ name: String) throws(EvidenceError) -> Double {
    guard let value = node.json.double, value.isFinite else { throw mismatch(node, name, "a number") }
    return value
  }

  /// A moment: `2026-11-21T05:49:00Z`.
  func moment(_ node: JSONNode, _ name: String) throws(EvidenceError) -> Timestamp {
    guard let moment = Timestamp(iso8601: try string(node, name)) else {
      throw mismatch(node, name, "a time such as \"2026-11-21T05:49:00Z\"")
    }
    return moment
  }

  /// A length of time: `20m`, or seconds as a number.
  func span(_ node: JSONNode, _ name: String) throws(EvidenceError) -> TimeSpan {
    if let seconds = node.json.double, seconds >= 0, seconds.isFinite { return .seconds(seconds) }
    guard case .string(let text) = node.kind, let span = try? TimeSpan(parsing: text) else {
      throw mismatch(node, name, "a time such as \"20m\"")
    }
    return span
  }

  func word<Word: RawRepresentable & CaseIterable>(
    _ node: JSONNode, _ name: String, _: Word.Type
  ) throws(EvidenceError) -> Word where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    guard case .string(let text) = node.kind, let value = Word(rawValue: text) else {
      throw mismatch(node, name, words.map { "\"\($0)\"" }.joined(separator: " or "))
    }
    return value
  }

  /// The value of a key that must be there.
  func required(_ node: JSONNode, _ key: String, of name: String) throws(EvidenceError) -> JSONNode {
    guard let value = node[key] else { throw fault(node, "\(name) needs the key '\(key)'") }
    return value
  }

  /// The value of a key that is there and not null.
  func present(_ node: JSONNode, _ key: String) -> JSONNode? {
    guard let value = node[key] else { return nil }
    if case .null = value.kind { return nil }
    return value
  }

  func mismatch(_ node: JSONNode, _ name: String, _ wanted: String) -> EvidenceError {
    fault(node, "\(name) must be \(wanted), not \(node.typeName)\(Self.shown(node))")
  }

  private static func shown(_ node: JSONNode) -> String {
    switch node.kind {
    case .number(let digits): " \(digits.prefix(24))"
    case .string(let text): " \"\(text.prefix(40))\""
    case .null, .bool, .array, .object: ""
    }
  }
}
