internal import Core
import Glibc

/// Reads a configuration file and holds it against its table.
enum ConfigFile {
  /// The largest file that is accepted, in bytes.
  static let limit = 1 << 20

  /// The value of the file at `path`, which errors call `name`.
  static func load(_ path: String, name: String, table: ConfigTable) throws(PackagerError) -> ConfigValue {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try Files.read(path, limit: limit)
    } catch {
      guard error.code == EFBIG else { throw .system(error) }
      throw .config(
        location: name, reason: "the file is larger than 1 MiB, the most a configuration may have")
    }
    return try parse(bytes, name: name, table: table)
  }

  static func parse(_ bytes: [UInt8], name: String, table: ConfigTable) throws(PackagerError) -> ConfigValue {
    let node: JSONNode
    do throws(JSONSyntaxError) {
      node = try JSONNode(parsing: bytes)
    } catch {
      throw .config(location: "\(name):\(error.position.line):\(error.position.column)", reason: error.reason)
    }
    let value = ConfigValue(node, file: name)
    try check(value, .object(table), what: "the file")
    return value
  }

  /// Throws unless `value` is what `type` asks for. `what` names the value in the error.
  static func check(_ value: ConfigValue, _ type: ConfigType, what: String) throws(PackagerError) {
    switch (type, value.kind) {
    case (.any, _), (.boolean, .scalar(.bool)), (.string, .scalar(.string)): return
    case (.text(let rule), .scalar(.string(let text))):
      // What is still to be interpolated is checked when it has its value.
      if !text.contains("${"), let reason = rule.fault(in: text) { throw value.error(reason) }
    case (.choice(let words), .scalar(.string(let text))):
      guard !words.contains(text), !text.contains("${") else { return }
      let hint = Suggestion.nearest(to: text, in: words).map { "; did you mean \"\($0)\"?" } ?? ""
      throw value.error("\(what) must be \(type.words), not \"\(text)\"\(hint)")
    case (.integer(let range), .scalar(.number(let digits))):
      guard let number = JSON.number(digits).int else {
        throw value.error("\(what) must be a whole number, not \(digits)")
      }
      try inRange(range.contains(number), value, what, digits, "\(range.lowerBound) and \(range.upperBound)")
    case (.number(let range), .scalar(.number(let digits))):
      let number = Double(digits) ?? .nan
      let bounds = "\(range.lowerBound.formatted(digits: 3)) and \(range.upperBound.formatted(digits: 3))"
      try inRange(range.contains(number), value, what, digits, bounds)
    case (.list(let element), .array(let elements)):
      for found in elements { try check(found, element, what: "an element of \(what)") }
    case (.map(let element), .object(let members)):
      for member in members { try check(member.value, element, what: "\"\(member.key)\"") }
    case (.object(let table), .object(let members)):
      try check(members, of: value, table)
    default:
      throw value.error("\(what) must be \(type.words), not \(word(for: value))")
    }
  }

  private static func inRange(
    _ isInside: Bool, _ value: ConfigValue, _ what: String, _ digits: String, _ bounds: String
  ) throws(PackagerError) {
    guard isInside else { throw value.error("\(what) must be between \(bounds), not \(digits)") }
  }

  private static func check(
    _ members: [ConfigValue.Member], of value: ConfigValue, _ table: ConfigTable
  ) throws(PackagerError) {
    for member in members {
      guard let key = table[member.key] else {
        let place = member.keyPlace
        let hint = Suggestion.nearest(to: member.key, in: table.keys.map(\.name))
        let known =
          hint.map { "did you mean \"\($0)\"?" } ?? "known keys: "
          + table.keys.map(\.name).joined(separator: ", ")
        throw .config(
          location: "\(value.file):\(place.line):\(place.column)",
          reason: "unknown key \"\(member.key)\"; \(known)")
      }
      try check(member.value, key.type, what: "\"\(member.key)\"")
    }
    for key in table.keys where key.isRequired && !members.contains(where: { $0.key == key.name }) {
      throw value.error("\"\(key.name)\" is missing")
    }
  }

  private static func word(for value: ConfigValue) -> String {
    switch value.kind {
    case .array: "an array"
    case .object: "an object"
    case .scalar(.string): "a string"
    case .scalar(.number): "a number"
    case .scalar(.bool): "a boolean"
    case .scalar: "null"
    }
  }
}
