internal import Core
internal import Packager
internal import Release

/// What one function is made of, beside what the version that serves was made of.
struct WhyAnswer {
  let plan: FunctionPlan
  let now: FunctionDigests
  /// The inputs of the version that serves; nil where it was made on another machine.
  let deployed: [DigestPart: DigestItems]?
  let environment: String
  let alias: String
  let secrets: Secrets

  private var isNew: Bool { plan.change == .create }

  private var provenance: VersionProvenance? { plan.provenance }

  /// Whether a part is as it was; nil where nobody knows.
  private func isSame(_ part: DigestPart) -> Bool? {
    if part == .config { return provenance.map { _ in plan.differences.isEmpty } }
    if let deployed { return (deployed[part] ?? [:]) == (now.items[part] ?? [:]) }
    guard let parts = provenance?.parts else { return nil }
    return !now.parts(otherThan: parts).contains(part)
  }

  private static func word(_ isSame: Bool?) -> String {
    isSame.map { $0 ? "same" : "differs" } ?? "not known"
  }

  /// For people.
  var lines: [String] {
    let serves = plan.servingVersion.map { "version \($0) serves" } ?? "nothing serves yet"
    var lines = [
      "\(plan.input.function) (\(plan.input.functionName)) in \(environment): \(serves)",
      plan.change == .none && plan.own.isEmpty
        ? "A deploy would change nothing."
        : "A deploy would \(isNew ? "make" : "change") it: " + plan.reasons.joined(separator: "; "),
      "src \(plan.input.sourceDigest)  deployed \(provenance?.source ?? "-")",
      "cfg \(plan.input.configurationDigest)  deployed \(provenance?.configuration ?? "-")",
    ]
    for part in DigestPart.allCases {
      lines.append("\(part.rawValue) \(now.shortPart(part)): \(isNew ? "new" : Self.word(isSame(part)))")
      for (name, value) in (now.items[part] ?? [:]).sorted(by: { $0.key < $1.key }) {
        lines.append("  \(PlainText.line(name)) \(value.prefix(32))\(mark(part, name, value))")
      }
      for name in (deployed?[part] ?? [:]).keys.sorted() where now.items[part]?[name] == nil {
        lines.append("  \(PlainText.line(name)) (removed)")
      }
    }
    let settings = SettingLines(secrets).lines(plan.differences + plan.own)
    if !settings.isEmpty { lines += ["settings:"] + settings.map { "  \($0)" } }
    return lines
  }

  private func mark(_ part: DigestPart, _ name: String, _ value: String) -> String {
    guard let deployed else { return "" }
    guard let before = deployed[part]?[name] else { return "  (new)" }
    return before == value ? "" : "  (was \(before.prefix(32)))"
  }

  /// For programs.
  func document(schema: String) -> JSON {
    [
      "schema": .string(schema), "environment": .string(environment), "alias": .string(alias), "exitCode": 0,
      "function": .string(plan.input.function), "functionName": .string(plan.input.functionName),
      "fromVersion": .optional(plan.servingVersion), "change": .string(plan.change.rawValue),
      "reasons": .array(plan.reasons.map(JSON.string)),
      "digests": ["src": .string(plan.input.sourceDigest), "cfg": .string(plan.input.configurationDigest)],
      "deployed": [
        "src": .optional(provenance?.source), "pkg": .optional(provenance?.package),
        "cfg": .optional(provenance?.configuration), "commit": .optional(provenance?.commit),
      ],
      "parts": .array(DigestPart.allCases.map(entry)),
      "settings": SettingLines(secrets).json(plan.differences + plan.own), "error": .null,
    ]
  }

  private func entry(_ part: DigestPart) -> JSON {
    let items = (now.items[part] ?? [:]).sorted { $0.key < $1.key }
    return [
      "part": .string(part.rawValue), "digest": .string(now.shortPart(part)),
      "isSame": isSame(part).map(JSON.bool) ?? .null,
      "items": .object(JSONObject(items.map { ($0.key, .string($0.value)) })),
    ]
  }
}
