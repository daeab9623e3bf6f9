import Glibc

/// Says on stderr what is wrong.
func complain(_ message: String) {
  let text = Array("fuzz: \(message)\n".utf8)
  _ = write(STDERR_FILENO, text, text.count)
}

/// The input under way, where a signal handler and the watching thread find it.
///
/// All of it is plain memory: a handler may neither allocate nor take locks.
enum Watch {
  nonisolated(unsafe) private static var input: UnsafeMutablePointer<UInt8>?
  nonisolated(unsafe) private static var length = 0
  nonisolated(unsafe) private static var path: UnsafeMutablePointer<CChar>?
  nonisolated(unsafe) private static var began = timespec()
  nonisolated(unsafe) private static var isRunning = false

  /// Seconds of the processor that one input, of 1 MiB at most, may take: others' work on the machine does not count. Where
  /// it seems longer the input is read again, because a virtual machine charges for time that it did not have.
  #if DEBUG
    static let limit = 40.0
  #else
    static let limit = 2.0
  #endif

  /// Writes the input under way to `path` when a signal ends the process, and ends it when one does not end.
  static func begin(savingTo file: String) {
    input = .allocate(capacity: Mutator.longest)
    path = strdup(file)
    // A stack that has run over cannot serve its own handler.
    var stack = stack_t()
    stack.ss_size = 1 << 16
    stack.ss_sp = malloc(stack.ss_size)
    sigaltstack(&stack, nil)
    for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
      var action = sigaction()
      action.sa_flags = SA_ONSTACK | Int32(bitPattern: UInt32(SA_RESETHAND))
      action.__sigaction_handler.sa_handler = { signal in
        Watch.save()
        raise(signal)
      }
      sigaction(signal, &action, nil)
    }
    var thread = pthread_t()
    pthread_create(&thread, nil, { _ in Watch.watch() }, nil)
  }

  /// Notes the input that is about to be read.
  static func start(_ bytes: [UInt8]) {
    length = min(bytes.count, Mutator.longest)
    bytes.withUnsafeBufferPointer {
      if let base = $0.baseAddress { input?.update(from: base, count: length) }
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began)
    isRunning = true
  }

  /// The input has been read.
  ///
  /// - Returns: whether that took too long.
  static func end() -> Bool {
    isRunning = false
    return seconds > limit
  }

  /// Ends the process: the input is too slow to read.
  static func fail() -> Never {
    save()
    complain("an input of \(length) bytes took longer than \(limit) s")
    _exit(3)
  }

  private static var seconds: Double {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec - began.tv_sec) + Double(now.tv_nsec - began.tv_nsec) / 1e9
  }

  private static func watch() -> UnsafeMutableRawPointer? {
    while true {
      usleep(100_000)
      // What has not ended after so long never does.
      if isRunning, seconds > limit * 10 { fail() }
    }
  }

  private static func save() {
    guard let path, let input else { return }
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    _ = write(file, input, length)
    close(file)
  }
}
