internal import Core
internal import Release

/// What a deploy or rollback came to, for people, scripts and CI systems.
struct DeployResult: Sendable {
  let report: ReleaseReport
  let facts: RunFacts
  let duration: TimeSpan
  /// The signal that ended the run, if one did.
  let signal: Interruption.Signal?
  /// What was asked for.
  var kind = Kind.deploy

  /// What a result is of.
  enum Kind: Sendable {
    case deploy, rollback, abort, takeover, preview
  }

  /// Whether going back is what was asked for.
  private var isRollback: Bool { kind == .rollback || kind == .abort }

  /// Why it did not end well, where it did not.
  var failure: Failure? { report.error.map { Failure($0) } }

  /// Whether to leave the weights on their way was asked for.
  var goesOn = false

  /// What a person is told to do next.
  var next = NextCommand()

  /// What the process ends with.
  var exitCode: ExitCode {
    RunEnding(report, signal: signal, isRollback: isRollback, goesOn: goesOn).exitCode
  }

  /// What went wrong without changing how it has ended.
  private var isBookkeeping: Bool { exitCode == .done && report.error != nil }

  /// Prints the result on stdout and the failure on stderr, and tells the CI system.
  func print(schema: String, globals: GlobalOptions, in context: Context) async {
    context.ending.withLock {
      $0 = CommandEnding(
        outcome: report.outcome.rawValue, release: report.release?.description,
        error: (isBookkeeping ? nil : failure)?.json ?? .null)
    }
    if globals.json {
      context.printDocument(
        ReleaseDocument.report(
          report, schema: schema, exitCode: exitCode, facts: facts, duration: duration,
          failure: isBookkeeping ? nil : failure, signal: signal, secrets: context.secrets))
    } else {
      context.show(text(style: context.outputTerminal.style, limit: context.tableLimit))
    }
    for warning in report.warnings { context.warn(warning) }
    if let failure, isBookkeeping {
      context.warn("\(failure.message); the next run finishes that")
    } else if let failure {
      context.tell(failure, verbose: globals.verbose)
    } else if exitCode == .rolledBack || exitCode == .held {
      context.annotate(
        exitCode == .held ? .warning : .error, ([sentence] + ways).joined(separator: "\n"))
    }
    await tellCI(globals, in: context)
  }

  /// The table and the sentence at the end.
  func text(style: Style, limit: Int?) -> String {
    let rows = report.functions.map { function in
      var cells = [
        function.function, function.change == .none ? "-" : function.change.rawValue,
        versions(function, style),
        words(function.outcome),
        ([bystander(function)].compactMap(\.self) + function.reasons).joined(separator: "; "),
      ]
      if tellsServing { cells.insert(serving(function), at: 4) }
      return cells
    }
    let table = TextTable(Self.columns(tellsServing: tellsServing), rows: rows).lines(
      style: style, limit: limit)
    return (table + [sentence] + addresses + ways + failures + findings).joined(separator: "\n") + "\n"
  }

  static func columns(tellsServing: Bool) -> [TextTable.Column] {
    [.names("FUNCTION"), .left("CHANGE").dropped(2), .left("VERSION").whole, .left("OUTCOME").whole]
      + (tellsServing ? [.left("SERVES").whole] : []) + [.left("WHY").cut(3)]
  }

  /// Why a function failed of which nothing else was told: its release goes forward as a whole, or not at all.
  private func bystander(_ function: FunctionReport) -> String? {
    guard function.outcome == .failed, function.failure == nil else { return nil }
    let blamed = report.functions.filter { $0.failure != nil }.map(\.function)
    return blamed.isEmpty ? nil : "ended because of \(PlanText.names(blamed))"
  }

  /// Whether outcomes alone leave open where the traffic is.
  private var tellsServing: Bool {
    report.isPartial || report.error != nil || report.outcome == .held || report.outcome == .detached
      || report.functions.contains { $0.moved != nil || $0.driver != nil }
  }

  /// `41: 90 %, 42: 10 %`, or the one version that has everything.
  private func serving(_ function: FunctionReport) -> String {
    function.serving.count > 1 ? Percent.text(function.serving) : function.serving.keys.first ?? "-"
  }

