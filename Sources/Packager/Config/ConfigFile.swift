internal import Core
import Glibc
internal import LambdaSettings

/// Reads a configuration file and holds it against its table.
///
/// There is one way of reading: it finds every fault and leaves out what is faulty. What builds or writes settings then
/// refuses the faults; what needs only names takes what is left.
enum ConfigFile {
  /// The largest file that is accepted, in bytes.
  static let limit = 1 << 20

  /// What reading came to.
  struct Reading: Sendable {
    /// The file without what is faulty; empty where nothing could be understood.
    let value: ConfigValue
    /// All that is wrong, in the order of the file; empty when nothing is.
    var faults: [PackagerError] = []
    /// Where values are not known: those that were left out, by the keys that lead to them.
    var dropped: Set<[String]> = []
    /// Keys of lines that made no sense, wherever they stood.
    var lost: Set<String> = []
    /// Whether nothing at all could be understood.
    var isUnreadable = false
  }

  /// What is found on the way.
  struct Findings {
    var faults: [PackagerError] = []
    var dropped: Set<[String]> = []

    /// Notes a value at `path` that is left out.
    mutating func drop(_ path: [String], _ fault: PackagerError) {
      faults.append(fault)
      dropped.insert(path)
    }
  }

  /// Reads the file at `path`, which errors call `name`.
  static func read(_ path: String, name: String, table: ConfigTable) -> Reading {
    do throws(SystemError) {
      return parse(try Files.read(path, limit: limit), name: name, table: table)
    } catch {
      let fault: PackagerError =
        error.code == EFBIG
        ? .config(
          location: name, reason: "the file is larger than 1 MiB, the most a configuration may have")
        : .system(error)
      return Reading(value: .empty(file: name), faults: [fault], isUnreadable: true)
    }
  }

  static func parse(_ bytes: [UInt8], name: String, table: ConfigTable) -> Reading {
    var faults: [PackagerError] = []
    var node: JSONNode?
    var lost: Set<String> = []
    do throws(JSONSyntaxError) {
      node = try JSONNode(parsing: bytes)
    } catch {
      faults.append(
        .config(
          location: "\(name.escaped):\(error.position.line):\(error.position.column)", reason: error.reason))
      var repair = JSONRepair(bytes)
      node = repair.node()
      lost = repair.lost
    }
    guard let node else { return Reading(value: .empty(file: name), faults: faults, isUnreadable: true) }
    var findings = Findings()
    let value = examine(ConfigValue(node, file: name), .object(table), what: "the file", into: &findings)
    // What is wrong in a text that had to be guessed at may be the guess.
    if faults.isEmpty { faults = findings.faults }
    return Reading(
      value: value ?? .empty(file: name), faults: faults, dropped: findings.dropped, lost: lost,
      isUnreadable: value == nil)
  }

  /// Throws unless `value` is what `type` asks for. `what` names the value in the error.
  static func check(_ value: ConfigValue, _ type: ConfigType, what: String) throws(PackagerError) {
    var findings = Findings()
    _ = examine(value, type, what: what, into: &findings)
    if let error = PackagerError(all: findings.faults) { throw error }
  }

  /// `value` without what `type` does not take; nil when nothing is left. What is left out is noted in `findings`.
  ///
  /// - Parameter path: the keys that lead to the value.
  static func examine(
    _ value: ConfigValue, _ type: ConfigType, what: String, path: [String] = [], into findings: inout Findings
  ) -> ConfigValue? {
    switch (type, value.kind) {
    case (.optional(let inner), _):
      if case .scalar(.null) = value.kind { return value }
      return examine(value, inner, what: what, path: path, into: &findings)
    case (.counted(let element, let count), .array(let elements)):
      guard let reason = fault(in: elements.count, count, what: what) else {
        return examine(value, .list(element), what: what, path: path, into: &findings)
      }
      findings.drop(path, value.error(reason))
      return nil
    case (.texts(let rule), .object(let members)):
      return examine(members, of: value, rule, what: what, path: path, into: &findings)
    case (.list(let element), .array(let elements)):
      var kept = value
      kept.kind = .array(
        elements.compactMap {
          examine($0, element, what: "an element of \(what)", path: path, into: &findings)
        })
      return kept
    case (.map(let element), .object(let members)):
      var kept = value
      kept.kind = .object(
        members.compactMap { member in
          examine(
            member.value, element, what: "\"\(member.key)\"", path: path + [member.key], into: &findings
          ).map { ConfigValue.Member(key: member.key, keyPlace: member.keyPlace, value: $0) }
        })
      return kept
    case (.object(let table), .object(let members)), (.either(_, let table), .object(let members)):
      return examine(members, of: value, table, path: path, into: &findings)
    case (.either(let plain, _), .scalar(.string)):
      return examine(value, plain, what: what, path: path, into: &findings)
    default:
      guard let reason = fault(in: value, type, what: what) else { return value }
      findings.drop(path, value.error(reason))
      return nil
    }
  }

