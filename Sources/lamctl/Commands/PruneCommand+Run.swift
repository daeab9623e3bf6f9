internal import AWSClient
internal import Core
internal import Packager
internal import Release

extension PruneCommand: RunnableCommand {
  /// Deletes what nothing refers to.
  func run(in context: Context) async throws -> ExitCode {
    try await Session.with(globals, environment: environment, need: .names(direct), in: context) {
      session in
      try await session.checkAccount()
      let names = try await session.names(only: only).map(\.inRelease)
      let services = session.services { event in
        if case .note(_, let text) = event { context.remark(text) }
      }
      let pruner = Pruner(
        services: services, keep: keep ?? session.workspace.config.keepVersions ?? Self.defaultKeep,
        parallel: session.parallel)
      let layers = LayerPruner(services: services, parallel: session.parallel)
      let (results, pruned) = try await context.interruption.cancelling {
        () async throws -> ([PruneResult], [LayerPruneResult]) in
        let results = try await pruner.prune(names, dryRun: dryRun)
        // Which versions refer to a layer is known only once the old ones are gone.
        guard !Task.isCancelled else { return (results, []) }
        return (results, try await layers.prune(after: results, dryRun: dryRun))
      }
      let outcome = PruneOutcome(
        results: results, layers: pruned, isDryRun: dryRun, signal: context.interruption.received)
      if globals.json {
        context.printDocument(outcome.document(Self.schema, session.environment))
      } else {
        context.show(outcome.text(style: context.outputTerminal.style, limit: context.tableLimit))
      }
      for failure in outcome.failures { context.tell(failure, verbose: globals.verbose) }
      return outcome.exitCode
    }
  }

  /// As many as serve a rollback of two weeks for a team that releases daily.
  private static let defaultKeep = 10
}

/// What `lamctl prune` came to.
struct PruneOutcome: Sendable {
  let results: [PruneResult]
  let layers: [LayerPruneResult]
  let isDryRun: Bool
  /// The signal that ended it, if one did.
  let signal: Interruption.Signal?

  var failures: [Failure] {
    (results.flatMap { $0.failures.map(\.error) } + layers.flatMap { $0.failures.map(\.error) })
      .map { Failure($0) }
  }

  var exitCode: ExitCode {
    if let signal { return signal.exitCode }
    guard let first = failures.first else { return .done }
    return results.contains { !$0.deleted.isEmpty } || layers.contains { !$0.deleted.isEmpty }
      ? .partial : first.exitCode
  }

  func document(_ schema: String, _ environment: EnvironmentConfig) -> JSON {
    [
      "schema": .string(schema), "environment": .string(environment.name),
      "alias": .string(environment.alias),
      "dryRun": .bool(isDryRun), "exitCode": .int(Int(exitCode.rawValue)),
      "functions": .array(results.map(Self.entry)),
      "layers": .array(
        layers.map { layer in
          [
            "layer": .string(layer.name), "deleted": .array(layer.deleted.map { .int($0.version) }),
            "kept": .int(layer.kept),
            "failed": .array(
              layer.failures.map { ["version": .int($0.version), "error": Failure($0.error).json] }),
          ]
        }), "error": failures.first?.json ?? .null,
    ]
  }

  static func entry(_ result: PruneResult) -> JSON {
    [
      "function": .string(result.name.function), "functionName": .string(result.name.functionName),
      "deleted": .array(result.deleted.map { .string($0.version) }),
      "deletedAliases": .array(result.deletedAliases.map { .string($0.alias) }),
      "freedBytes": .int(freed(result)),
      "kept": .array(
        result.kept.map { ["version": .string($0.version.version), "why": .string($0.reason.words)] }),
      "failed": .array(
        result.failures.map { ["version": .string($0.version), "error": Failure($0.error).json] }),
    ]
  }

  private static func freed(_ result: PruneResult) -> Int { result.deleted.reduce(0) { $0 + $1.codeSize } }

  static func columns(_ isDryRun: Bool) -> [TextTable.Column] {
    [
      .names("FUNCTION"), .left(isDryRun ? "WOULD DELETE" : "DELETED"), .right("FREED").dropped(2),
      .left("STAYS").cut(1),
    ]
  }

  /// - Parameter limit: the widest a line may get; nil for any width.
  func text(style: Style, limit: Int? = nil) -> String {
    let rows = results.map { result in
      [
        result.name.function,
        result.deleted.isEmpty ? "-" : result.deleted.map(\.version).joined(separator: ", "),
        Self.megabytes(Self.freed(result)), Self.stays(result),
      ]
    }
    let count = results.reduce(0) { $0 + $1.deleted.count }
    let bytes = results.reduce(0) { $0 + Self.freed($1) }
    let sentence =
      count == 0
      ? "Nothing to prune: every version is new or in use."
      : "\(isDryRun ? "Would delete" : "Deleted") \(count) version\(count == 1 ? "" : "s"), "
        + "\(Self.megabytes(bytes)) of code storage."
    let ended = results.flatMap { result in
      result.deletedAliases.map { "\(result.name.function):\($0.alias)" }
    }
    let aliases =
      ended.isEmpty
      ? []
      : [
        "\(isDryRun ? "Would delete" : "Deleted") aliases whose time is over: \(ended.joined(separator: ", "))."
      ]
    let pruned = layers.filter { !$0.deleted.isEmpty }.map { layer in
      "\(isDryRun ? "Would delete" : "Deleted") of the layer \(layer.name): "
        + layer.deleted.map { String($0.version) }.joined(separator: ", ") + "."
    }
    return
      (TextTable(Self.columns(isDryRun), rows: rows).lines(style: style, limit: limit) + [sentence] + aliases
      + pruned)
      .joined(separator: "\n") + "\n"
  }

  private static func megabytes(_ bytes: Int) -> String { "\((Double(bytes) / 1e6).formatted(digits: 1)) MB" }

  /// `10 newest, 3 in prod's record`.
  private static func stays(_ result: PruneResult) -> String {
    var counts: [(words: String, count: Int)] = []
    for kept in result.kept {
      let words = kept.reason.words
      if let index = counts.firstIndex(where: { $0.words == words }) {
        counts[index].count += 1
      } else {
        counts.append((words, 1))
      }
    }
    return counts.map { "\($0.count) \($0.words)" }.joined(separator: ", ")
  }
}

extension PrunePlan.Reason {
  /// Why it stays, as it follows a number: `2 behind the alias prod`.
  fileprivate var words: String {
    switch self {
    case .newest: "among the newest"
    case .alias(let name): "behind the alias \(name)"
    case .record(let name): "in the record of \(name)"
    case .bad(let name): "marked bad in \(name)"
    case .young: "younger than a day"
    case .traffic: "with traffic"
    case .unknownTraffic: "of unknown traffic"
    case .unreadable(let name): "perhaps in the record of \(name), which cannot be read"
    }
  }
}
