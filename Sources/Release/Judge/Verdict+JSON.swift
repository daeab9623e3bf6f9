package import Core

extension Verdict.Kind {
  /// The word in JSON, one of `pass`, `extend`, `hold` and `rollback`.
  package var word: String {
    switch self {
    case .pass, .extend, .hold, .rollback: rawValue
    case .watching: Self.extend.rawValue
    }
  }
}

extension Verdict {
  /// The members that `lamctl.judge/1` and the reports of other commands share.
  package var json: JSONObject {
    var object = JSONObject([
      ("kind", .string(kind.word)), ("rule", .int(rule)), ("eValue", .double(eValue)),
      ("eWithoutBestMinute", .double(eWithoutBestMinute)), ("since", .int(since)), ("phi", .double(phi)),
      ("share", share.map(JSON.double) ?? .null), ("canaryRate", canaryRate.map(JSON.double) ?? .null),
      ("stableRate", stableRate.map(JSON.double) ?? .null),
    ])
    object["limit"] = limit.map(JSON.double)
    object["sentence"] = .string(sentence)
    object["canary"] = canary.json
    object["stable"] = stable.json
    return object
  }
}

extension ReleaseVerdict {
  /// The document of `lamctl judge --json`: the decision on top, each function under `functions`, and for several
  /// functions the decision again under `release` with its `culprit`.
  package var json: JSON {
    var document = JSONObject([("schema", "lamctl.judge/1")])
    for (key, value) in verdict.json.members { document[key] = value }
    var listed = JSONObject()
    for (name, verdict) in functions.sorted(by: { $0.key < $1.key }) { listed[name] = .object(verdict.json) }
    document["functions"] = .object(listed)
    if functions.count > 1 {
      var release = verdict.json
      release["culprit"] = .optional(culprit)
      document["release"] = .object(release)
    }
    return .object(document)
  }
}
