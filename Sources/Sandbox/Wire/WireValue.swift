internal import Core

/// A value of an answer, before it is written in one of the protocols.
enum WireValue: Sendable {
  case text(String)
  case int(Int)
  case double(Double)
  case bool(Bool)
  /// Epoch seconds in JSON, tag 1 in CBOR, ISO 8601 in XML.
  case moment(Timestamp)
  case list([WireValue])
  case map([(String, WireValue)])

  /// What a value that came as JSON says; nothing for `null`.
  init(_ json: JSON) {
    switch json {
    case .null: self = .map([])
    case .bool(let value): self = .bool(value)
    case .number: self = json.int.map(WireValue.int) ?? .double(json.double ?? 0)
    case .string(let value): self = .text(value)
    case .array(let values): self = .list(values.map(WireValue.init))
    case .object(let object): self = .map(object.members.map { ($0.key, WireValue($0.value)) })
    }
  }

  /// The form of the JSON protocols.
  var json: JSON {
    switch self {
    case .text(let value): .string(value)
    case .int(let value): .int(value)
    case .double(let value): .double(value)
    case .bool(let value): .bool(value)
    case .moment(let value): .double(value.seconds)
    case .list(let values): .array(values.map(\.json))
    case .map(let members): .object(JSONObject(members.map { ($0.0, $0.1.json) }))
    }
  }

  /// The form of the query protocol, without an enclosing element.
  var xml: String {
    switch self {
    case .text(let value): Self.escape(value)
    case .int(let value): String(value)
    case .double(let value): String(value)
    case .bool(let value): String(value)
    case .moment(let value): value.iso8601
    case .list(let values): values.map { "<member>\($0.xml)</member>" }.joined()
    case .map(let members): members.map { "<\($0.0)>\($0.1.xml)</\($0.0)>" }.joined()
    }
  }

  static func escape(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}

/// Reading the members of a request whatever protocol it came in: the query protocol has text only.
extension JSON {
  /// Text; numbers and truth values in their written form.
  var looseText: String? {
    switch self {
    case .string(let value): value
    case .number(let digits): digits
    case .bool(let value): String(value)
    default: nil
    }
  }

  /// A number, also from text; nil for what is none, and for what is too large for one.
  var looseNumber: Double? {
    guard let number = double ?? string.flatMap({ Double($0) }), number.isFinite else { return nil }
    return number
  }

  /// A whole number, also from text; nil beyond what a double holds exactly, so that sums of some cannot overflow.
  var looseInt: Int? {
    int ?? string.flatMap { Int($0) }.flatMap { $0.magnitude < 1 << 53 ? $0 : nil }
  }

  /// A truth value, also from text.
  var looseBool: Bool? { bool ?? string.map { $0.lowercased() == "true" } }

  /// A moment in the years 1970 to 9999: epoch seconds, or ISO 8601 text.
  var looseMoment: Timestamp? {
    if let seconds = looseNumber { return Timestamp(outside: seconds) }
    return string.flatMap { Timestamp(iso8601: $0) }
  }
}
