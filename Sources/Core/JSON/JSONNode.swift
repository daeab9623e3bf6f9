/// A parsed JSON value that knows where it stands in its file, for errors that point at the spot.
package struct JSONNode: Sendable {
  /// A place in a text.
  package struct Position: Hashable, Sendable {
    /// Line, from 1.
    package let line: Int
    /// Column in characters, from 1.
    package let column: Int

    /// A place by its line and column.
    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  /// What the value is.
  package enum Kind: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number in its written digits.
    case number(String)
    /// Text.
    case string(String)
    /// A list.
    case array([JSONNode])
    /// Named values in their written order.
    case object([Member])
  }

  /// One named value of an object.
  package struct Member: Sendable {
    /// The name.
    package let key: String
    /// Where the name stands.
    package let keyPosition: Position
    /// The value.
    package let value: JSONNode

    /// A member of an object that is put together.
    package init(key: String, keyPosition: Position, value: JSONNode) {
      self.key = key
      self.keyPosition = keyPosition
      self.value = value
    }
  }

  /// What the value is.
  package let kind: Kind
  /// Where the value begins.
  package let position: Position

  /// A value that stands at `position`.
  package init(kind: Kind, position: Position) {
    self.kind = kind
    self.position = position
  }

  /// The value without positions.
  package var json: JSON {
    switch kind {
    case .null: .null
    case .bool(let value): .bool(value)
    case .number(let digits): .number(digits)
    case .string(let value): .string(value)
    case .array(let elements): .array(elements.map(\.json))
    case .object(let members): .object(JSONObject(members.map { ($0.key, $0.value.json) }))
    }
  }

  /// The JSON word for what the value is, with its article: `a string`, `an object`.
  package var typeName: String {
    switch kind {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The member `key` of an object; nil when there is none or this is no object.
  package subscript(key: String) -> JSONNode? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.key == key }?.value
  }
}
