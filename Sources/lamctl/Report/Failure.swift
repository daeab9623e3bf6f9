internal import AWSClient
internal import Core
internal import Packager
internal import Release
internal import Sandbox

/// Why a command failed, in the form that users and scripts see.
struct Failure: Error, Equatable {
  /// What the process ends with.
  var exitCode: ExitCode
  /// What failed and why, as one line: `orders: cannot read handler.py: Permission denied`.
  var message: String
  /// The same for a page that others read; nil where `message` may stand there.
  var brief: String?
  /// What to do about it, where that is known.
  var fix: String?
  /// More for `--verbose`, such as request ids; never secrets.
  var details: [String]
  /// What else is wrong of the same kind, as the same look has found it.
  var more: [Failure] = []

  init(_ exitCode: ExitCode, _ message: String, fix: String? = nil, details: [String] = []) {
    self.exitCode = exitCode
    self.message = message
    self.fix = fix
    self.details = details
  }

  /// The one place that decides what an error means for the exit code.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as UsageError: self.init(.usage, error.message, fix: error.fix)
    case let error as UnitError: self.init(.usage, error.description)
    case let error as SystemError: self.init(.failed, error.description)
    case let error as PackagerError: self.init(error)
    case let error as AWSError: self.init(error)
    case let error as ReleaseError: self.init(error)
    case let error as SandboxError: self.init(.failed, error.description)
    case let error as EvidenceError: self.init(.config, error.description)
    case is CancellationError: self.init(.interrupted, "interrupted")
    default: self.init(.failed, String(describing: error))
    }
  }

  /// The same, with its sentences passed through `spell`.
  func spelled(_ spell: (String) -> String) -> Failure {
    var failure = self
    failure.message = spell(message)
    failure.brief = brief.map(spell)
    failure.fix = fix.map(spell)
    failure.more = more.map { $0.spelled(spell) }
    return failure
  }

  /// The lines for stderr: `lamctl: what failed: why`, then the fix, then the details if asked for.
  func text(verbose: Bool) -> String {
    var lines = ["lamctl: " + Self.oneLine(message)]
    if let fix { lines.append("  fix: " + Self.oneLine(fix)) }
    if verbose { lines += details.map { "  " + Self.oneLine($0) } }
    return lines.joined(separator: "\n") + "\n" + more.map { $0.text(verbose: verbose) }.joined()
  }

  /// The member `error` of a command's document.
  var json: JSON {
    var members = JSONObject([("message", .string(message)), ("fix", .optional(fix))])
    if !more.isEmpty { members["more"] = .array(more.map(\.json)) }
    return .object(members)
  }

  /// The document that `--json` prints when the command has none of its own to say it in.
  func document(schema: String) -> JSON {
    ["schema": .string(schema), "outcome": "failed", "exitCode": .int(Int(exitCode.rawValue)), "error": json]
  }

  private static func oneLine(_ text: String) -> String {
    PlainText.line(text.split(whereSeparator: \.isNewline).joined(separator: " "))
  }
}
