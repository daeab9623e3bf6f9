internal import Core

/// A value of a configuration file that still knows its file and place after merging.
struct ConfigValue: Sendable {
  indirect enum Kind: Sendable {
    case scalar(JSON)
    case array([ConfigValue])
    case object([Member])
  }

  /// Line and column, from 1.
  struct Place: Sendable {
    var line = 1
    var column = 1
  }

  struct Member: Sendable {
    let key: String
    let keyPlace: Place
    var value: ConfigValue
  }

  var kind: Kind
  /// The file as the user would name it: relative to the root.
  let file: String
  let place: Place

  init(kind: Kind, file: String, place: Place) {
    self.kind = kind
    self.file = file
    self.place = place
  }

  init(_ node: JSONNode, file: String) {
    self.file = file
    place = Place(line: node.position.line, column: node.position.column)
    kind =
      switch node.kind {
      case .array(let elements): .array(elements.map { ConfigValue($0, file: file) })
      case .object(let members):
        .object(
          members.map { member in
            Member(
              key: member.key,
              keyPlace: Place(line: member.keyPosition.line, column: member.keyPosition.column),
              value: ConfigValue(member.value, file: file))
          })
      case .null, .bool, .number, .string: .scalar(node.json)
      }
  }

  /// An object without members that stands at the beginning of `file`.
  static func empty(file: String) -> ConfigValue {
    ConfigValue(kind: .object([]), file: file, place: Place())
  }

  /// `lamctl.json:12:30`.
  var location: String { "\(file.escaped):\(place.line):\(place.column)" }

  var members: [Member] {
    guard case .object(let members) = kind else { return [] }
    return members
  }

  var elements: [ConfigValue] {
    guard case .array(let elements) = kind else { return [] }
    return elements
  }

  var string: String? {
    guard case .scalar(.string(let text)) = kind else { return nil }
    return text
  }

  var json: JSON {
    switch kind {
    case .scalar(let value): value
    case .array(let elements): .array(elements.map(\.json))
    case .object(let members): .object(JSONObject(members.map { ($0.key, $0.value.json) }))
    }
  }

  subscript(key: String) -> ConfigValue? { members.first { $0.key == key }?.value }

  var strings: [String] { elements.compactMap(\.string) }

  func removing(_ keys: Set<String>) -> ConfigValue {
    guard case .object(let members) = kind else { return self }
    var copy = self
    copy.kind = .object(members.filter { !keys.contains($0.key) })
    return copy
  }

  /// This object with `other` laid over it: objects merge, all else is replaced.
  func merging(_ other: ConfigValue?) -> ConfigValue {
    guard let other else { return self }
    guard case .object(var members) = kind, case .object(let added) = other.kind else { return other }
    // Maps may have very many members: they are looked up, not searched.
    let places = Dictionary(
      members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    for member in added {
      if let index = places[member.key] {
        members[index].value = members[index].value.merging(member.value)
      } else {
        members.append(member)
      }
    }
    var merged = self
    merged.kind = .object(members)
    return merged
  }

  func error(_ reason: String) -> PackagerError { .config(location: location, reason: reason) }
}
