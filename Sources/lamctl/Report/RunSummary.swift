internal import Core
internal import Release

/// What a run came to as Markdown: for the page of a CI run, a comment on a request, or an incident channel. Pure.
struct RunSummary {
  let report: ReleaseReport
  let facts: RunFacts
  let exitCode: ExitCode
  /// What happened, in a sentence or more; verdicts stand on lines of their own.
  let sentence: String
  /// What the versions that were taken back have logged and cost.
  let findings: [String]
  let failure: Failure?
  /// The commands to go on with.
  var commands = NextCommand()

  /// The whole text.
  var markdown: String {
    var parts = [
      "### \(mark) lamctl: \(Markdown.escaped(report.environment))\(facts.isRehearsal ? ", a rehearsal" : "")",
      facts.isRehearsal ? Markdown.rehearsal : "", Markdown.escaped(lines[0]), origin,
    ]
    parts += lines.dropFirst().map { "> \(Markdown.escaped($0))" }
    let failures = (failure.map { [$0] } ?? []) + (failure?.more ?? [])
    parts += failures.map { "**Failed:** " + Markdown.code($0.brief ?? $0.message) }
    let changed = report.functions.filter { $0.outcome != .unchanged }
    if !changed.isEmpty {
      parts.append(
        Markdown.table(
          ["function", "change", "version", "outcome", "serves now", "why"], changed.map(row)))
    }
    let addresses = PreviewText.addresses(report)
    if !addresses.isEmpty {
      parts.append(addresses.map { "- " + Markdown.escaped($0) }.joined(separator: "\n"))
    }
    if !findings.isEmpty { parts.append(Markdown.block(findings)) }
    if let next { parts.append("**Next:** \(next)") }
    let same = report.functions.filter { $0.outcome == .unchanged }.map(\.function)
    if !same.isEmpty {
      let count = same.count == 1 ? "1 function is" : "\(same.count) functions are"
      parts.append(
        "<details><summary>\(count) unchanged</summary>\n\n\(same.map(Markdown.code).joined(separator: ", "))\n\n</details>"
      )
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n\n"
  }

  private var lines: [String] { sentence.split(separator: "\n").map(String.init) }

  /// Release, commit, actor and run.
  private var origin: String {
    var parts: [String] = []
    if let release = report.release { parts.append("release \(Markdown.code(release.description))") }
    if let shortCommit { parts.append("commit \(Markdown.code(shortCommit))") }
    parts.append(
      "by " + (facts.actor.map { "\(Markdown.code($0)) in " } ?? "") + Markdown.code(facts.owner))
    if let link = Markdown.link("run", facts.link) { parts.append(link) }
    return parts.joined(separator: " · ")
  }

  private var shortCommit: String? {
    facts.commit.map { String($0.prefix(12)) + (facts.isDirty ? "+" : "") }
  }

  private var mark: String {
    switch exitCode {
    case .done: "✅"
    case .held: "⏸️"
    default: "❌"
    }
  }

  private func row(_ function: FunctionReport) -> [String] {
    let version = [function.fromVersion, function.toVersion].compactMap { $0 }
    let isSame = version.count == 2 && version[0] == version[1]
    return [
      Markdown.cell(function.function), function.change == .none ? "-" : function.change.rawValue,
      (isSame ? [version[0]] : version).joined(separator: " → "),
      function.outcome == .rolledBack ? "rolled back" : function.outcome.rawValue,
      function.serving.isEmpty ? "-" : Percent.text(function.serving),
      Markdown.escaped(function.reasons.joined(separator: "; ")),
    ]
  }

  /// What a person does now; nothing where all is well.
  private var next: String? {
    let environment = report.environment
    if exitCode == .held {
      return "\(Markdown.code(commands.goOn(report) ?? commands.resume(environment))) goes on, "
        + "\(Markdown.code(commands.line("abort", environment))) takes it back"
    }
    if let fix = failure?.fix { return Markdown.escaped(fix) }
    switch exitCode {
    case .rolledBack:
      return "read the verdict, mend, and release again; the same code only with \(Markdown.code("--retry"))"
    case .partial, .failed, .busy:
      return "\(Markdown.code(commands.line("status", environment))) shows what serves"
    default: return nil
    }
  }
}