  private static func examine(
    _ members: [ConfigValue.Member], of value: ConfigValue, _ table: ConfigTable, path: [String],
    into findings: inout Findings
  ) -> ConfigValue? {
    var known: [ConfigValue.Member] = []
    for var member in members {
      guard let key = table[member.key] else {
        let meant = Suggestion.nearest(to: member.key, in: table.keys.map(\.name))
        findings.drop(
          path + [meant ?? member.key], unknown(member, of: value, table, meant: meant, path: path))
        continue
      }
      let examined = examine(
        member.value, key.type, what: "\"\(member.key)\"", path: path + [member.key], into: &findings)
      guard let examined else { continue }
      member.value = examined
      known.append(member)
    }
    for key in table.keys {
      guard let condition = key.condition, let member = members.first(where: { $0.key == key.name }),
        let other = members.first(where: { $0.key == condition.key })?.value.string,
        other != condition.value, !other.contains("${")
      else { continue }
      findings.drop(
        path + [key.name],
        member.value.error(
          "\"\(key.name)\" goes with \"\(condition.key)\": \"\(condition.value)\" only, not with \"\(other)\""
        ))
      known.removeAll { $0.key == key.name }
    }
    let missing = table.keys.first { key in key.isRequired && !members.contains { $0.key == key.name } }
    if let missing {
      findings.drop(path, value.error("\"\(missing.name)\" is missing"))
      return nil
    }
    var kept = value
    kept.kind = .object(known)
    return kept
  }

  private static func unknown(
    _ member: ConfigValue.Member, of value: ConfigValue, _ table: ConfigTable, meant: String?, path: [String]
  ) -> PackagerError {
    let known =
      meant.map { "did you mean \"\($0)\"?" }
      ?? "known keys: " + table.keys.map(\.name).joined(separator: ", ")
    // Triggers have names of their own, so that the place alone does not tell which is meant.
    let reason =
      path.firstIndex(of: "triggers").map { index in
        let place = (path[index...] + [member.key]).map(\.escaped).joined(separator: ".")
        return "\(place): unknown key; \(known)"
      } ?? "unknown key \"\(member.key)\"; \(known)"
    return .config(
      location: "\(value.file.escaped):\(member.keyPlace.line):\(member.keyPlace.column)", reason: reason)
  }

  /// Why a value that holds no others, or is of another kind, is not what `type` asks for; nil when it is.
  private static func fault(in value: ConfigValue, _ type: ConfigType, what: String) -> String? {
    switch (type, value.kind) {
    case (.any, _), (.boolean, .scalar(.bool)), (.string, .scalar(.string)): return nil
    case (.setting(let rule), .scalar(.string(let text))):
      guard !text.contains("${"), let reason = rule.fault(in: text) else { return nil }
      return "\(what) \(reason)"
        + (reason.hasPrefix("must be") ? ", not '\(String(text.prefix(80)).escaped)'" : "")
    case (.text(let rule), .scalar(.string(let text))):
      // What is still to be interpolated is checked when it has its value.
      return text.contains("${") ? nil : rule.fault(in: text)
    case (.choice(let words), .scalar(.string(let text))):
      guard !words.contains(text), !text.contains("${") else { return nil }
      let hint = Suggestion.nearest(to: text, in: words).map { "; did you mean \"\($0)\"?" } ?? ""
      return "\(what) must be \(type.words), not \"\(text)\"\(hint)"
    case (.integer(let range), .scalar(.number(let digits))):
      guard let number = JSON.number(digits).int else {
        return "\(what) must be a whole number, not \(digits)"
      }
      let bounds = "\(range.lowerBound) and \(range.upperBound)"
      return range.contains(number) ? nil : "\(what) must be between \(bounds), not \(digits)"
    case (.number(let range), .scalar(.number(let digits))):
      let bounds = "\(range.lowerBound.formatted(digits: 3)) and \(range.upperBound.formatted(digits: 3))"
      return range.contains(Double(digits) ?? .nan) ? nil : "\(what) must be between \(bounds), not \(digits)"
    default: return "\(what) must be \(type.words), not \(word(for: value))"
    }
  }

  static func word(for value: ConfigValue) -> String {
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