  /// Why each function failed, where more than one did: the first is told as the failure of the run.
  private var failures: [String] {
    let failed = report.functions.compactMap { function in function.failure.map { (function.function, $0) } }
    guard failed.count > 1 || report.isPartial else { return [] }
    return failed.map { function, error in
      let text = Failure(error).message
      return text.hasPrefix(function + ":") ? text : "\(function): \(text)"
    }
  }

  private func versions(_ function: FunctionReport, _ style: Style) -> String {
    guard let to = function.toVersion else { return function.fromVersion ?? "-" }
    return function.fromVersion.map { $0 == to ? to : $0 + style.arrow + to } ?? to
  }

  private func words(_ outcome: Outcome) -> String {
    outcome == .rolledBack ? "rolled back" : outcome.rawValue
  }

  /// What happened, in one sentence that a person can repeat.
  var sentence: String {
    let changed = report.functions.filter { $0.outcome != .unchanged }
    let count = Self.counted(changed.count)
    let interruption = report.wasInterrupted ? signal.map { ", ended by \($0.name)" } ?? "" : ""
    let time = "after \(duration.seconds.formatted(digits: 1)) s\(interruption)"
    if report.isPartial { return "In \(report.environment) \(time): \(outcomes).\(verdictLine)" }
    if let preview = report.preview, report.outcome != .failed {
      return PreviewText.sentence(preview, of: report)
    }
    switch report.outcome {
    case .unchanged:
      return nothingDone
    case .updated:
      return "Updated the settings of \(count) in \(report.environment); none needs a new version."
    case .promoted: return "Promoted \(count) in \(report.environment) \(time)."
    case .rolledBack where isRollback: return "Rolled back \(count) in \(report.environment)."
    case .rolledBack: return "Rolled back \(count) in \(report.environment) \(time).\(verdictLine)"
    case .held:
      let held = Self.counted(report.functions.count { $0.outcome == .held })
      let promoted = report.functions.count { $0.outcome == .promoted }
      let rest = promoted == 0 ? "" : "Promoted \(Self.counted(promoted)) \(time). "
      return
        "\(rest)Held \(held) in \(report.environment): the weights stay as they are.\(verdictLine)"
    case .failed where report.hasMovedTraffic:
      return "Failed \(time); the table tells what serves in \(report.environment) now."
    case .failed:
      let shown = report.preview.flatMap { preview in
        report.functions.contains { $0.url != nil }
          ? "what was published shows in the preview \(preview.name), and " : nil
      }
      return "Failed \(time); \(shown ?? "")the traffic in \(report.environment) is where it was\(split)."
    case .published: return "Published \(count); the traffic in \(report.environment) is where it was."
    case .detached:
      return
        "Left \(count) in \(report.environment) on the way; ticks or any later deploy go on."
    }
  }

  /// What stands where nothing was done.
  private var nothingDone: String {
    let environment = report.environment
    switch kind {
    case .deploy, .preview:
      let moved = report.functions.filter { $0.moved != nil }.map(\.function)
      guard !moved.isEmpty else { return "Nothing changed: \(environment) is as the repository wants it." }
      return
        "Nothing changed in \(environment), and \(PlanText.names(moved)) \(moved.count == 1 ? "serves" : "serve") "
        + "otherwise than lamctl has left it: somebody has moved the alias \(report.alias)."
    case .rollback:
      return "Nothing to roll back in \(environment). Further back it goes to a version that is named: "
        + "lamctl rollback --to VERSION; lamctl versions shows them."
    case .abort: return "No rollout is under way in \(environment)."
    case .takeover:
      let drivers = Set(report.functions.compactMap(\.driver)).sorted()
      guard !drivers.isEmpty else { return "No rollout is under way in \(environment)." }
      return
        "Another run drives the rollout in \(environment), and was left to it: \(drivers.joined(separator: ", "))."
    }
  }

  private static func counted(_ functions: Int) -> String {
    functions == 1 ? "1 function" : "\(functions) functions"
  }

