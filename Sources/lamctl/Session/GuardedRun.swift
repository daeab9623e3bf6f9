internal import AWSClient
internal import Core
internal import Packager
internal import Release

/// Work that moves traffic: from its first signal on nothing but a third Ctrl-C leaves it before the traffic is safe.
struct GuardedRun: Sendable {
  let session: Session
  let context: Context
  let progress: Progress
  let narrator: Narrator
  /// What the first signal leads to.
  let course: SignalAnswer.Course
  private let concerned = Lock<[FunctionName]>([])

  init(
    _ session: Session, in context: Context, progress: Progress, narrator: Narrator,
    course: SignalAnswer.Course
  ) {
    self.session = session
    self.context = context
    self.progress = progress
    self.narrator = narrator
    self.course = course
  }

  /// The functions that the run is about, once they are known.
  func concerns(_ names: [FunctionName]) { concerned.withLock { $0 = names } }

  /// Does the work; the first signal cancels it, unless it is to go on.
  ///
  /// - Returns: what it came to; the signal, where it was left.
  func outcome<Success: Sendable>(
    of operation: @escaping @Sendable () async throws -> Success
  ) async -> Awaited<Success> {
    let notices = context.interruption.guardingTraffic()
    let work = Task { try await operation() }
    let (endings, continuation) = AsyncStream.makeStream(of: Interruption.Signal.self)
    let listener = Task {
      for await notice in notices {
        switch notice {
        case .stop(let signal):
          progress.notice(answer.first(signal))
          if course != .goesOn { work.cancel() }
        case .goOn(let signal, let left): progress.notice(answer.again(signal, interruptsLeft: left))
        case .end(let signal): continuation.yield(signal)
        }
      }
    }
    defer { listener.cancel() }
    return await Awaited.first(work, or: endings)
  }

  private var answer: SignalAnswer {
    let seen = narrator.trafficSeen
    let names = concerned.withLock { $0 }
    let pending = course == .goesOn ? names.count { seen.places[$0.function] != .back } : seen.onTrial
    return SignalAnswer(course: course, pending: pending, isPromoted: seen.places.values.contains(.promoted))
  }

  /// How long what serves is looked up for a person who wants to be gone.
  private static let patience = TimeSpan.seconds(2)

  /// Prints what serves where the work was left.
  ///
  /// - Parameter next: the commands that go on from there.
  func abandon(
    by signal: Interruption.Signal, schema: String, globals: GlobalOptions, next: NextCommand
  ) async -> ExitCode {
    let names = concerned.withLock { $0 }
    let aliases = await aliases(of: names)
    progress.finish()
    let run = AbandonedRun(
      environment: session.environment.name, alias: session.environment.alias, signal: signal, course: course,
      functions: names.map { name in
        AbandonedRun.Function(
          name: name, place: narrator.trafficSeen.places[name.function],
          weights: aliases[name.function].map(AbandonedRun.shares))
      }, next: next)
    context.ending.withLock {
      $0.outcome = run.outcome
      $0.error = run.failure.json
    }
    if globals.json {
      context.printDocument(run.document(schema: schema))
    } else {
      context.show(run.text(style: context.outputTerminal.style, limit: context.tableLimit))
    }
    context.tell(run.failure, verbose: globals.verbose)
    return run.ending.exitCode
  }

  /// What of the aliases can be read in time, by logical name.
  private func aliases(of names: [FunctionName]) async -> [String: AliasConfiguration] {
    let (lambda, alias) = (session.aws.lambda, session.environment.alias)
    let reading = Task {
      await Concurrent.map(names, limit: max(1, names.count)) { name in
        try? await lambda.getAlias(name.functionName, name: alias, priority: .rollback)
      }
    }
    let end = Task {
      try await SystemClock().sleep(for: Self.patience)
      reading.cancel()
    }
    defer { end.cancel() }
    var found: [String: AliasConfiguration] = [:]
    for (name, alias) in zip(names, await reading.value) { found[name.function] = alias }
    return found
  }
}
