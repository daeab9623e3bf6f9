internal import Core

/// A string cut into what stands for itself and what is to be replaced.
struct Template: Sendable {
  enum Part: Hashable, Sendable {
    case text(String)
    case variable(name: String, fallback: String?)
    case parameter(path: String)
    case word(Word)
  }

  /// What lamctl itself knows.
  enum Word: String, CaseIterable, Sendable {
    case account, region, environment, project, function
  }

  let parts: [Part]

  /// Reads `${…}`; `$${` stands for `${`.
  init(_ value: ConfigValue, _ text: String) throws(PackagerError) {
    var parts: [Part] = []
    var literal: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      if rest.starts(with: "$${".utf8) {
        literal += "${".utf8
        rest = rest.dropFirst(3)
      } else if rest.starts(with: "${".utf8) {
        guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
          let shown = String(decoding: rest.prefix(60), as: UTF8.self).escaped
          throw value.error("'\(shown)' has no closing '}'; write $${ for a literal ${")
        }
        if !literal.isEmpty { parts.append(.text(String(decoding: literal, as: UTF8.self))) }
        literal = []
        parts.append(
          try Self.reference(String(decoding: rest[..<end].dropFirst(2), as: UTF8.self), in: value))
        rest = rest[(end + 1)...]
      } else {
        literal.append(byte)
        rest = rest.dropFirst()
      }
    }
    if !literal.isEmpty || parts.isEmpty { parts.append(.text(String(decoding: literal, as: UTF8.self))) }
    self.parts = parts
  }

  private static func reference(_ text: String, in value: ConfigValue) throws(PackagerError) -> Part {
    if text.hasPrefix("env:") {
      let body = text.dropFirst(4)
      let mark = body.firstRange(of: ":-")
      let name = String(body[..<(mark?.lowerBound ?? body.endIndex)])
      guard !name.isEmpty else { throw value.error("'${\(text)}' names no variable: write ${env:NAME}") }
      return .variable(name: name, fallback: mark.map { String(body[$0.upperBound...]) })
    }
    if text.hasPrefix("ssm:") {
      guard text.count > 4 else { throw value.error("'${\(text)}' names no parameter: write ${ssm:/path}") }
      return .parameter(path: String(text.dropFirst(4)))
    }
    guard let word = Word(rawValue: text) else {
      let shown = String(text.prefix(60)).escaped
      let known = Word.allCases.map(\.rawValue) + ["env:NAME", "ssm:/path"]
      let hint =
        Suggestion.nearest(to: text, in: known).map { "did you mean ${\($0)}?" }
        ?? "known: " + known.map { "${\($0)}" }.joined(separator: ", ")
      throw value.error("'${\(shown)}' is not known; \(hint); write $${ for a literal ${")
    }
    return .word(word)
  }
}

/// Replaces `${…}` in configuration values.
struct Interpolator: Sendable {
  let environment: [String: String]
  var words: [Template.Word: String] = [:]
  var parameters: [String: String] = [:]
  /// Whether what may be secret stays a reference, such as `${ssm:/path}`: for what is stored.
  var keepsReferences = false

  /// `value` with every string resolved. `secrets` receives the key paths of strings that hold a parameter's value,
  /// as the keys from the top, each one element.
  func resolve(
    _ value: ConfigValue, path: [String] = [], secrets: inout Set<[String]>
  ) throws(PackagerError) -> ConfigValue {
    var resolved = value
    switch value.kind {
    case .scalar(.string(let text)):
      let template = try Template(value, text)
      var result = ""
      for part in template.parts { result += try replacement(for: part, in: value) }
      if template.parts.contains(where: { if case .parameter = $0 { true } else { false } }) {
        secrets.insert(path)
      }
      resolved.kind = .scalar(.string(result))
    case .scalar: break
    case .array(let elements):
      var results: [ConfigValue] = []
      for element in elements { results.append(try resolve(element, path: path, secrets: &secrets)) }
      resolved.kind = .array(results)
    case .object(var members):
      for index in members.indices {
        members[index].value = try resolve(
          members[index].value, path: path + [members[index].key], secrets: &secrets)
      }
      resolved.kind = .object(members)
    }
    return resolved
  }

  private func replacement(for part: Template.Part, in value: ConfigValue) throws(PackagerError) -> String {
    switch part {
    case .text(let text): return text
    case .variable(let name, _) where keepsReferences && Secrets.isSecretName(name): return "${env:\(name)}"
    case .variable(let name, let fallback):
      if let found = environment[name] ?? fallback { return found }
      throw value.error(
        "the environment variable \(name) is not set; set it or write ${env:\(name):-default}")
    case .parameter(let path) where keepsReferences: return "${ssm:\(path)}"
    case .parameter(let path):
      if let found = parameters[path] { return found }
      throw value.error(
        "SSM has no parameter \(path) in the environment's account and region: put it there, or correct the name"
      )
    case .word(let word):
      if let found = words[word] { return found }
      throw value.error("${\(word.rawValue)} is not known here")
    }
  }

  /// Every reference in the strings of `value`.
  static func references(in value: ConfigValue) throws(PackagerError) -> Set<Template.Part> {
    var found: Set<Template.Part> = []
    switch value.kind {
    case .scalar(.string(let text)): found.formUnion(try Template(value, text).parts)
    case .scalar: break
    case .array(let elements):
      for element in elements { found.formUnion(try references(in: element)) }
    case .object(let members):
      for member in members { found.formUnion(try references(in: member.value)) }
    }
    return found
  }
}
