internal import Core
internal import Packager
internal import Release

extension StatusCommand: RunnableCommand {
  /// Shows how every function stands.
  func run(in context: Context) async throws -> ExitCode {
    try await Session.with(globals, environment: environment, need: .names(direct), in: context) {
      session in
      let names = try await session.names(only: only).map(\.inRelease)
      let services = session.services { event in
        if case .note(_, let text) = event { context.remark(text) }
      }
      let reader = StatusReader(
        services: services, alias: session.environment.alias, parallel: session.parallel)
      if watch { return try await follow(names, with: reader, session, in: context) }
      let functions = await reader.withDrift(try await reader.read(names))
      if globals.json {
        context.printDocument(document(functions, session))
      } else {
        context.show(
          (lines(functions, now: session.serverTime(), in: context, limit: context.tableLimit)
            + Self.advice(functions, session) + Self.drifts(functions))
            .joined(separator: "\n") + "\n")
      }
      return .done
    }
  }

  func document(_ functions: [FunctionStatus], _ session: Session) -> JSON {
    let (steps, now) = (session.environment.rollout.steps, session.serverTime())
    return [
      "schema": .string(Self.schema), "environment": .string(session.environment.name),
      "alias": .string(session.environment.alias),
      "functions": .array(
        functions.map { Self.entry($0, next: StatusAdvice($0, steps: steps, now: now)?.next) }),
      "error": nil,
    ]
  }

  /// What there is to do, a line for each release.
  static func advice(_ functions: [FunctionStatus], _ session: Session) -> [String] {
    StatusAdvice.lines(functions, steps: session.environment.rollout.steps, now: session.serverTime())
  }

  /// - Parameter next: what there is to do about it; nil where nothing is.
  static func entry(_ status: FunctionStatus, next: String? = nil) -> JSON {
    let record = status.alias?.record
    let weights = (status.alias?.weights ?? [:]).sorted { $0.key < $1.key }
    let rates = (status.alias?.lastHour ?? [:]).sorted { $0.key < $1.key }
    return [
      "function": .string(status.function), "functionName": .string(status.functionName),
      "version": .optional(status.alias?.version),
      "weights": .object(JSONObject(weights.map { ($0.key, .double($0.value)) })),
      "state": .string(status.alias?.state ?? "absent"), "reason": .optional(record?.state.reason?.word),
      "owner": .optional(record?.owner?.description),
      "step": record.flatMap { $0.steps > 0 ? .string("\($0.step)/\($0.steps)") : nil } ?? .null,
      "release": .optional(record?.release.description), "stable": .optional(record?.stable),
      "canary": .optional(record?.canary), "previous": .optional(record?.previous),
      "bad": .optional(record?.bad),
      "badVersions": .array((record?.badVersions ?? []).map(JSON.string)),
      "leaseEnd": .optional(record?.leaseEnd?.iso8601),
      "commit": .optional(status.alias?.provenance?.commit),
      "trialCommit": .optional(status.alias?.trial?.commit), "next": .optional(next),
      "published": .optional(status.alias?.published?.iso8601),
      "moved": status.alias?.move.map { ["from": .string($0.from), "to": .string($0.to)] } ?? .null,
      "drift": ReleaseDocument.drift(status.drift),
      "lastHour": .object(JSONObject(rates.map { ($0.key, $0.value.json) })),
    ]
  }

  /// The table.
  ///
  /// - Parameter limit: the widest a line may get; nil for any width.
  func lines(
    _ functions: [FunctionStatus], now: Timestamp, in context: Context, limit: Int? = nil
  ) -> [String] {
    let table = TextTable(
      Self.columns, rows: functions.map { Self.row($0, now: now, isShort: false) },
      shorter: functions.map { Self.row($0, now: now, isShort: true) })
    return table.lines(style: context.outputTerminal.style, limit: limit)
  }

  /// What serves, how it stands and how it fails is told whole.
  static let columns: [TextTable.Column] = [
    .names("FUNCTION"), .left("VERSION").dropped(1), .left("COMMIT").dropped(3), .right("AGE").dropped(2),
    .left("WEIGHTS").whole, .left("STATE").whole, .left("ERRORS, LAST HOUR").whole,
  ]

  /// - Parameter isShort: whether versions that were taken back, owners and numbers of invocations are left to others.
  private static func row(_ status: FunctionStatus, now: Timestamp, isShort: Bool) -> [String] {
    guard let alias = status.alias else {
      return [status.function, "-", "-", "-", "-", "not deployed", "-"]
    }
    return [
      status.function, alias.version,
      alias.provenance?.commitWords ?? "-",
      alias.published.map { FunctionRow.short(now - $0) } ?? "-",
      isShort ? compact(Percent.text(alias.weights)) : Percent.text(alias.weights),
      state(alias, now: now, isShort: isShort), errors(alias, isShort: isShort),
    ]
  }

  /// A line for each function that others have changed.
  private static func drifts(_ functions: [FunctionStatus]) -> [String] {
    functions.compactMap { status in
      status.drift.map { "\(status.function): \($0.words); lamctl plan says what becomes of it." }
    }
  }

  private static func state(_ alias: AliasStatus, now: Timestamp, isShort: Bool) -> String {
    guard let record = alias.record else { return "no record" }
    if let move = alias.move { return "moved by hand (was \(move.from))" }
    let step = record.steps > 0 && record.state.isUnderWay ? " \(record.step)/\(record.steps)" : ""
    let versions = record.badVersions
    let bad =
      versions.isEmpty || isShort
      ? "" : ", \(versions.joined(separator: ", ")) \(versions.count == 1 ? "is" : "are") bad"
    return switch record.state {
    case .rolledBack(let reason): "rolled back (\(reason.word))\(bad)"
    case .hold(let reason): "hold\(step) (\(reason.word))"
    default: record.state.word + step + driver(record, now: now, isShort: isShort)
    }
  }

  /// Who drives a rollout under way, or that its run is dead: then `resume` or any later deploy goes on with it.
  private static func driver(_ record: RolloutRecord, now: Timestamp, isShort: Bool) -> String {
    guard record.state.isUnderWay else { return "" }
    let owner = isShort ? "" : record.owner.map { " \($0)" } ?? ""
    return record.isLeaseOver(at: now) ? ", dead run\(owner)" : owner.isEmpty ? "" : " by\(owner)"
  }

  private static func errors(_ alias: AliasStatus, isShort: Bool) -> String {
    let rates = alias.weights.keys.sorted().compactMap { version in
      alias.lastHour[version].flatMap { counts in
        counts.rate.map { "\(version): \(Percent.text($0))\(isShort ? "" : " of \(counts.invocations)")" }
      }
    }
    guard !rates.isEmpty else { return "no traffic" }
    return isShort ? compact(rates.joined(separator: ", ")) : rates.joined(separator: ", ")
  }

  /// `41:90% 42:10%`.
  private static func compact(_ shares: String) -> String {
    shares.replacing(": ", with: ":").replacing(" %", with: "%").replacing(", ", with: " ")
  }
}
