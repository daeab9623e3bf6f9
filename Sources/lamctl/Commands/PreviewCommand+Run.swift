internal import AWSClient
internal import Core
internal import Packager
internal import Release

extension PreviewCommand: RunnableCommand {
  /// Lists previews, or takes one away.
  func run(in context: Context) async throws -> ExitCode {
    try await Session.with(globals, environment: nil, need: .preview(isWhole: false), in: context) {
      session in
      try await session.checkAccount()
      let names = try await session.names(only: only).map(\.inRelease)
      let previews = Previews(
        services: session.services { _ in }, edges: session.edgeServices, main: session.environment.alias,
        project: session.workspace.config.project, partition: session.aws.partition,
        isScheduled: try session.workspace.preview()?.role != nil, parallel: session.parallel)
      let results: [PreviewResult] =
        if action == .delete, let preview {
          await previews.delete(preview, of: names, dryRun: dryRun)
        } else {
          try await previews.list(names)
        }
      let outcome = PreviewOutcome(
        action: action ?? .list, isDryRun: dryRun, now: session.serverTime(), results: results)
      if globals.json {
        context.printDocument(outcome.document(Self.schema, session.environment))
      } else {
        context.show(outcome.text(style: context.outputTerminal.style, limit: context.tableLimit))
      }
      for failure in outcome.failures { context.tell(failure, verbose: globals.verbose) }
      return outcome.exitCode
    }
  }
}

/// What `lamctl preview` came to.
struct PreviewOutcome: Sendable {
  let action: PreviewCommand.Action
  let isDryRun: Bool
  let now: Timestamp
  let results: [PreviewResult]

  var failures: [Failure] { results.map(\.alias).failures }

  var exitCode: ExitCode { failures.exitCode(of: results.count) }

  func document(_ schema: String, _ environment: EnvironmentConfig) -> JSON {
    [
      "schema": .string(schema), "environment": .string(environment.name),
      "alias": .string(environment.alias), "action": .string(action.rawValue), "dryRun": .bool(isDryRun),
      "exitCode": .int(Int(exitCode.rawValue)),
      "functions": .array(
        results.map { result in
          var entry = result.alias.entry
          entry["url"] = .optional(result.url)
          return .object(entry)
        }),
      "error": failures.first?.json ?? .null,
    ]
  }

  static func columns(_ action: PreviewCommand.Action) -> [TextTable.Column] {
    [
      .left("PREVIEW").whole, .names("FUNCTION"), .right("VERSION").whole, .left("UNTIL").dropped(1),
      .left("BY").dropped(2), .left(action == .list ? "URL" : "OUTCOME").whole,
    ]
  }

  /// - Parameter limit: the widest a line may get; nil for any width.
  func text(style: Style, limit: Int? = nil) -> String {
    let seen = results.filter { $0.alias.outcome != .absent }
    guard !seen.isEmpty else {
      return action == .list ? "There are no previews.\n" : "Nothing to delete.\n"
    }
    let rows = seen.map { result in
      let alias = result.alias.alias
      return [
        alias?.alias ?? "-", result.alias.name.function, alias?.version ?? "-",
        alias.map(until) ?? "-", alias?.person ?? "-",
        action == .list ? result.url ?? "-" : words(result.alias.outcome),
      ]
    }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    return TextTable(Self.columns(action), rows: rows).lines(style: style, limit: limit).joined(
      separator: "\n") + "\n"
  }

  private func until(_ alias: TemporaryAlias) -> String {
    alias.isOver(at: now) ? "over" : alias.until.iso8601
  }

  private func words(_ outcome: TemporaryAliasResult.Outcome) -> String {
    outcome == .failed ? "failed" : isDryRun ? "would be deleted" : "deleted"
  }
}
