internal import Core
internal import LambdaSettings

extension Validation {
  /// A setting by the rules of the catalogue, in the words of AWS's front end.
  ///
  /// - Throws: 400 for a value of another kind.
  mutating func check(_ value: JSON, _ shape: SettingShape, at path: String) throws(ServiceError) {
    switch (shape, value) {
    case (.optional(let inner), _): try check(value, inner, at: path)
    case (.text(let rule), .string(let text)):
      let before = count
      length(value, path, rule.length)
      if count == before, let pattern = rule.pattern, !pattern.matches(text) {
        fail(text, at: path, "Member must satisfy regular expression pattern: \(pattern.source)")
      }
    case (.choice(let words), .string): word(value, path, words)
    case (.boolean, .bool): break
    case (.integer(let range), .number):
      guard value.int != nil else { throw Self.kind(value, "an Integer") }
      self.range(value, path, range)
    case (.number(let range), .number(let digits)):
      guard let number = value.double, !range.contains(number) else { break }
      let isMore = number > range.upperBound
      fail(
        digits, at: path,
        "Member must have value \(isMore ? "less" : "greater") than or equal to "
          + (isMore ? range.upperBound : range.lowerBound).formatted(digits: 1))
    case (.list(let element, let count), .array(let elements)):
      try check(elements, element, count, at: path)
    case (.object(let members), .object(let object)):
      for member in members {
        let inner = "\(path).\(member.key)"
        guard let value = object[member.member], value != .null else {
          if member.isRequired { required(nil, inner) }
          continue
        }
        try check(value, member.shape, at: inner)
      }
    case (.map(let rule), .object(let object)):
      // The values are not repeated: they may be secrets.
      for name in object.keys where rule.key.fault(in: name) != nil {
        fail(
          "{\(name)=...}", at: path,
          "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: "
            + "\(rule.key.pattern?.source ?? "")]")
      }
    default: throw Self.kind(value, Self.word(for: shape))
    }
  }

  private mutating func check(
    _ elements: [JSON], _ element: SettingShape, _ count: ClosedRange<Int>, at path: String
  ) throws(ServiceError) {
    if !count.contains(elements.count) {
      let isMore = elements.count > count.upperBound
      fail(
        "\(elements.count) elements", at: path,
        "Member must have length \(isMore ? "less" : "greater") than or equal to "
          + String(isMore ? count.upperBound : count.lowerBound))
    }
    for (index, value) in elements.enumerated() {
      try check(value, element, at: "\(path).\(index + 1).member")
    }
  }

  private static func kind(_ value: JSON, _ wanted: String) -> ServiceError {
    ServiceError(400, "SerializationException", "\(value.typeWord) can not be converted to \(wanted)")
  }

  private static func word(for shape: SettingShape) -> String {
    switch shape {
    case .text, .choice: "a String"
    case .boolean: "a Boolean"
    case .integer: "an Integer"
    case .number: "a Double"
    case .list: "a List"
    case .map: "a Map"
    case .object: "a structure"
    case .optional(let inner): word(for: inner)
    }
  }
}
