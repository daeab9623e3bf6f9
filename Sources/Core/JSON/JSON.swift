/// A JSON value (RFC 8259) without positions.
package enum JSON: Hashable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number, in the digits it was written with.
  case number(String)
  /// Text.
  case string(String)
  /// A list.
  case array([JSON])
  /// Named values in their written order.
  case object(JSONObject)

  /// A whole number.
  package static func int(_ value: Int) -> JSON { .number(String(value)) }

  /// A number; infinities and not-a-number become `null`, as JSON has no word for them.
  package static func double(_ value: Double) -> JSON {
    guard value.isFinite else { return .null }
    if value == value.rounded(), value.magnitude < 1e15 { return .int(Int(value)) }
    return .number(String(value))
  }

  /// Text, or `null` for nil.
  package static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
}

extension JSON {
  /// The text, if this is text.
  package var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// The number, if this is one that a double can hold: `1e999` is none.
  package var double: Double? {
    guard case .number(let digits) = self, let value = Double(digits), value.isFinite else { return nil }
    return value
  }

  /// The whole number, if this is one below 9e15 in magnitude: what a double holds exactly.
  package var int: Int? {
    guard let double, double == double.rounded(), double.magnitude < 9e15 else { return nil }
    return Int(double)
  }

  /// The truth value, if this is one.
  package var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// The elements, if this is a list.
  package var array: [JSON]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The members, if this is an object.
  package var object: JSONObject? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// The member `key` of an object; nil when there is none or this is no object.
  package subscript(key: String) -> JSON? { object?[key] }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  /// Text.
  package init(stringLiteral value: String) { self = .string(value) }

  /// A whole number.
  package init(integerLiteral value: Int) { self = .int(value) }

  /// A truth value.
  package init(booleanLiteral value: Bool) { self = .bool(value) }

  /// A list.
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }

  /// An object.
  package init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }

  /// `null`.
  package init(nilLiteral: ()) { self = .null }
}
