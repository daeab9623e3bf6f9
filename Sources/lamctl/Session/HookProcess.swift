internal import Core
internal import Release

/// Runs hooks as programs in the root of the repository, with the variables of ``ChildEnvironment/hook(_:declared:call:)``.
struct HookProcess: HookRunning {
  /// The root of the repository.
  let folder: String
  /// lamctl's own variables.
  let environment: [String: String]
  /// What functions are declared to need of them.
  let declared: [String: String]
  /// What must not be shown of what a hook prints.
  let secrets: Secrets
  /// How long a hook may take, in real time: a run that waits for one that hangs holds the rollout.
  let limit: TimeSpan
  /// Told every line that a hook prints.
  let output: @Sendable (String) -> Void

  func run(_ call: HookCall) async throws(HookFailure) {
    let specification = ChildProcess.Specification(
      arguments: call.arguments,
      environment: .hook(environment, declared: declared, call: call.variables), folder: folder,
      timeout: limit)
    let exit: ChildProcess.Exit
    do throws(SystemError) {
      exit = try await ChildProcess.run(specification) { [secrets] _, line in
        output("\(call.moment.rawValue): \(ForeignText(line, hiding: secrets))")
      }
    } catch {
      throw HookFailure(reason: error.description)
    }
    switch exit {
    case .code(0): return
    case .code(let code): throw HookFailure(reason: "it ended with exit code \(code)")
    case .signal(let signal): throw HookFailure(reason: "signal \(signal) ended it")
    case .timedOut: throw HookFailure(reason: "it took longer than \(limit); --timeout gives it more time")
    }
  }
}
