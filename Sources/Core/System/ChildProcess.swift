internal import CSystem
import Glibc

/// A running program in a process group of its own, with its output handed over line by line.
///
/// Started with `posix_spawn`: standard input is `/dev/null`, signal dispositions and mask are the defaults, no
/// descriptor but 0, 1 and 2 is inherited. One thread a child waits for output, exit, time limit and termination in
/// a single `poll`. When the program ends, what is left of its group is killed.
package final class ChildProcess: Sendable {
  /// What to run.
  package struct Specification: Sendable {
    /// Program and arguments; a program without `/` is looked up in the `PATH` of `environment`.
    package var arguments: [String]
    /// The whole environment of the child; nothing is inherited.
    package var environment: ChildEnvironment
    /// The folder to run in; nil for this process's own.
    package var folder: String?
    /// Real time after which the group is terminated; nil for none.
    package var timeout: TimeSpan?
    /// Real time between SIGTERM and SIGKILL.
    package var grace: TimeSpan
    /// Whether its two streams come as one, so that lines keep the order in which they were written.
    package var mergesStreams: Bool

    /// A program with its arguments and whole environment.
    package init(
      arguments: [String], environment: ChildEnvironment, folder: String? = nil, timeout: TimeSpan? = nil,
      grace: TimeSpan = .seconds(2), mergesStreams: Bool = false
    ) {
      self.arguments = arguments
      self.environment = environment
      self.folder = folder
      self.timeout = timeout
      self.grace = grace
      self.mergesStreams = mergesStreams
    }
  }

  /// Which of its two streams the child wrote to.
  package enum Stream: Sendable {
    /// Standard output.
    case output
    /// Standard error.
    case error
  }

  /// How the child ended.
  package enum Exit: Hashable, Sendable {
    /// It returned this code.
    case code(Int32)
    /// This signal ended it.
    case signal(Int32)
    /// It ran past its time limit and was ended.
    case timedOut

    /// Whether it returned 0.
    package var isSuccess: Bool { self == .code(0) }
  }

  /// The child's process id, which is also its group's.
  package let processID: Int32

  private struct State {
    var exit: Exit?
    var wakeDescriptor: Int32
    var waiters: [CheckedContinuation<Exit, Never>] = []
  }

  private let state: Lock<State>

  private init(processID: Int32, wakeDescriptor: Int32) {
    self.processID = processID
    state = Lock(State(wakeDescriptor: wakeDescriptor))
  }

  /// Starts the program.
  ///
  /// - Parameter onLine: called on the child's own thread with every line, without its line break, and with an
  ///   unfinished last one.
  /// - Throws: ``SystemError`` when the folder or the program is missing or cannot be run.
  package static func start(
    _ specification: Specification, onLine: @escaping @Sendable (Stream, String) -> Void
  ) throws(SystemError) -> ChildProcess {
    if let folder = specification.folder, !Files.isFolder(folder) {
      // posix_spawn would report a missing folder as a missing program.
      throw SystemError(operation: "run a program in", subject: folder, code: ENOENT)
    }
    let output = try Pipe()
    let error = try Pipe()
    let wake = try Pipe()
    let processID = try spawn(
      specification, output: output.writeEnd,
      error: specification.mergesStreams ? output.writeEnd : error.writeEnd)
    output.closeWriteEnd()
    error.closeWriteEnd()
    let child = ChildProcess(processID: processID, wakeDescriptor: wake.writeEnd)
    let watcher = ChildWatcher(
      processID: processID, output: output.readEnd, error: error.readEnd, wake: wake.readEnd,
      timeout: specification.timeout, grace: specification.grace)
    wake.leaveOpen()
    output.leaveOpen()
    error.leaveOpen()
    Threads.detach {
      var watcher = watcher
      child.finish(watcher.run(onLine: onLine))
      watcher.stopListening()
    }
    return child
  }

  /// Runs the program to its end. Cancelling the task terminates the group and still waits for it.
  ///
  /// - Throws: ``SystemError`` as ``start(_:onLine:)``.
  package static func run(
    _ specification: Specification, onLine: @escaping @Sendable (Stream, String) -> Void
  ) async throws(SystemError) -> Exit {
    let child = try start(specification, onLine: onLine)
    return await withTaskCancellationHandler {
      await child.exit()
    } onCancel: {
      child.terminate()
    }
  }

  /// Waits for the child's end.
  package func exit() async -> Exit {
    await withCheckedContinuation { continuation in
      let ended = state.withLock { state -> Exit? in
        if state.exit == nil { state.waiters.append(continuation) }
        return state.exit
      }
      if let ended { continuation.resume(returning: ended) }
    }
  }

  /// How the child ended; nil while it runs.
  package var exitIfEnded: Exit? { state.withLock { $0.exit } }

  /// Asks the whole group to end: SIGTERM, and SIGKILL when the grace is over. Does nothing after its end.
  package func terminate() { wake(with: UInt8(ascii: "t")) }

  /// Ends the whole group at once with SIGKILL. Does nothing after its end.
  package func kill() { wake(with: UInt8(ascii: "k")) }

  private func wake(with command: UInt8) {
    state.withLock { state in
      guard state.exit == nil else { return }
      var command = command
      _ = Glibc.write(state.wakeDescriptor, &command, 1)
    }
  }

  private func finish(_ exit: Exit) {
    let waiters = state.withLock { state in
      state.exit = exit
      close(state.wakeDescriptor)
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(returning: exit) }
  }

  private static func spawn(
    _ specification: Specification, output: Int32, error: Int32
  ) throws(SystemError) -> Int32 {
    guard let program = specification.arguments.first else {
      throw SystemError(operation: "run", subject: "an empty command", code: EINVAL)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, error, 2)
    if let folder = specification.folder { posix_spawn_file_actions_addchdir_np(&actions, folder) }
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    let variables = specification.environment.variables
    let path = try locate(program, environment: variables)
    var arguments = specification.arguments.map { strdup($0) } + [nil]
    var environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + environment).forEach { free($0) } }
    var processID: pid_t = 0
    let code = posix_spawn(&processID, path, &actions, &attributes, &arguments, &environment)
    guard code == 0 else { throw SystemError(operation: "run", subject: program, code: code) }
    return processID
  }

  /// The file that `program` names in `PATH`; `posix_spawnp` would search this process's own.
  private static func locate(
    _ program: String, environment: [String: String]
  ) throws(SystemError) -> String {
    if program.contains("/") { return program }
    // A folder that is relative would be one of the repository.
    let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    for folder in folders where folder.hasPrefix("/") {
      let candidate = "\(folder)/\(program)"
      if access(candidate, X_OK) == 0, !Files.isFolder(candidate) { return candidate }
    }
    throw SystemError(operation: "run", subject: program, code: ENOENT)
  }
}
