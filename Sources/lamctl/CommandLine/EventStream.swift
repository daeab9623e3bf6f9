internal import Core
internal import Glibc

/// Where the lines of `--events` go: a file, or stdout, which then carries nothing else.
///
/// The last line is `end`, however the command ends; nothing follows it.
final class EventStream: Sendable {
  private let output: Output
  private let clock: Lock<@Sendable () -> Timestamp>
  private let speller: @Sendable (String) -> String
  private let hasEnded = Lock(false)

  /// - Parameters:
  ///   - clock: the time of events that bring none of their own.
  ///   - speller: what a sentence goes through, so that the commands in it can be typed.
  init(
    output: Output, speller: @escaping @Sendable (String) -> String = { $0 },
    clock: @escaping @Sendable () -> Timestamp
  ) {
    self.output = output
    self.speller = speller
    self.clock = Lock(clock)
  }

  /// Takes stdout.
  convenience init(onStdoutOf context: Context) {
    let clock = context.clock
    self.init(output: context.output, speller: context.speller) { clock.now() }
  }

  /// Appends to a file.
  ///
  /// - Throws: ``SystemError`` when it cannot be opened.
  convenience init(appendingTo target: String, in context: Context) throws(SystemError) {
    let clock = context.clock
    let path = target.hasPrefix("/") ? target : "\(context.folder)/\(target)"
    let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw SystemError(operation: "append to", subject: target, code: errno) }
    self.init(
      output: Output(descriptor: descriptor, name: target, hiding: context.secrets), speller: context.speller
    ) { clock.now() }
  }

  /// Why not every line has arrived.
  var loss: SystemError? { output.loss }

  /// Goes by another clock from now on: AWS's, or that of a rehearsal.
  func follow(_ clock: @escaping @Sendable () -> Timestamp) { self.clock.withLock { $0 = clock } }

  /// Writes one event that happened at `moment`.
  func write(_ members: [(String, JSON)], at moment: Timestamp) {
    guard !hasEnded.withLock({ $0 }) else { return }
    let line = JSON.object(JSONObject([("time", .string(moment.iso8601))] + members))
    output.write(line.spelling(speller).text() + "\n", as: .document)
  }

  /// Writes the last event. A second end, of a run that a signal ends while it ends, is dropped.
  func end(_ code: ExitCode, _ ending: CommandEnding) {
    let moment = clock.withLock { $0 }()
    let line = JSONObject([
      ("time", .string(moment.iso8601)), ("event", "end"),
      ("outcome", .string(ending.outcome ?? (code == .done ? "done" : "failed"))),
      ("exitCode", .int(Int(code.rawValue))), ("release", .optional(ending.release)), ("error", ending.error),
    ])
    hasEnded.withLock { hasEnded in
      if !hasEnded { output.write(JSON.object(line).spelling(speller).text() + "\n", as: .document) }
      hasEnded = true
    }
  }
}

/// What a command came to beside its exit code: the last event tells it.
struct CommandEnding: Equatable, Sendable {
  /// As in the command's document; nil where done or failed is all that can be said.
  var outcome: String?
  /// The release that it was about.
  var release: String?
  /// Why it failed, as in the command's document.
  var error = JSON.null
}
