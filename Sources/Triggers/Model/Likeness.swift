internal import Core

/// Whether AWS has what is wanted: what is not stated does not count, texts that are JSON are compared as JSON, and lists
/// of texts as sets.
enum Likeness {
  /// The members of `wanted` that `actual` has otherwise.
  static func differences(_ wanted: JSONObject, from actual: JSONObject) -> [String] {
    wanted.members.filter { !matches($0.value, actual[$0.key]) }.map(\.key)
  }

  static func matches(_ wanted: JSON, _ actual: JSON?) -> Bool {
    switch (wanted, actual) {
    case (.null, nil), (.null, .null?): return true
    case (.object(let members), nil): return members.members.allSatisfy { matches($0.value, nil) }
    case (.array(let elements), nil): return elements.isEmpty
    case (_, nil): return false
    case (.object(let wanted), .object(let actual)?):
      return wanted.members.allSatisfy { matches($0.value, actual[$0.key]) }
    case (.object, .string(let text)?), (.array, .string(let text)?):
      return (try? JSON(parsing: text)).map { same(wanted, $0) } ?? false
    case (.array(let wanted), .array(let actual)?):
      let texts = (wanted.compactMap(\.string), actual.compactMap(\.string))
      if texts.0.count == wanted.count, texts.1.count == actual.count {
        return texts.0.sorted() == texts.1.sorted()
      }
      return wanted.count == actual.count && zip(wanted, actual).allSatisfy { matches($0, $1) }
    case (.number, .number?): return wanted.double == actual?.double
    default: return wanted == actual
    }
  }

  /// Whether `actual` says what is wanted and no more: what is absent is what it would be anyway, and what is empty says
  /// nothing.
  ///
  /// - Parameter defaults: what members are where they are not stated.
  static func alike(_ wanted: JSON?, _ actual: JSON?, defaults: JSONObject = JSONObject()) -> Bool {
    let (one, other) = (said(wanted, defaults), said(actual, defaults))
    return matches(one, other) && matches(other, one)
  }

  private static func said(_ value: JSON?, _ defaults: JSONObject) -> JSON {
    guard let value, let said = filled(value) else { return .null }
    guard let members = said.object else { return said }
    let rest = members.members.filter { key, value in defaults[key].map { !same($0, value) } ?? true }
    return rest.isEmpty ? .null : .object(JSONObject(rest.map { ($0.key, $0.value) }))
  }

  /// A value without what says nothing in it; nil where nothing is left.
  private static func filled(_ value: JSON) -> JSON? {
    switch value {
    case .null, "": return nil
    case .object(let object):
      let members = object.members.compactMap { key, value in filled(value).map { (key, $0) } }
      return members.isEmpty ? nil : .object(JSONObject(members))
    case .array(let elements): return elements.isEmpty ? nil : value
    default: return value
    }
  }

  /// Whether two values say the same.
  static func same(_ first: JSON, _ second: JSON) -> Bool {
    switch (first, second) {
    case (.object(let a), .object(let b)):
      return a.members.count == b.members.count
        && a.members.allSatisfy { member in b[member.key].map { same(member.value, $0) } ?? false }
    case (.array(let a), .array(let b)): return a.count == b.count && zip(a, b).allSatisfy(same)
    case (.number, .number): return first.double == second.double
    default: return first == second
    }
  }

  /// A member as the configuration spells it.
  static func key(_ member: String) -> String {
    if member.hasPrefix("KMS") { return "kms" + member.dropFirst(3) }
    return member.prefix(1).lowercased() + member.dropFirst()
  }
}

extension JSON {
  /// As the text that the API takes: JSON, however the configuration states it.
  var asText: JSON { .string(text(.compact, sortedKeys: true)) }
}

extension JSONObject {
  /// The members of these names.
  func only(_ names: [String]) -> JSONObject {
    JSONObject(names.compactMap { name in self[name].map { (name, $0) } })
  }

  /// All others.
  func without(_ names: Set<String>) -> JSONObject {
    JSONObject(members.filter { !names.contains($0.key) }.map { ($0.key, $0.value) })
  }
}