  /// That a version on trial has traffic, which nobody has taken back: `, and more than one version serves: orders gives
  /// 4: 90 %, 5: 10 %`.
  private var split: String {
    let shared = report.functions.filter { $0.serving.count > 1 }
    guard !shared.isEmpty else { return "" }
    let words = shared.map { function in "\(function.function) gives \(serving(function))" }
    return ", and more than one version serves: \(words.joined(separator: "; "))"
  }

  /// Where the preview is.
  private var addresses: [String] { PreviewText.addresses(report) }

  /// The commands that go on with what stands still or on its way, or end it.
  private var ways: [String] {
    guard let goesOn = next.goOn(report) else { return [] }
    return ["To go on: \(goesOn)", "To end it: \(next.line("abort", report.environment))"]
  }

  /// What the versions that were taken back have logged and cost.
  private var findings: [String] {
    report.functions.filter { $0.outcome == .rolledBack }.flatMap { function in
      let version = "\(function.function) v\(function.toVersion ?? "?")"
      var lines: [String] = []
      if !function.errors.isEmpty {
        lines.append("What \(version) logged first:")
        lines += function.errors.map { "  \($0.count) x \(PlainText.line($0.message))" }
      }
      if let cost = function.cost {
        lines.append(
          "An invocation of \(version) costs \(cost.ratio.formatted(digits: 2)) times as much: "
            + "\(Self.words(cost.canary)) against \(Self.words(cost.stable)).")
      }
      return lines
    }
  }

  private static func words(_ cost: RunningCost) -> String {
    "\(cost.milliseconds.formatted(digits: 1)) ms x \(cost.memorySize) MB"
  }

  /// `2 promoted, 1 rolled back`.
  private var outcomes: String {
    Outcome.allCases.compactMap { outcome in
      let count = report.functions.count { $0.outcome == outcome }
      return count == 0 || outcome == .unchanged ? nil : "\(count) \(words(outcome))"
    }.joined(separator: ", ")
  }

  private var verdictLine: String { verdictSentence.map { "\n\($0)" } ?? "" }

  private var verdictSentence: String? {
    let decisive = report.functions.compactMap(\.verdict).filter { $0.kind == .rollback || $0.kind == .hold }
    if report.isPartial, !decisive.isEmpty { return decisive.map(\.sentence).joined(separator: "\n") }
    return report.functions.count > 1
      ? decisive.first?.sentence ?? report.verdict?.sentence : decisive.first?.sentence
  }

  /// Hands the result to the later steps of a job, and shows it on the page of the run.
  private func tellCI(_ globals: GlobalOptions, in context: Context) async {
    let publisher = RunPublisher(globals: globals, context: context)
    publisher.publish(outputs)
    let summary = RunSummary(
      report: report, facts: facts, exitCode: exitCode, sentence: sentence, findings: findings,
      failure: isBookkeeping ? nil : failure, commands: next)
    let level: LogMarkup.Level = exitCode == .done ? .notice : exitCode == .held ? .warning : .error
    await publisher.publish(summary: summary.markdown, of: report.environment, level: level)
  }

  /// What later steps get: the version of each function that has most of its traffic now.
  var outputs: RunOutputs {
    var versions: [String: String] = [:]
    for function in report.functions where function.outcome != .unchanged {
      let serving = function.serving.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
      let moved = isRollback || function.outcome == .promoted ? function.toVersion : function.fromVersion
      versions[function.function] = serving ?? moved
    }
    let changed = report.functions.filter { isRollback ? $0.outcome != .unchanged : $0.change != .none }
    return RunOutputs(
      outcome: report.outcome.rawValue, release: report.release?.description,
      changed: changed.map(\.function),
      versions: versions,
      urls: report.preview == nil ? nil : PreviewText.urls(report))
  }
}

extension NextCommand {
  /// The command that goes on with what `report` has left standing or on its way; nil where nothing is.
  func goOn(_ report: ReleaseReport) -> String? {
    switch report.outcome {
    case .held:
      // What could neither go on nor be taken back stands in the middle of a step, and waits for no promotion.
      let waits = report.functions.filter { $0.outcome == .held }.allSatisfy(\.isHeld)
      return waits ? promote(report.environment) : resume(report.environment)
    case .detached: return resume(report.environment)
    case .unchanged, .updated, .published, .promoted, .rolledBack, .failed: return nil
    }
  }
}
