internal import Core
internal import Packager
internal import Release

extension VersionsCommand: RunnableCommand {
  /// Shows the history of every function, its newest version first.
  func run(in context: Context) async throws -> ExitCode {
    try await Session.with(globals, environment: environment, need: .names(direct), in: context) {
      session in
      let names = try await session.names(only: only).map(\.inRelease)
      let reader = VersionReader(services: session.services { _ in }, parallel: session.parallel)
      let histories = try await reader.read(names)
      if globals.json {
        context.printDocument(document(histories, session))
      } else {
        context.show(text(histories, now: session.serverTime(), session, in: context))
      }
      return .done
    }
  }

  private func newest(_ history: VersionHistory) -> [VersionEntry] {
    Array(history.versions.reversed().prefix(last ?? .max))
  }

  private func document(_ histories: [VersionHistory], _ session: Session) -> JSON {
    let functions = histories.map { history -> JSON in
      [
        "function": .string(history.name.function), "functionName": .string(history.name.functionName),
        "versions": .array(newest(history).map(\.json)),
      ]
    }
    return [
      "schema": .string(Self.schema), "environment": .string(session.environment.name),
      "alias": .string(session.environment.alias), "functions": .array(functions), "error": .null,
    ]
  }

  static let columns: [TextTable.Column] = [
    .names("FUNCTION"), .right("VERSION").whole, .right("AGE").dropped(2), .left("COMMIT").dropped(1),
    .left("RELEASE").dropped(3), .left("BY").dropped(4), .left("USED BY").whole,
  ]

  private func text(
    _ histories: [VersionHistory], now: Timestamp, _ session: Session, in context: Context
  ) -> String {
    guard histories.contains(where: { !$0.versions.isEmpty }) else {
      return "No versions in \(session.environment.name) yet.\n"
    }
    let rows = histories.flatMap { history in
      newest(history).map { version in
        [
          history.name.function, version.version,
          version.published.map { FunctionRow.short(now - $0) } ?? "-",
          version.provenance?.commitWords ?? "-",
          version.provenance?.release.description ?? "not made by lamctl",
          version.provenance?.by ?? "-", version.uses.map(\.words).joined(separator: ", "),
        ]
      }
    }
    let lines = TextTable(Self.columns, rows: rows).lines(
      style: context.outputTerminal.style, limit: context.tableLimit)
    return lines.joined(separator: "\n") + "\n"
  }
}

extension VersionEntry {
  fileprivate var json: JSON {
    [
      "version": .string(version), "published": .optional(published?.iso8601),
      "commit": .optional(provenance?.commit), "dirty": .bool(provenance?.isDirty ?? false),
      "release": .optional(provenance?.release.description), "by": .optional(provenance?.by),
      "codeSize": .int(codeSize), "uses": .array(uses.map(\.json)),
    ]
  }
}

extension VersionUse {
  /// `prod 90 %`, `prod previous`, `bad in prod`.
  fileprivate var words: String {
    switch self {
    case .serves(let alias, let share): "\(alias) \(Percent.text(share))"
    case .recorded(let alias, let role): "\(alias) \(role.rawValue)"
    case .bad(let alias): "bad in \(alias)"
    }
  }

  fileprivate var json: JSON {
    switch self {
    case .serves(let alias, let share): ["alias": .string(alias), "as": "traffic", "share": .double(share)]
    case .recorded(let alias, let role): ["alias": .string(alias), "as": .string(role.rawValue)]
    case .bad(let alias): ["alias": .string(alias), "as": "bad"]
    }
  }
}
