internal import Core

/// Runs the programs that build a unit, and hands on what they write.
struct BuildRunner: Sendable {
  /// The unit, for messages.
  let unit: RepositoryPath
  /// This process's variables, of which a program sees those on the list of builds.
  let environment: [String: String]
  /// What the unit is declared to see besides.
  let declared: [String: String]
  let timeout: TimeSpan
  let secrets: SecretMask
  let progress: @Sendable (BuildEvent) -> Void

  /// The most lines of a failed program that its error shows.
  private static let shownLines = 20

  /// Runs `step` to its end. What it writes to its two streams comes in the order in which it wrote it.
  ///
  /// - Throws: ``PackagerError`` when it cannot be run, fails, takes too long, or the task is cancelled; then its whole
  ///   process group is ended.
  func run(_ step: BuildStep) async throws(PackagerError) {
    progress(.started(unit: unit, command: step.arguments.map(secrets.masked)))
    try await run(step, mergesStreams: true) { [unit, progress] stream, shown, _ in
      progress(.line(unit: unit, stream: stream, text: shown))
    }
  }

  /// The lines that `step` writes to its output, which nobody else gets to see.
  ///
  /// - Throws: as ``run(_:)``.
  func lines(of step: BuildStep) async throws(PackagerError) -> [String] {
    let lines = Lock<[String]>([])
    try await run(step, mergesStreams: false) { stream, _, line in
      if stream == .output { lines.withLock { $0.append(line) } }
    }
    return lines.withLock { $0 }
  }

  /// What is likely meant where a whole line stands in place of a program.
  private static func wordHint(_ command: [String]) -> String {
    guard command.count == 1, let line = command.first, line.contains(" ") else { return "" }
    let words = line.split(separator: " ").map { JSON.string(String($0)).text() }.joined(separator: ", ")
    return "; each word is an element of its own: [\(words)]"
  }

  private func run(
    _ step: BuildStep, mergesStreams: Bool,
    take: @escaping @Sendable (_ stream: ChildProcess.Stream, _ shown: String, _ line: String) -> Void
  ) async throws(PackagerError) {
    let mask = secrets
    let command = step.arguments
    let tail = Lock<[String]>([])
    let specification = ChildProcess.Specification(
      arguments: command, environment: .build(environment, declared: declared.merging(step.variables) { $1 }),
      folder: step.folder, timeout: timeout, mergesStreams: mergesStreams)
    let exit: ChildProcess.Exit
    do throws(SystemError) {
      exit = try await ChildProcess.run(specification) { stream, line in
        let shown = mask.masked(line)
        tail.withLock { tail in
          tail.append(shown)
          if tail.count > Self.shownLines { tail.removeFirst() }
        }
        take(stream, shown, line)
      }
    } catch {
      throw .build(
        unit: unit,
        reason: "'\(command.first ?? "")' cannot be run: \(error.reason)\(step.hint)"
          + Self.wordHint(command), output: [])
    }
    if Task.isCancelled { throw .cancelled }
    let words = mask.masked(command.prefix(4).joined(separator: " ")) + (command.count > 4 ? " …" : "")
    let lines = tail.withLock { $0 }
    switch exit {
    case .code(0): return
    case .code(let code):
      throw .build(unit: unit, reason: "'\(words)' failed with exit code \(code)", output: lines)
    case .signal(let signal):
      throw .build(unit: unit, reason: "'\(words)' was ended by signal \(signal)", output: lines)
    case .timedOut: throw .build(unit: unit, reason: "'\(words)' took longer than \(timeout)", output: lines)
    }
  }
}
