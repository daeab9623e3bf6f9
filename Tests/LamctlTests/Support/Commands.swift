@testable import lamctl

/// Every command whose options are defined.
let definedCommands: [any Command.Type] = [
  DeployCommand.self, PlanCommand.self, TriggersCommand.self, AdoptCommand.self, RollbackCommand.self,
  StatusCommand.self,
  ListCommand.self,
  PromoteCommand.self, AbortCommand.self, ResumeCommand.self, TickCommand.self, JudgeCommand.self,
  VersionsCommand.self, PruneCommand.self, WhyCommand.self, InitCommand.self, BuildCommand.self,
  PackageCommand.self, CacheCommand.self, AliasCommand.self, PreviewCommand.self,
  InvokeCommand.self,
  LogsCommand.self, ReportCommand.self, DoctorCommand.self, SandboxCommand.self, SchemaCommand.self,
  CompletionsCommand.self, VersionCommand.self, HelpCommand.self,
]

/// The command that `arguments`, separated by spaces, ask for; `--help` and `--version` are no command.
func parse<Options: Command>(
  _ type: Options.Type, _ arguments: String, environment: [String: String] = [:]
) throws -> Options? {
  let words = arguments.split(separator: " ").map(String.init)
  switch try ArgumentParser<Options>.parse(words, environment: environment) {
  case .command(let options): return options
  case .help, .version: return nil
  }
}

/// The error that `arguments` of `type` end with; nil when there is none.
func usageError<Options: Command>(
  _ type: Options.Type, _ arguments: String, environment: [String: String] = [:]
) -> UsageError? {
  do {
    _ = try parse(type, arguments, environment: environment)
    return nil
  } catch {
    return error as? UsageError
  }
}
