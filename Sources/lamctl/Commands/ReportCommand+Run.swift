internal import AWSClient
internal import Core
internal import Glibc
internal import Packager
internal import Release

extension ReportCommand: RunnableCommand {
  /// Reads what there is to show, and makes the page.
  func run(in context: Context) async throws -> ExitCode {
    guard let input else {
      return try await Session.with(
        globals, environment: environment, need: .names(DirectOptions()), in: context
      ) { session in
        try await session.checkAccount()
        return try finish(try await lastRelease(session, in: context), in: context)
      }
    }
    let bytes =
      input == "-"
      ? try Files.readAll(from: STDIN_FILENO, path: "standard input", limit: 64 << 20)
      : try Files.read(input.hasPrefix("/") ? input : "\(context.folder)/\(input)", limit: 64 << 20)
    let document: JSON
    do throws(JSONSyntaxError) {
      document = try JSON(parsing: bytes)
    } catch {
      throw Failure(
        .config, "\(input):\(error.position.line):\(error.position.column): \(error.reason)",
        fix: "give what a deploy with --json has printed")
    }
    guard let schema = document["schema"]?.string, schema.hasPrefix("lamctl."), document["functions"] != nil
    else {
      throw Failure(
        .config, "\(input): this is no document of a release",
        fix: "give what a deploy with --json has printed")
    }
    return try finish(document, in: context)
  }

  private func finish(_ document: JSON, in context: Context) throws -> ExitCode {
    let page = context.secrets.shielded(ReleasePage(document).html)
    if let html {
      let path = html.hasPrefix("/") ? html : "\(context.folder)/\(html)"
      try Files.writeAtomically(Array(page.utf8), to: path)
    }
    if globals.json {
      context.printDocument([
        "schema": .string(Self.schema), "html": .optional(html),
        "bytes": .int(page.utf8.count), "document": document,
      ])
    } else if let html {
      context.output.write("Wrote \(PlainText.line(html))\n")
    } else {
      context.output.write(page)
    }
    return .done
  }

  /// The last release of the environment, as the records in the aliases tell of it, in the shape of deploy's document.
  private func lastRelease(_ session: Session, in context: Context) async throws -> JSON {
    let names = try await session.names(only: only).map(\.inRelease)
    let services = session.services { event in
      if case .note(_, let text) = event { context.remark(text) }
    }
    let reader = StatusReader(
      services: services, alias: session.environment.alias, parallel: session.parallel)
    let functions = try await reader.read(names)
    guard let release = functions.compactMap({ $0.alias?.record?.release }).max() else {
      throw Failure(
        .failed, "no alias \(session.environment.alias) tells of a release in \(session.environment.name)",
        fix: "show a document instead: lamctl report --input FILE")
    }
    let now = session.serverTime()
    let concerned = functions.compactMap { status -> Part? in
      guard let record = status.alias?.record, record.release == release else { return nil }
      return Part(status: status, record: record, standing: ReleaseStanding(record, at: now))
    }
    let review = try await review(release, session, in: context)
    var entries: [JSON] = []
    var commits: [String] = []
    var warnings: [String] = []
    for part in concerned {
      let found = await look(at: part, services)
      commits += [found.commit].compactMap { $0 }
      warnings += found.unread
      entries.append(
        entry(part, verdict: review?.verdict.functions[part.status.function], errors: found.errors))
    }
    for warning in warnings { context.errors.write("lamctl: \(PlainText.line(warning))\n") }
    var document = JSONObject([
      ("schema", "lamctl.release/1"), ("environment", .string(session.environment.name)),
      ("alias", .string(session.environment.alias)), ("release", .string(release.description)),
      ("outcome", .string(ReleaseStanding.outcome(of: concerned.map(\.standing)).rawValue)),
      ("commit", .optional(commits.first)),
      ("owner", .optional(concerned.lazy.compactMap { $0.record.owner?.description }.first)),
      ("functions", .array(entries)),
    ])
    if !warnings.isEmpty { document["warnings"] = .array(warnings.map(JSON.string)) }
    if concerned.count > 1 { document["verdict"] = review.map { .object($0.verdict.verdict.json) } }
    document["evidence"] = review?.evidence.json
    document["error"] = .null
    if context.isRehearsal.withLock({ $0 }) { document["rehearsal"] = true }
    return .object(document)
  }

  /// How long after its beginning a release is looked at where nothing else is said.
  private static let usual = TimeSpan.minutes(180)

  /// The judge's view of the release; nil where CloudWatch has nothing of it.
  private func review(_ release: ReleaseID, _ session: Session, in context: Context) async throws -> Review? {
    let now = session.serverTime()
    let from = since?.moment(before: now) ?? release.time
    guard now - from <= PastReview.memory else { return nil }
    var judge = JudgeCommand()
    judge.globals = globals
    judge.only = only
    judge.since = .at(from)
    judge.until = .at(until?.moment(before: now) ?? min(now, from + Self.usual))
    do {
      return try await judge.review(session, in: context)
    } catch let failure as Failure
      where failure.exitCode == .failed || (failure.exitCode == .usage && since == nil)
    {
      context.remark("without the judge's evidence: \(failure.message)")
      return nil
    }
  }

  /// One function's part in the release.
  private struct Part {
    let status: FunctionStatus
    let record: RolloutRecord
    let standing: ReleaseStanding
  }

  /// What the version has logged that the release is about, and the commit that it was made from. What cannot be read is
  /// told: it is not nothing.
  private func look(
    at part: Part, _ services: ReleaseServices
  ) async -> (commit: String?, errors: [LoggedError], unread: [String]) {
    guard let version = part.standing.version else { return (nil, [], []) }
    let name = "\(part.status.function) v\(version)"
    let description: FunctionDescription
    do throws(AWSError) {
      description = try await services.lambda.getFunction(part.status.functionName, qualifier: version)
    } catch {
      return (
        nil, [], ["which commit \(name) was made from, and what it has logged, cannot be read: \(error)"]
      )
    }
    let commit = VersionProvenance.decode(description.configuration.description).provenance?.commit
    let from = part.record.started ?? part.record.release.time
    let to = min(services.serverTime(), from + Self.usual)
    do throws(AWSError) {
      let errors = try await ErrorLog(logs: services.logs).errors(
        of: description.configuration, version: version, from: from, to: to)
      return (commit, errors, [])
    } catch {
      return (commit, [], ["what \(name) has logged cannot be read: \(error)"])
    }
  }

  private func entry(_ part: Part, verdict: Verdict?, errors: [LoggedError]) -> JSON {
    let (status, record) = (part.status, part.record)
    let started = record.started ?? record.release.time
    let weights = (status.alias?.weights ?? [:]).sorted { $0.key < $1.key }
    let history = record.history.map { change -> JSON in
      [
        "time": .string((started.startOfMinute + .minutes(Double(change.minute))).iso8601),
        "weight": .double(change.weight.fraction),
      ]
    }
    return [
      "function": .string(status.function), "functionName": .string(status.functionName),
      "fromVersion": .optional(part.standing.former), "toVersion": .optional(part.standing.version),
      "weights": .object(JSONObject(weights.map { ($0.key, .double($0.value)) })),
      "outcome": .string(part.standing.outcome.rawValue), "history": .array(history),
      "verdict": verdict.map { .object($0.json) } ?? .null,
      "errors": .array(errors.map { ["message": .string($0.message), "count": .int($0.count)] }),
      "error": .null,
    ]
  }
}
