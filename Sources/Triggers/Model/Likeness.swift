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
