internal import AWSClient
internal import Core
internal import Packager
internal import Release

/// One run that moves traffic: its facts, display, events, signals and result, whatever it is that moves it.
struct TrafficRun: Sendable {
  let session: Session
  let facts: RunFacts
  let progress: Progress
  let narrator: Narrator
  let guarded: GuardedRun
  private let context: Context
  private let globals: GlobalOptions
  /// Name of the document that `--json` prints.
  private let schema: String
  private let began: Timestamp

  /// - Parameters:
  ///   - schema: name of the document that `--json` prints.
  ///   - course: what the first signal leads to.
  ///   - longestExtension: how long a step may be extended beyond its end.
  init(
    _ session: Session, _ globals: GlobalOptions, schema: String, course: SignalAnswer.Course,
    longestExtension: TimeSpan = .zero, in context: Context
  ) async {
    // A rehearsal's own time, as beside every line above the result.
    began = session.place.clock.now()
    self.session = session
    self.globals = globals
    self.schema = schema
    self.context = context
    facts = await RunFacts(root: session.workspace.root, in: context)
    progress = Progress(globals, in: context.paced(by: session))
    session.retries.tell { [progress] in progress.event($0) }
    narrator = Narrator(
      progress: progress, events: EventLog.open(in: context), isVerbose: globals.verbose,
      longestExtension: longestExtension, goesBack: course == .goesOn, serverTime: session.serverTime)
    guarded = GuardedRun(session, in: context, progress: progress, narrator: narrator, course: course)
  }

  /// Does the work, shows it meanwhile, and prints what became of it.
  ///
  /// - Parameters:
  ///   - kind: what was asked for.
  ///   - goesOn: whether to leave the weights on their way was asked for.
  ///   - fold: what the lines of the work are folded under where a CI system folds them.
  func conduct(
    _ kind: DeployResult.Kind, goesOn: Bool = false, fold: String? = nil,
    _ work: @escaping @Sendable () async throws -> ReleaseReport
  ) async throws -> ExitCode {
    let markup = LogMarkup(CISystem(environment: context.environment))
    let id = fold.map { "lamctl_\($0)" }
    if let fold, let id, progress.mode == .lines {
      // By the clock of the CI system's own lines, as its end.
      context.errors.write(markup.beginFold("lamctl \(fold): progress", id: id, at: context.clock.now()))
    }
    let outcome = await guarded.outcome { try await progress.during { try await work() } }
    if let id, progress.mode == .lines {
      context.errors.write(markup.endFold(id: id, at: context.clock.now()))
    }
    let next = context.way.withLock { $0 }
    switch outcome {
    case .ended(let signal):
      return await guarded.abandon(by: signal, schema: schema, globals: globals, next: next)
    case .finished(let report):
      let report = try report.get()
      let result = DeployResult(
        report: report, facts: await describing(report, kind), duration: session.place.clock.now() - began,
        signal: context.interruption.received, kind: kind, goesOn: goesOn, next: next)
      await result.print(schema: schema, globals: globals, in: context)
      return result.exitCode
    }
  }
}

extension TrafficRun {
  /// The facts of a result. What takes back, or goes on with, a release of others is about their commit, as the version
  /// says: what is checked out here has nothing to do with it.
  private func describing(_ report: ReleaseReport, _ kind: DeployResult.Kind) async -> RunFacts {
    let versions: [(name: String, version: String?)]
    switch kind {
    case .deploy, .preview: return facts
    case .rollback, .abort: versions = report.functions.map { ($0.functionName, $0.fromVersion) }
    case .takeover: versions = report.functions.map { ($0.functionName, $0.toVersion) }
    }
    guard let (name, known) = versions.first(where: { $0.version != nil }), let version = known else {
      return facts.about(nil)
    }
    do throws(AWSError) {
      let found = try await session.aws.lambda.getFunction(name, qualifier: version)
      let provenance = VersionProvenance.decode(found.configuration.description).provenance
      return facts.about(provenance?.commit, isDirty: provenance?.isDirty ?? false)
    } catch {
      // A label of a result that stands without it.
      return facts.about(nil)
    }
  }
}

extension Context {
  /// The same, with the clock of the endpoint that a session works with.
  func paced(by session: Session) -> Context {
    var context = self
    context.clock = session.place.clock
    return context
  }

  /// Has the commands of the way on say how the traffic moves, as this run was told.
  func remember(_ rollout: RolloutOptions) {
    way.withLock { way in
      way.rollout = rollout.words
      way.endsHeld = rollout.noPromote
    }
  }
}
