internal import Core
internal import Glibc
internal import Packager
internal import Sandbox

/// The tool.
@main
struct Lamctl {
  /// The commands, in the order of the help.
  static let table = CommandTable(commands: [
    DeployCommand.self,
    RollbackCommand.self,
    PromoteCommand.self,
    AbortCommand.self,
    ResumeCommand.self,
    TickCommand.self,
    StatusCommand.self,
    PlanCommand.self,
    TriggersCommand.self,
    AdoptCommand.self,
    WhyCommand.self,
    ListCommand.self,
    InitCommand.self,
    BuildCommand.self,
    PackageCommand.self,
    CacheCommand.self,
    InvokeCommand.self,
    LogsCommand.self,
    JudgeCommand.self,
    ReportCommand.self,
    VersionsCommand.self,
    AliasCommand.self,
    PreviewCommand.self,
    PruneCommand.self,
    DoctorCommand.self,
    SandboxCommand.self,
    SchemaCommand.self,
    CompletionsCommand.self,
    VersionCommand.self,
    HelpCommand.self,
  ])

  /// Starts the work and keeps the main thread out of it.
  ///
  /// Not `async`: the runtime would park the main thread in `sigsuspend` with all signals unblocked, where Ctrl-C
  /// ends the process before ``Interruption`` sees it.
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    requireProcesses()
    let interruption = Interruption()
    interruption.waitForSignals()
    let context = Context(interruption: interruption, table: table)
    // Not exit(): what it would tear down, the threads of transport and sandbox may still be using. Nothing is lost,
    // because no output is buffered.
    Task.detached { _exit(await run(in: context).rawValue) }
    while true { pause() }
  }

  /// Ends the process where `/proc` is not mounted, as in a bare chroot: Swift's runtime reads the arguments there, so that
  /// any command would be taken for none, and Dispatch, which looks for its threads there, crashes.
  private static func requireProcesses() {
    guard !Files.exists("/proc/self/cmdline") else { return }
    let reason = "lamctl: /proc is not mounted, and nothing runs without it: mount -t proc proc /proc\n"
    let told = Array(reason.utf8)
    _ = write(STDERR_FILENO, told, told.count)
    _exit(ExitCode.failed.rawValue)
  }

  /// Understands the arguments, runs the command and reports its failure. Whatever the way out, `--json` has printed
  /// one document by then, and the last of `--events` is `end`.
  ///
  /// - Returns: the exit code.
  static func run(in context: Context) async -> ExitCode {
    var context = context
    let request: Request
    do throws(UsageError) {
      request = try context.table.request(context.arguments, environment: context.environment)
    } catch {
      let asked = AskedForm(context)
      context.adopt(asked)
      let seen = GlobalOptions.seen(in: context.arguments, environment: context.environment)
      context.way.withLock { $0.globals = seen }
      return report(Failure(error), asked: asked, in: context)
    }
    switch request {
    case .version:
      return show(in: &context, as: VersionCommand.document) { _ in "lamctl \(Build.version)\n" }
    case .help(let topic):
      return show(in: &context, as: { HelpCommand.document(on: topic, in: $0) }) {
        HelpCommand.text(on: topic, in: $0)
      }
    case .run(let command):
      do throws(Failure) {
        try context.adopt(command.globals)
      } catch {
        // Nothing has begun: who waits for events that never come would wait for ever.
        guard type(of: command).leadsBack else {
          return report(error, asked: AskedForm(command), in: context)
        }
        context.warn(error.message)
      }
      warnOfUnread(command.globals, in: context)
      return await run(command, in: context)
    }
  }

  /// Tells of variables that look as if they stood for an option and are not read. A hook that calls lamctl has them from
  /// the job around it, and its own options decide.
  private static func warnOfUnread(_ globals: GlobalOptions, in context: Context) {
    for parameter in GlobalOptions.parameters where !parameter.takesVariable {
      guard let name = parameter.variableName, context.environment[name]?.isEmpty == false,
        parameter.name == "summary" ? globals.summary == nil : globals.outputs == nil
      else { continue }
      context.warn("\(name) is set and not read: write \(parameter.synopsis)")
    }
  }

  /// Shows what needs no command: a text, or a document where that is asked for.
  private static func show(
    in context: inout Context, as document: (Context) -> JSON, text: (Context) -> String
  ) -> ExitCode {
    let asked = AskedForm(context)
    context.adopt(asked)
    if asked.json { context.printDocument(document(context)) } else { context.output.write(text(context)) }
    return context.end(.done)
  }

  /// Runs the command to its end, or to the signal that ends what moves no traffic.
  private static func run(_ command: any RunnableCommand, in context: Context) async -> ExitCode {
    let work = Task { try await command.run(in: context) }
    switch await Awaited.first(work, or: context.interruption.endings()) {
    case .finished(.success(let code)):
      if command.globals.json {
        context.printDocument(["schema": .string(type(of: command).schema)], exitCode: code)
      }
      return context.end(code)
    case .finished(.failure(let error)):
      var failure = Failure(error)
      if let missing = systemError(behind: error), missing.code == ENOENT,
        let config = command.globals.config,
        missing.subject.hasSuffix(config)
      {
        failure = Failure(
          .config, failure.message, fix: "name a configuration that exists, or leave out --config")
      }
      return report(failure, asked: AskedForm(command), in: context)
    case .ended(let signal):
      let code = report(
        Failure(signal.exitCode, "ended by \(signal.name)"), asked: AskedForm(command), in: context)
      context.output.close()
      context.errors.close()
      // Programs that the work has started end with it; what hangs is left.
      work.cancel()
      _ = await Awaited.first(work, or: signal.again(after: .seconds(3)))
      return code
    }
  }

  /// The error of the system that `error` is, or tells of.
  private static func systemError(behind error: any Error) -> SystemError? {
    if case .system(let cause)? = error as? PackagerError { return cause }
    return error as? SystemError
  }

  private static func report(_ failure: Failure, asked: AskedForm, in context: Context) -> ExitCode {
    context.tell(failure, verbose: asked.verbose)
    if asked.json { context.printDocument(failure.document(schema: asked.schema)) }
    return context.end(failure.exitCode, failure: failure)
  }
}

