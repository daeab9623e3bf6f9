/// A parsed JSON value that knows where it stands in its file, for errors that point at the spot.
public struct JSONNode: Sendable {
  /// A place in a text.
  public struct Position: Hashable, Sendable {
    /// Line, from 1.
    public let line: Int
    /// Column in characters, from 1.
    public let column: Int

    /// A place by its line and column.
    public init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  /// What the value is.
  public enum Kind: Sendable {
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
  public struct Member: Sendable {
    /// The name.
    public let key: String
    /// Where the name stands.
    public let keyPosition: Position
    /// The value.
    public let value: JSONNode

    /// A member of an object that is put together.
    public init(key: String, keyPosition: Position, value: JSONNode) {
      self.key = key
      self.keyPosition = keyPosition
      self.value = value
    }
  }

  /// What the value is.
  public let kind: Kind
  /// Where the value begins.
  public let position: Position

  /// A value that stands at `position`.
  public init(kind: Kind, position: Position) {
    self.kind = kind
    self.position = position
  }

  /// The value without positions.
  public var json: JSON {
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
  public var typeName: String {
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
  public subscript(key: String) -> JSONNode? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.key == key }?.value
  }
}
