internal import Core
internal import Packager
internal import Release

extension AliasCommand: RunnableCommand {
  /// Sets, lists or deletes aliases that are nobody's but a person's.
  func run(in context: Context) async throws -> ExitCode {
    try await Session.with(globals, environment: environment, need: .names(direct), in: context) {
      session in
      try await session.checkAccount()
      let names = try await session.names(only: only).map(\.inRelease)
      let facts = await RunFacts(root: session.workspace.root, in: context)
      let aliases = TemporaryAliases(
        services: session.services { _ in }, main: session.environment.alias, owner: facts.owner,
        parallel: session.parallel)
      let outcome = AliasOutcome(
        action: action ?? .list, isDryRun: dryRun, now: session.serverTime(),
        results: try await results(aliases, names, session))
      if globals.json {
        context.printDocument(outcome.document(Self.schema, session.environment))
      } else {
        context.show(outcome.text(style: context.outputTerminal.style, limit: context.tableLimit))
      }
      for failure in outcome.failures { context.tell(failure, verbose: globals.verbose) }
      return outcome.exitCode
    }
  }

  private func results(
    _ aliases: TemporaryAliases, _ names: [FunctionName], _ session: Session
  ) async throws -> [TemporaryAliasResult] {
    guard let alias = first, let action, action != .list else { return try await aliases.list(names) }
    if let owner = session.environmentAliases[alias] {
      throw Failure(
        .usage, "\(alias) is \(owner), which this command never touches",
        fix: "name another alias, such as debug")
    }
    switch (action, target, span) {
    case (.set, let target?, let span?):
      if case .made(.version(let number)) = target, names.count > 1 {
        throw Failure(
          .usage, "version \(number) of one function is not that of another, and \(names.count) are selected",
          fix: "name one function with --only, or a commit or release with --to")
      }
      return try await aliases.set(alias, of: names, to: try target.inRelease, for: span, dryRun: dryRun)
    default: return await aliases.delete(alias, of: names, dryRun: dryRun)
    }
  }
}

extension AliasTarget {
  /// The same, as releases know it.
  ///
  /// - Throws: ``Failure`` when a text only looks like a release.
  fileprivate var inRelease: TemporaryAliasTarget {
    get throws {
      switch self {
      case .canary: return .canary
      case .made(.version(let number)): return .version(number)
      case .made(.commit(let beginning)): return .commit(beginning)
      case .made(.release(let text)):
        guard let release = ReleaseID(parsing: text) else {
          throw Failure(.usage, "'\(text)' is no release", fix: "lamctl versions names them")
        }
        return .release(release)
      }
    }
  }
}

/// What `lamctl alias` came to.
struct AliasOutcome: Sendable {
  let action: AliasCommand.Action
  let isDryRun: Bool
  let now: Timestamp
  let results: [TemporaryAliasResult]

  var failures: [Failure] { results.failures }

  var exitCode: ExitCode { failures.exitCode(of: results.count) }

  func document(_ schema: String, _ environment: EnvironmentConfig) -> JSON {
    [
      "schema": .string(schema), "environment": .string(environment.name),
      "alias": .string(environment.alias), "action": .string(action.rawValue), "dryRun": .bool(isDryRun),
      "exitCode": .int(Int(exitCode.rawValue)),
      "functions": .array(results.map { .object($0.entry) }),
      "error": failures.first?.json ?? .null,
    ]
  }

  static let columns: [TextTable.Column] = [
    .names("FUNCTION"), .left("ALIAS").whole, .right("VERSION").whole, .left("UNTIL").dropped(1),
    .left("BY").dropped(2), .left("OUTCOME").whole,
  ]

  /// - Parameter limit: the widest a line may get; nil for any width.
  func text(style: Style, limit: Int? = nil) -> String {
    let rows = results.map { result in
      [
        result.name.function, result.alias?.alias ?? "-", result.alias?.version ?? "-",
        result.alias?.until.iso8601 ?? "-", result.alias?.owner ?? "-", words(result),
      ]
    }
    guard !rows.isEmpty else { return "No aliases but those of environments.\n" }
    return TextTable(Self.columns, rows: rows).lines(style: style, limit: limit).joined(separator: "\n")
      + "\n"
  }

  private func words(_ result: TemporaryAliasResult) -> String {
    switch result.outcome {
    case .unchanged: result.alias?.isOver(at: now) ?? false ? "over: prune deletes it" : "set"
    case .set: isDryRun ? "would be set" : "set"
    case .deleted: isDryRun ? "would be deleted" : "deleted"
    case .absent: "there is none"
    case .failed: "failed"
    }
  }
}
