internal import AWSClient
internal import Core
internal import Packager

extension LogsCommand: RunnableCommand {
  /// Shows the past, and with `--follow` what comes until a signal ends it.
  func run(in context: Context) async throws -> ExitCode {
    try await Session.with(
      globals, environment: function.environment, need: function.need(), in: context
    ) { session in
      try await session.checkAccount()
      let function = try await session.function(function)
      let group = try await session.aws.lambda.getFunctionConfiguration(function.functionName).logGroup
      let now = session.serverTime()
      let from = since?.moment(before: now) ?? (now - .minutes(10))
      let to = until?.moment(before: now)
      if let to, to <= from {
        throw Failure(
          .usage, "the period would end at \(to.iso8601), before it begins at \(from.iso8601)",
          fix: "name an earlier beginning with --since")
      }
      var query = LogQuery(group: group, pattern: filter, from: from, to: to)
      let reader = LogReader(
        logs: session.aws.logs, functionName: function.functionName, version: version?.text)
      let past = try await reader.read(query, limit: (limit ?? Self.mostLines) + 1)
      let shown = Array(past.events.prefix(limit ?? Self.mostLines))
      if !past.isThere, !globals.quiet {
        context.remark("there is no log group \(group) yet: \(function.name) has not run")
      }
      if past.isThere, shown.isEmpty {
        try await tellNothing(past, of: function, from: from, to: to, session, in: context)
      }
      guard follow else {
        show(shown, of: function, group: group, in: context)
        if past.events.count > shown.count {
          context.warn(
            "there is more: this is the first \(shown.count); narrow it with --since, --until or --filter")
        }
        return .done
      }
      if globals.json { context.takesDocument() }
      query.to = nil
      var window = FollowedLog(seen: shown)
      write(shown, in: context)
      while context.output.isTaken {
        try await session.place.clock.sleep(for: Self.pause)
        query.from = window.from(since: from)
        write(window.fresh(try await reader.read(query, limit: Self.mostLines).events), in: context)
      }
      return .done
    }
  }

  /// Says that there is nothing to show, and what else there is.
  ///
  /// - Throws: ``Failure`` where the version that is asked for has logged nothing because it does not exist.
  private func tellNothing(
    _ found: LogReader.Found, of function: NamedFunction, from: Timestamp, to: Timestamp?, _ session: Session,
    in context: Context
  ) async throws {
    let period = "since \(from.iso8601)" + (to.map { " until \($0.iso8601)" } ?? "")
    let others = found.versions.sorted { (Int($0) ?? 0, $0) < (Int($1) ?? 0, $1) }.joined(separator: ", ")
    if let version {
      do throws(AWSError) {
        _ = try await session.aws.lambda.getFunction(function.functionName, qualifier: version.text)
      } catch {
        guard error.isNotFound else { throw error }
        throw Failure(
          .failed,
          "\(function.name) has no version \(version.text), and the log has nothing of one \(period)",
          fix: "lamctl versions names those that there are")
      }
    }
    guard !globals.quiet else { return }
    let what = filter == nil ? "nothing was logged" : "nothing that was logged matches the filter"
    context.errors.write(
      "lamctl: \(function.name): \(what)\(version.map { " by version \($0.text)" } ?? "") \(period)"
        + (others.isEmpty ? "" : "; versions that logged something: \(others)") + "\n")
  }

  /// Between two looks at the log, in the service's time.
  private static let pause = TimeSpan.seconds(2)

  private func show(_ events: [LogEvent], of function: NamedFunction, group: String, in context: Context) {
    guard globals.json else { return write(events, in: context) }
    context.printDocument([
      "schema": .string(Self.schema), "function": .string(function.name),
      "functionName": .string(function.functionName), "logGroup": .string(group),
      "events": .array(events.map(LogReader.json)),
    ])
  }

  /// A line an event, with the version in front of it.
  private func write(_ events: [LogEvent], in context: Context) {
    guard !events.isEmpty else { return }
    if globals.json {
      return context.output.write(
        events.map { LogReader.json($0).text(.compact) + "\n" }.joined(), as: .document)
    }
    let style = context.outputTerminal.style
    let lines = events.flatMap { event -> [String] in
      let head = style.paint("\(event.time.iso8601) [\(LogReader.version(of: event.stream) ?? "-")]", .faint)
      return event.message.split(whereSeparator: \.isNewline).map { "\(head) \(PlainText.line($0))\n" }
    }
    context.output.write(lines.joined())
  }
}

/// Reads what one function, and if wanted one version of it, has logged.
struct LogReader: Sendable {
  let logs: LogsClient
  let functionName: String
  /// Nil for all.
  let version: String?

  /// What was found; a group that does not exist has no events.
  struct Found: Sendable {
    var events: [LogEvent]
    var isThere: Bool
    /// The versions of the function that have logged anything, as far as was read.
    var versions: Set<String> = []
  }

  /// The events of a query that are this function's, oldest first.
  func read(_ query: LogQuery, limit: Int) async throws(AWSError) -> Found {
    do throws(AWSError) {
      // Streams are named by the day first, so that no prefix selects a version.
      let events = try await logs.filterLogEvents(query, limit: limit)
      let own = events.filter { takes($0.stream, group: query.group) }
      return Found(
        events: own.filter { version == nil || Self.version(of: $0.stream) == version }, isThere: true,
        versions: Set(own.compactMap { Self.version(of: $0.stream) }))
    } catch {
      guard error.isNotFound else { throw error }
      return Found(events: [], isThere: false)
    }
  }

  /// Whether a stream is the function's. In a group that functions share, Lambda puts the function's name in front of the version.
  func takes(_ stream: String, group: String) -> Bool {
    guard group != "/aws/lambda/\(functionName)", let last = stream.split(separator: "/").last else {
      return true
    }
    let owner = last.prefix { $0 != "[" }
    return owner.isEmpty || owner == functionName[...]
  }

  /// `3` of `2026/01/20/[3]0123…`; nil where the name holds none.
  static func version(of stream: String) -> String? {
    guard let open = stream.firstIndex(of: "["), let close = stream[open...].firstIndex(of: "]") else {
      return nil
    }
    return String(stream[stream.index(after: open)..<close])
  }

  static func json(_ event: LogEvent) -> JSON {
    [
      "time": .string(event.time.iso8601), "version": .optional(version(of: event.stream)),
      "stream": .string(event.stream),
      "message": .string(String(event.message.reversed().drop { $0.isNewline }.reversed())),
    ]
  }
}

/// What of a log has been shown: events come late and out of order, so each look goes back a little. Pure.
struct FollowedLog: Sendable {
  private var seen: Set<String>
  private var last: Timestamp?

  /// How long an event may take from the function into the log.
  private static let lateness = TimeSpan.seconds(60)
  /// More than come within the time that is looked back at.
  private static let mostSeen = 100_000

  init(seen events: [LogEvent]) {
    seen = Set(events.map(\.id))
    last = events.map(\.time).max()
  }

  /// Where the next look begins.
  func from(since begin: Timestamp) -> Timestamp {
    max(begin, last.map { $0 - Self.lateness } ?? begin)
  }

  /// The events that have not been shown.
  mutating func fresh(_ events: [LogEvent]) -> [LogEvent] {
    let new = events.filter { seen.insert($0.id).inserted }
    last = (new.map(\.time) + [last].compactMap { $0 }).max()
    if seen.count > Self.mostSeen { seen = Set(events.map(\.id)) }
    return new
  }
}
