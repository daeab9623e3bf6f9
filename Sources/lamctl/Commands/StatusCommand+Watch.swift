internal import Core
internal import Packager
internal import Release

extension StatusCommand {
  /// How long to wait between two looks at the aliases, in real time.
  private static let pause = TimeSpan.seconds(5)
  /// How long error rates are shown before they are read anew, in the service's time: CloudWatch counts by the minute
  /// and bills each series.
  private static let rates = TimeSpan.minutes(1)

  /// Shows how the functions stand again and again until a signal ends it.
  func follow(
    _ names: [FunctionName], with reader: StatusReader, _ session: Session, in context: Context
  ) async throws -> ExitCode {
    // A line for each look that shows something new, and nothing at the end.
    if globals.json { context.takesDocument() }
    do {
      try await context.interruption.cancelling {
        try await look(names, with: reader, session, in: context)
      }
    } catch {
      guard let signal = context.interruption.received else { throw error }
      return signal.exitCode
    }
    return .done
  }

  private func look(
    _ names: [FunctionName], with reader: StatusReader, _ session: Session, in context: Context
  ) async throws {
    var picture = StatusPicture(isLive: context.outputTerminal.isLive && !globals.json)
    var seen: [FunctionStatus] = []
    var counted = session.serverTime() - Self.rates
    while context.output.isTaken {
      let now = session.serverTime()
      let isDue = now - counted >= Self.rates
      if isDue { counted = now }
      seen = try await reader.read(names, ratesOf: isDue ? nil : seen)
      try Task.checkCancellation()
      context.output.write(
        picture.next(text(seen, session, in: context), state: seen.map(Self.state)),
        as: globals.json ? .document : .prose)
      try await context.clock.sleep(for: Self.pause)
    }
  }

  /// What is shown of one look.
  private func text(_ functions: [FunctionStatus], _ session: Session, in context: Context) -> String {
    if globals.json {
      return context.complete(document(functions, session), exitCode: .done).text(.compact) + "\n"
    }
    let now = session.serverTime()
    let size = context.outputTerminal.size()
    let isLive = context.outputTerminal.isLive
    var table = lines(functions, now: now, in: context, limit: isLive ? size.columns - 1 : nil)
    // A line that wraps would be counted wrong where the picture is redrawn.
    if !isLive { table += Self.advice(functions, session).map(context.spelled) }
    let all = ["\(session.environment.name) at \(now.iso8601)"] + table
    return (isLive ? all.prefix(max(1, size.rows - 1)) : all[...]).joined(separator: "\n") + "\n"
  }

  /// What makes a look worth telling where nothing is redrawn: all but the rates, which never stand still.
  private static func state(_ status: FunctionStatus) -> JSON {
    var state = entry(status).object ?? JSONObject()
    state["lastHour"] = nil
    state["leaseEnd"] = nil
    return .object(state)
  }
}

/// What a terminal, or a log, gets to see of one look after the other. Pure.
struct StatusPicture: Equatable, Sendable {
  /// Whether the picture is redrawn in place.
  let isLive: Bool
  private var drawn = 0
  private var state: [JSON]?

  init(isLive: Bool) {
    self.isLive = isLive
  }

  /// What to write for the next look: all of it in the place of the last one, or only what is new.
  ///
  /// - Parameters:
  ///   - text: the whole picture; its lines are no wider than the terminal.
  ///   - state: what counts as a change where nothing is redrawn.
  mutating func next(_ text: String, state new: [JSON]) -> String {
    defer { state = new }
    guard isLive else { return state == new ? "" : text }
    // Up to the first line of the last picture, and clear from there to the end of the screen.
    let back = drawn > 0 ? "\u{1B}[\(drawn)A\r\u{1B}[J" : ""
    drawn = text.count { $0 == "\n" }
    return back + text
  }
}
