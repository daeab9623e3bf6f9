internal import AWSClient
internal import Core
internal import Packager
internal import Release
internal import Triggers

extension AdoptCommand: RunnableCommand {
  /// Plans, moves and waits for proof; or takes away what is not needed any more, or takes a journal back.
  func run(in context: Context) async throws -> ExitCode {
    let need: RepositoryNeed = undo == nil ? .definitions : .names(DirectOptions())
    return try await Session.with(globals, environment: environment, need: need, in: context) { session in
      try await session.checkAccount()
      let account = try await session.caller.identity().account
      let facts = await RunFacts(root: session.workspace.root, in: context)
      let run = AdoptRun(
        command: self, session: session, account: account, journals: JournalFolder(session.workspace),
        stage: MoveStage(
          services: session.services { _ in }, edges: session.edgeServices, alias: session.environment.alias,
          owner: facts.owner, parallel: session.parallel))
      var report = try await context.interruption.cancelling { try await run.report(in: context) }
      report.signal = context.interruption.received
      if globals.json {
        context.printDocument(report.document(Self.schema))
      } else {
        context.show(report.text)
      }
      for failure in report.failures { context.tell(failure, verbose: globals.verbose) }
      return report.exitCode
    }
  }
}

/// The work of one `lamctl adopt`.
private struct AdoptRun: Sendable {
  let command: AdoptCommand
  let session: Session
  let account: String
  let journals: JournalFolder
  let stage: MoveStage

  func report(in context: Context) async throws -> AdoptReport {
    if let path = command.undo { return try await takenBack(path, in: context) }
    var report = AdoptReport(command.finish ? .finish : .adopt, isPlan: command.plan, empty)
    report.goesOn = try journals.open().filter(isHere)
    if !command.plan {
      // What an earlier run has left half way is whole before anything is looked at.
      for journal in report.goesOn {
        let outcome = try await stage.work(MoveLog(journal, in: journals), journal.course)
        report.take(outcome)
        if Task.isCancelled { return report }
      }
    }
    let subjects = try await session.functions(only: command.only).map { $0.subject(session) }
    report.plans =
      command.finish
      ? try await stage.farewell(subjects, evenManaged: command.evenManaged)
      : try await stage.plan(subjects, evenManaged: command.evenManaged)
    let moves = report.plans.flatMap(\.moves)
    report.journal = MoveJournal(
      environment: session.environment.name, alias: session.environment.alias, account: account,
      region: session.aws.region, release: empty.release, started: session.serverTime(), moves: moves)
    guard !command.plan, !moves.isEmpty, !Task.isCancelled else { return report }
    let path = journals.path(of: report.journal)
    report.path = path
    context.remark("the journal is \(path)")
    let outcome = try await stage.work(MoveLog(report.journal, in: journals), .forward)
    report.take(outcome)
    report.journal = outcome.journal
    guard !command.finish, !Task.isCancelled else { return report }
    let moved = Set(
      outcome.journal.entries.filter { $0.state == .done && !$0.move.isCopy }.map(\.move.scope))
    let names = moved.map { FunctionName(function: $0.function, functionName: $0.functionName) }
      .sorted { $0.function < $1.function }
    guard !names.isEmpty else { return report }
    context.remark("moved; waiting up to 15m for calls through the alias")
    report.proofs = await stage.proof(of: names, since: session.serverTime())
    return report
  }

  private func takenBack(_ path: String, in context: Context) async throws -> AdoptReport {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try Files.read(
        path.hasPrefix("/") ? path : "\(context.folder)/\(path)", limit: MoveJournal.limit)
    } catch {
      throw Failure(
        .config, "\(error)", fix: "name a journal of an earlier run: .lamctl/adopt-<time>.json of this folder"
      )
    }
    let journal = try JournalFolder.read(bytes, called: path)
    guard isHere(journal) else {
      throw Failure(
        .config,
        "\(path) is of the environment \(journal.environment) in \(journal.account), \(journal.region)",
        fix: "name that environment, with credentials of that account")
    }
    if let later = try journals.successor(of: journal) {
      let adopt = context.way.withLock { $0 }.line("adopt", session.environment.name)
      throw Failure(
        .config, "\(journals.path(of: later)) has changed callers of the same functions after \(path)",
        fix: "take that back first: \(adopt) --undo \(journals.path(of: later))")
    }
    var report = AdoptReport(.undo, isPlan: command.plan, journal)
    report.path = path
    guard !command.plan else { return report }
    let outcome = try await stage.work(MoveLog(journal, in: journals), .back)
    report.take(outcome)
    report.journal = outcome.journal
    return report
  }

  private func isHere(_ journal: MoveJournal) -> Bool {
    journal.environment == session.environment.name && journal.alias == session.environment.alias
      && journal.account == account && journal.region == session.aws.region
  }

  private var empty: MoveJournal {
    MoveJournal(
      environment: session.environment.name, alias: session.environment.alias, account: account,
      region: session.aws.region, release: "\(stage.newRelease())", started: session.serverTime(), moves: [])
  }
}

extension FunctionDefinition {
  fileprivate func subject(_ session: Session) -> MoveStage.Subject {
    let project = session.workspace.config.project
    return MoveStage.Subject(
      name: FunctionName(function: name, functionName: functionName), project: project,
      triggers: edges(project: project)?.triggers ?? [])
  }
}
