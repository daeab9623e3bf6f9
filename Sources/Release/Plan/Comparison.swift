internal import AWSClient
internal import Core

/// The rules by which a function counts as changed.
enum Comparison {
  /// What is to be done to a function that serves, and why.
  ///
  /// The base is what is deployed, as the Description of the version behind the alias tells it, and never a range of
  /// commits: that holds from a shallow clone, after a cancelled run and after a force push.
  static func change(
    of input: FunctionInput, against serving: FunctionConfiguration, provenance: VersionProvenance?,
    explain: (FunctionInput, VersionProvenance) -> [String]
  ) -> (Change, [String]) {
    guard let provenance else {
      return (
        input.ownsConfiguration ? .codeAndConfig : .code,
        ["version \(serving.version) was not made by lamctl"]
      )
    }
    let source = provenance.source == input.sourceDigest
    let apart = settingsApart(input, from: serving)
    let isRecorded = provenance.configuration == input.configurationDigest
    let configuration = !input.ownsConfiguration || (isRecorded && apart.isEmpty)
    var reasons: [String] = []
    if !source {
      let known = explain(input, provenance)
      reasons += known.isEmpty ? ["inputs differ from version \(serving.version)"] : known
    }
    if !configuration {
      let names = apart.isEmpty ? "" : ": " + apart.joined(separator: ", ")
      reasons.append("configuration differs from version \(serving.version)\(names)")
    }
    switch (source, configuration) {
    case (true, true): return (.none, [])
    case (true, false): return (.config, reasons)
    case (false, true): return (.code, reasons)
    case (false, false): return (.codeAndConfig, reasons)
    }
  }

  /// What `input` wants otherwise than `configuration` has it, of the settings that no digest holds: variables by name, and
  /// settings that may be secret. What Lambda does not show, as it may not decrypt it, counts as equal.
  static func settingsApart(_ input: FunctionInput, from configuration: FunctionConfiguration) -> [String] {
    let wanted = input.configuration.members
    var names: [String] = []
    if let variables = wanted["Environment"]?["Variables"]?.object,
      configuration.members["Environment"]?["Error"] == nil
    {
      let present = configuration.environment ?? [:]
      names += variables.members.filter { present[$0.key] != $0.value.string }.map(\.key)
      if input.configuration.environmentMode == .replace {
        names += present.keys.filter { variables[$0] == nil }
      }
    }
    let others = input.comparedSettings.subtracting(["Environment", "Tags", "ReservedConcurrentExecutions"])
    let differing = others.filter { key in
      wanted[key].map { !configuration.matches(JSONObject([(key, $0)])) } ?? false
    }
    return names.sorted().map { "Environment.\($0)" } + differing.sorted()
  }

  /// Members that ListFunctions gives for `$LATEST` just as GetFunction does for a version of the same content.
  private static let always = [
    "Runtime", "Role", "Handler", "Timeout", "MemorySize", "Architectures", "EphemeralStorage",
    "TracingConfig",
    "LoggingConfig",
  ]
  /// The same, but left out of the answers while they are empty.
  private static let optional = [
    "Environment", "VpcConfig", "DeadLetterConfig", "KMSKeyArn", "Layers", "FileSystemConfigs",
  ]

  /// How `$LATEST` differs from a version.
  static func drift(
    of latest: FunctionConfiguration, from version: FunctionConfiguration
  ) -> LatestDrift {
    LatestDrift(
      code: latest.codeSHA256 != version.codeSHA256,
      configuration: (always + optional).contains { differs($0, latest, version) })
  }

  /// What `$LATEST` has besides, and versions have of their own or not at all. Answers may leave it out.
  private static let further = ["Description", "SnapStart", "ImageConfigResponse"]

  /// Whether two descriptions of `$LATEST` show the same code and settings, as far as both tell.
  static func isSame(
    _ a: FunctionConfiguration, _ b: FunctionConfiguration, ignoring ignored: Set<String> = []
  ) -> Bool {
    a.codeSHA256 == b.codeSHA256 && hasSameSettings(a, b, ignoring: ignored)
  }

  /// Whether two descriptions of `$LATEST` show the same settings, as far as both tell.
  static func hasSameSettings(
    _ a: FunctionConfiguration, _ b: FunctionConfiguration, ignoring ignored: Set<String>
  ) -> Bool {
    // Variables that the caller may not decrypt are replaced by an error, now and then or always.
    let areHidden = [a, b].contains { $0.members["Environment"]?["Error"] != nil }
    return (always + optional + further).allSatisfy { name in
      ignored.contains(name) || (areHidden && name == "Environment") || !differs(name, a, b)
    }
  }

  /// Whether two descriptions of functions differ in the setting `name`.
  static func differs(_ name: String, _ a: FunctionConfiguration, _ b: FunctionConfiguration) -> Bool {
    let left = a.members[name].map { normalised(own($0, name)) }
    let right = b.members[name].map { normalised(own($0, name)) }
    if let left, let right { return left != right }
    // What an endpoint always gives and one of the answers leaves out tells nothing.
    return optional.contains(name) && (left ?? right).map { !isEmpty($0) } ?? false
  }

  /// A setting without what Lambda adds to it, sooner or later.
  private static func own(_ value: JSON, _ name: String) -> JSON {
    guard case .object(var object) = value else { return value }
    if name == "VpcConfig" { object["VpcId"] = nil }
    if name == "SnapStart" { object["OptimizationStatus"] = nil }
    return .object(object)
  }

  /// Empty and absent mean the same in Lambda's answers.
  private static func normalised(_ value: JSON) -> JSON {
    switch value {
    case .object(let object):
      var rest = JSONObject()
      for (key, value) in object.members where !isEmpty(value) { rest[key] = normalised(value) }
      return .object(rest)
    case .array(let elements): return .array(elements.map(normalised))
    default: return value
    }
  }

  private static func isEmpty(_ value: JSON) -> Bool {
    switch value {
    case .null, "": true
    case .object(let object): object.isEmpty
    case .array(let elements): elements.isEmpty
    default: false
    }
  }
}
