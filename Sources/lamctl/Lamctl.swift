internal import Core
internal import Glibc

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
    WhyCommand.self,
    ListCommand.self,
    InitCommand.self,
    BuildCommand.self,
    PackageCommand.self,
    CacheCommand.self,
    JudgeCommand.self,
    VersionsCommand.self,
    PruneCommand.self,
    DoctorCommand.self,
    SandboxCommand.self,
    SchemaCommand.self,
    VersionCommand.self,
    HelpCommand.self,
  ])

  /// Starts the work and keeps the main thread out of it.
  ///
  /// Not `async`: the runtime would park the main thread in `sigsuspend` with all signals unblocked, where Ctrl-C
  /// ends the process before ``Interruption`` sees it.
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    let interruption = Interruption()
    interruption.waitForSignals()
    let context = Context(interruption: interruption, table: table)
    // Not exit(): what it would tear down, the threads of transport and sandbox may still be using. Nothing is lost,
    // because no output is buffered.
    Task.detached { _exit(await run(in: context).rawValue) }
    while true { pause() }
  }

  /// Understands the arguments, runs the command and reports its failure.
  ///
  /// - Returns: the exit code.
  static func run(in context: Context) async -> ExitCode {
    let request: Request
    do throws(UsageError) {
      request = try context.table.request(context.arguments, environment: context.environment)
    } catch {
      return report(Failure(error), asked: Asked(context), in: context)
    }
    switch request {
    case .version:
      context.output.write("lamctl \(Build.version)\n")
      return .done
    case .help(let topic):
      context.output.write(HelpCommand.text(on: topic, in: context))
      return .done
    case .run(let command):
      var context = context
      context.adopt(command.globals)
      return await run(command, in: context)
    }
  }

  /// Runs the command to its end, or to the signal that ends what moves no traffic.
  private static func run(_ command: any RunnableCommand, in context: Context) async -> ExitCode {
    let work = Task { try await command.run(in: context) }
    switch await Awaited.first(work, or: context.interruption.endings()) {
    case .finished(.success(let code)): return code
    case .finished(.failure(let error)): return report(Failure(error), asked: Asked(command), in: context)
    case .ended(let signal):
      let code = report(
        Failure(signal.exitCode, "ended by \(signal.name)"), asked: Asked(command), in: context)
      context.output.close()
      context.errors.close()
      // Programs that the work has started end with it; what hangs is left.
      work.cancel()
      _ = await Awaited.first(work, or: signal.again(after: .seconds(3)))
      return code
    }
  }

  /// The form in which a failure is wanted.
  private struct Asked {
    var schema: String
    var json: Bool
    var verbose: Bool

    init(_ command: any RunnableCommand) {
      schema = type(of: command).schema
      json = command.globals.json
      verbose = command.globals.verbose
    }

    /// For arguments that could not be understood as a whole: what can be seen of them.
    init(_ context: Context) {
      let flags = context.arguments.prefix { $0 != "--" }
      let name = flags.first { word in context.table.commands.contains { $0.name == word } }
      schema = "lamctl.\(name ?? "error")/1"
      json =
        flags.contains { $0 == "--json" || $0 == "--json=true" || $0 == "--json=1" }
        || (["true", "1"].contains(context.environment["LAMCTL_JSON"])
          && !flags.contains { $0.hasPrefix("--json=") })
      verbose = false
    }
  }

  private static func report(_ failure: Failure, asked: Asked, in context: Context) -> ExitCode {
    context.tell(failure, verbose: asked.verbose)
    if asked.json { context.printDocument(failure.document(schema: asked.schema)) }
    return failure.exitCode
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
    secrets.hide(environment: environment)
    self.init(
      arguments: Array(CommandLine.arguments.dropFirst()), environment: environment,
      folder: Files.currentFolder,
      output: Output(descriptor: STDOUT_FILENO, hiding: secrets),
      errors: Output(descriptor: STDERR_FILENO, hiding: secrets),
      outputTerminal: Terminal(descriptor: STDOUT_FILENO, environment: environment),
      errorTerminal: Terminal(descriptor: STDERR_FILENO, environment: environment),
      clock: SystemClock(), answer: { isatty(STDIN_FILENO) == 1 ? readLine() : nil },
      interruption: interruption, table: table, secrets: secrets)
  }

  /// Lets the options that every command takes have their effect on the streams.
  mutating func adopt(_ options: GlobalOptions) {
    guard options.noColor else { return }
    outputTerminal.usesColor = false
    errorTerminal.usesColor = false
  }
}
