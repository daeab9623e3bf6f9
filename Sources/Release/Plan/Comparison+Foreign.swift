internal import AWSClient
internal import Core

/// `$LATEST` beside what lamctl has last made of it.
struct Ancestry: Sendable {
  /// The version that `$LATEST` was when lamctl was done with it.
  let base: FunctionConfiguration
  /// What others have done since; nil where nobody has done anything.
  let foreign: ForeignChanges?
}

extension Comparison {
  /// Settings whose values tell nothing that must stay hidden, and are short.
  private static let shown: Set<String> = [
    "Runtime", "Handler", "Role", "Timeout", "MemorySize", "KMSKeyArn",
  ]

  /// Where `latest` comes from: any version of ours that it equals, of whichever alias, else the newest one of ours, and
  /// else the one that serves.
  ///
  /// - Parameters:
  ///   - versions: the function's versions, ascending.
  ///   - input: what the repository says; nil where that is not known, so that nothing is stated.
  static func ancestry(
    of latest: FunctionConfiguration, among versions: [FunctionConfiguration], serving: FunctionConfiguration,
    input: FunctionInput?
  ) -> Ancestry {
    let ours = versions.filter { version in
      version.version != "$LATEST" && VersionProvenance.decode(version.description).provenance != nil
    }
    if let same = (ours + [serving]).last(where: { drift(of: latest, from: $0) == .none }) {
      return Ancestry(base: same, foreign: nil)
    }
    let base = ours.last ?? serving
    let isKnownCode = (ours + [serving]).contains { $0.codeSHA256 == latest.codeSHA256 }
    let (settings, overridden) = changes(from: base, to: latest, input)
    guard !isKnownCode || !settings.isEmpty || !overridden.isEmpty else {
      return Ancestry(base: base, foreign: nil)
    }
    return Ancestry(
      base: base,
      foreign: ForeignChanges(
        since: base.version, settings: settings, overridden: overridden, hasOtherCode: !isKnownCode))
  }

  /// The settings that differ, in words: those that nobody states, and those that the manifest does.
  private static func changes(
    from base: FunctionConfiguration, to latest: FunctionConfiguration, _ input: FunctionInput?
  ) -> (settings: [String], overridden: [String]) {
    var (settings, overridden): ([String], [String]) = ([], [])
    let stated = input.map { $0.ownsConfiguration ? $0.configuration.members : JSONObject() } ?? JSONObject()
    for name in differing(base, latest) {
      if name == "Environment" {
        let variables = stated["Environment"]?["Variables"]?.object
        let isReplaced = variables != nil && input?.configuration.environmentMode == .replace
        for variable in variableChanges(from: base, to: latest) {
          let wanted = variables?[variable.name]?.string
          // A run that died before it had published may have left what the manifest wants.
          guard wanted == nil || wanted != latest.environment?[variable.name] else { continue }
          if isReplaced || variables?[variable.name] != nil {
            overridden.append(variable.words)
          } else {
            settings.append(variable.words)
          }
        }
      } else if let wanted = stated[name] {
        guard !latest.matches(JSONObject([(name, wanted)])) else { continue }
        overridden.append(words(name, base, latest))
      } else {
        settings.append(words(name, base, latest))
      }
    }
    return (settings, overridden)
  }

  /// Variables by name alone: their values may be secret.
  private static func variableChanges(
    from base: FunctionConfiguration, to latest: FunctionConfiguration
  ) -> [(name: String, words: String)] {
    let (before, after) = (base.environment ?? [:], latest.environment ?? [:])
    let names = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
    return names.sorted().map { name in
      (name, PlainText.line(after[name] == nil ? "variable \(name) gone" : "variable \(name)"))
    }
  }

  private static func words(_ name: String, _ base: FunctionConfiguration, _ latest: FunctionConfiguration)
    -> String
  {
    let key = name == "KMSKeyArn" ? "kmsKeyArn" : name.prefix(1).lowercased() + name.dropFirst()
    guard shown.contains(name) else { return key }
    func text(_ value: JSON?) -> String { value?.string ?? value?.int.map { "\($0)" } ?? "nothing" }
    return PlainText.line("\(key) \(text(base.members[name])) to \(text(latest.members[name]))")
  }
}
