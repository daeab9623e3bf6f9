import Core

/// The documents and events of the tool, field by field: `docs/json.md` is written from it, and what the tool prints in
/// tests is held against it.
enum DocumentCatalogue {
  /// A field: where it stands, its type, and what it means.
  typealias Field = (path: String, type: String, meaning: String)

  /// Fields that every document has.
  static let everywhere: [Field] = [
    (
      "schema", "string",
      "Name and version of the document: `lamctl.COMMAND/1`; `lamctl.policy/1` of `doctor --policy`, `lamctl.help/1` of "
        + "`--help`, `lamctl.error/1` where the arguments name no command. A field once published keeps its name and type."
    ),
    (
      "exitCode", "integer",
      "What the process ends with; `sandbox` prints its document when it serves, with 0."
    ),
    ("error", "object or null", "Why the command failed."),
    ("error.message", "string", "What failed and why, in one sentence."),
    ("error.fix", "string or null", "What to do about it."),
    (
      "rehearsal", "boolean",
      "There, and true, where the endpoint is on this machine, as that of `--sandbox` is: nothing of it happened in AWS."
    ),
    ("error.more[]", "list of errors", "What else is wrong of the same kind."),
    (
      "outcome", "string",
      "How it ended: `unchanged`, `updated`, `published`, `promoted`, `rolledBack`, `held`, `failed`, `detached`; of `plan`: `unchanged`, `changes`."
    ),
  ]

  static let place: [Field] = [
    ("environment", "string", "The environment."), ("alias", "string", "Its alias."),
  ]

  static let function: [Field] = [
    ("functions[].function", "string", "Logical name."),
    ("functions[].functionName", "string", "Name in AWS."),
  ]

  static let verdict =
    "the judge's verdict: `kind` (`pass`, `extend`, `hold`, `rollback`), `sentence`, `canary` and `stable` with `invocations` and `errors`, `eValue`, …"

  static let release: [Field] = joined(
    place,
    [
      ("release", "string or null", "The release's id."),
      (
        "commit", "string or null",
        "The commit that was released; of what takes back or goes on with a release, that release's."
      ),
      ("owner", "string", "The CI run, or the person."),
      ("link", "string or null", "Where the CI run can be looked at."),
      ("durationSeconds", "number", "How long it took, in the endpoint's time."),
    ], function,
    [
      ("functions[].change", "string", "`create`, `code`, `config`, `code+config` or `none`."),
      ("functions[].reasons[]", "list of strings", "Why."),
      (
        "functions[].settings[]", "list",
        "Settings that were to change: `key`, `from`, `to` (secrets as tokens), `needsVersion`."
      ),
      ("functions[].fromVersion", "string or null", "What served before."),
      ("functions[].toVersion", "string or null", "What was made, or gone back to."),
      ("functions[].alias", "string", "The alias."),
      ("functions[].codeSha256", "string or null", "As Lambda has it."),
      ("functions[].digests", "object or null", "`src`, `pkg` and `cfg`."),
      ("functions[].outcome", "string", "As of the whole."),
      ("functions[].weights", "object", "The share of traffic of each version, 0 to 1."),
      (
        "functions[].moved", "object or null",
        "Somebody has moved the alias of a function of which nothing was released: `from`, `to`."
      ),
      ("functions[].driver", "string or null", "The run that drives the rollout, to which it was left."),
      ("functions[].error", "object or null", "This function's own error."),
      ("functions[].verdict", "object or null", "What was said last: \(verdict)"),
      ("functions[].verified", "boolean", "After a rollback: the alias was read back and is right."),
      ("functions[].errors[]", "list", "After a rollback: the first distinct errors, `message` and `count`."),
      ("functions[].cost", "object or null", "After a rollback: `canary`, `stable` and their `ratio`."),
      ("functions[].url", "string", "Of a preview: the function's address."),
      (
        "preview", "object",
        "Of a preview, which moves no traffic: its `name`, until when it stays (`until`), and what takes it away then, "
          + "`schedule` or `prune` (`removal`)."
      ),
      ("verdict", "object", "Of a release with several functions: \(verdict)"),
      (
        "evidence", "object",
        "`lamctl.evidence/1`: the minutes that the last verdict rests on; `judge --input` takes the document."
      ),
      ("warnings[]", "list of strings", "What went wrong without changing how it ended."),
      ("signal", "string", "The signal that ended the run."),
    ])

  private static func joined(_ parts: [Field]...) -> [Field] { parts.flatMap { $0 } }

  static func document(_ command: String, _ parts: [Field]...) -> (command: String, fields: [Field]) {
    (command, parts.flatMap { $0 })
  }

  /// Members of a document that no field of the catalogue tells of. Members of members are told by their parent.
  static func unknown(in document: JSON) -> [String] {
    let schema = document["schema"]?.string ?? ""
    let name = String(schema.dropFirst("lamctl.".count).prefix { $0 != "/" })
    let own = documents.first { $0.command == name }?.fields ?? []
    let paths = Set((everywhere + own).map { $0.path.replacing("[]", with: "") })
    var found = (document.object?.keys ?? []).filter { key in
      !paths.contains(key) && !paths.contains { $0.hasPrefix(key + ".") }
    }
    let nested = paths.filter { $0.hasPrefix("functions.") }
    guard !nested.isEmpty else { return found }
    for entry in document["functions"]?.array ?? [] {
      found += (entry.object?.keys ?? []).map { "functions." + $0 }.filter { !nested.contains($0) }
    }
    return found
  }

  /// `docs/json.md`.
  static var markdown: String {
    func table(_ fields: [Field]) -> String {
      let rows = fields.map { "| `\($0.path)` | \($0.type) | \($0.meaning.replacing("|", with: "\\|")) |" }
      return (["| field | type | meaning |", "|---|---|---|"] + rows).joined(separator: "\n") + "\n"
    }
    var text = """
      # Documents and events

      With `--json` stdout is exactly one JSON document, whatever the way out: success, failure, wrong usage, `--help`,
      `--version`, a signal. `status --watch` and `logs --follow` print a line of JSON for each look or event instead. A field once
      published keeps its name and type; new ones may come. Times are ISO 8601 in UTC, shares and rates 0 to 1.

      ## In every document

      \(table(everywhere))
      """
    for (command, fields) in documents {
      if ["promote", "abort", "resume", "tick", "rollback"].contains(command) { continue }
      let names =
        switch command {
        case "deploy": "deploy, rollback, promote, abort, resume, tick"
        case "policy": "doctor --policy"
        default: command
        }
      text += "\n## \(names)\n\n\(table(fields))"
    }
    text += """

      ## Events

      `--events FILE` appends a line of JSON for each event; with `--events -` stdout has these lines and nothing else. Each has
      `time` and `event`, those about one function also `function`, its logical name.

      | event | fields | meaning |
      |---|---|---|

      """
    return text + events.map { "| `\($0.event)` | \($0.fields) | \($0.meaning) |\n" }.joined()
  }
}
