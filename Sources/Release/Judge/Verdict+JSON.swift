public import Core

extension Verdict.Kind {
  /// The word in JSON, one of `pass`, `extend`, `hold` and `rollback`.
  public var word: String {
    switch self {
    case .pass, .extend, .hold, .rollback: rawValue
    case .watching: Self.extend.rawValue
    }
  }
}

extension Verdict {
  /// The members that `lamctl.judge/1` and the reports of other commands share.
  public var json: JSONObject {
    JSONObject([
      ("kind", .string(kind.word)), ("rule", .int(rule)), ("eValue", .double(eValue)), ("phi", .double(phi)),
      ("share", share.map(JSON.double) ?? .null), ("sentence", .string(sentence)), ("canary", canary.json),
      ("stable", stable.json),
    ])
  }
}

extension ReleaseVerdict {
  /// The document of `lamctl judge --json`: the decision on top, each function under `functions`, and for several
  /// functions the decision again under `release` with its `culprit`.
  public var json: JSON {
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
