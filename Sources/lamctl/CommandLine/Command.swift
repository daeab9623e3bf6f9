/// What a user can ask for: a plain value with defaults, and one list that ties names to its properties.
///
/// Parsing, `LAMCTL_*` variables, help and suggestions are all derived from that list.
protocol Command: Equatable, Sendable {
  /// The word on the command line.
  static var name: String { get }
  /// What the command does, in one line without a full stop.
  static var summary: String { get }
  /// Positionals, options and flags of this command alone, in the order of its help.
  static var parameters: [Parameter<Self>] { get }
  /// Complete command lines worth copying.
  static var examples: [Example] { get }

  /// The options that every command takes.
  var globals: GlobalOptions { get set }

  /// The command as it is when nothing is given.
  init()

  /// Checks what no single parameter can see, such as two options that contradict one another.
  func validate() throws(UsageError)
}

/// A command line for the help of a command.
struct Example: Equatable, Sendable {
  /// As it would be typed.
  let line: String
  /// What it does.
  let does: String

  init(_ line: String, _ does: String) {
    self.line = line
    self.does = does
  }
}

extension Command {
  static var examples: [Example] { [] }

  func validate() throws(UsageError) {}

  /// The name and version of the document that `--json` prints, also for a failure.
  static var schema: String { "lamctl.\(name)/1" }

  /// The command's own parameters, then those of every command.
  static var allParameters: [Parameter<Self>] {
    parameters + GlobalOptions.parameters.map { $0.lifted(into: \Self.globals) }
  }
}

/// A command that does what it says. Only these stand in the table that the tool offers.
protocol RunnableCommand: Command {
  /// What of AWS it calls, which is the least that IAM must allow; nothing for a command that calls nothing. An operation
  /// may be named twice.
  ///
  /// - Parameter needs: what the configuration asks for.
  static func operations(_ needs: PolicyNeeds) -> [Operation]

  /// Whether it brings traffic back: nothing that only reports may keep it from that.
  static var leadsBack: Bool { get }

  /// Does the work.
  ///
  /// - Returns: the exit code where it is a result rather than an error.
  /// - Throws: anything; ``Failure/init(_:)`` turns it into an exit code and a line for the user.
  func run(in context: Context) async throws -> ExitCode
}

extension RunnableCommand {
  static var leadsBack: Bool { false }
}