extension Context {
  /// The world of this process.
  init(interruption: Interruption, table: CommandTable) {
    var environment: [String: String] = [:]
    var entry = environ
    while let pair = entry.pointee {
      let halves = String(cString: pair).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if halves.count == 2 { environment[String(halves[0])] = String(halves[1]) }
      entry += 1
    }
    let secrets = Secrets()
    let logGuard = CISystem(environment: environment)?.logGuard
    // Its paths have that word too.
    secrets.show([SandboxServer.accessKey])
    secrets.hide(environment: environment)
    self.init(
      arguments: Array(CommandLine.arguments.dropFirst()), environment: environment,
      folder: Files.currentFolder,
      output: Output(descriptor: STDOUT_FILENO, name: "standard output", hiding: secrets, guard: logGuard),
      errors: Output(descriptor: STDERR_FILENO, name: "standard error", hiding: secrets, guard: logGuard),
      outputTerminal: Terminal(descriptor: STDOUT_FILENO, environment: environment),
      errorTerminal: Terminal(descriptor: STDERR_FILENO, environment: environment),
      clock: SystemClock(), answer: { isatty(STDIN_FILENO) == 1 ? readLine() : nil },
      interruption: interruption, table: table, secrets: secrets)
  }

  /// Lets the options that every command takes have their effect on the streams.
  ///
  /// - Throws: ``Failure`` when events have nowhere to go.
  mutating func adopt(_ options: GlobalOptions) throws(Failure) {
    way.withLock { $0.globals = options }
    if options.noColor {
      outputTerminal.usesColor = false
      errorTerminal.usesColor = false
    }
    guard let target = options.events else { return }
    guard target != "-" else { return sendEventsToStdout() }
    do throws(SystemError) {
      events = try EventStream(appendingTo: target, in: self)
    } catch {
      throw Failure(.failed, "\(error)", fix: "name a file that can be written: --events FILE")
    }
  }

  /// The same, for arguments that could not be understood as a whole.
  mutating func adopt(_ asked: AskedForm) {
    way.withLock { $0.globals = GlobalOptions() }
    if asked.eventsOnStdout { sendEventsToStdout() }
  }

  /// Stdout is the events'; what a person would have read there is still worth reading.
  private mutating func sendEventsToStdout() {
    events = EventStream(onStdoutOf: self)
    output = errors
    outputTerminal = errorTerminal
  }
}
