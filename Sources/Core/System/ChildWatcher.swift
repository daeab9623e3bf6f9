internal import CSystem
import Glibc

/// The thread of one child: output, exit, time limit and termination in a single `poll`.
struct ChildWatcher: Sendable {
  /// How long a grandchild that holds the pipes may delay the end of the output.
  private static let drainMilliseconds = 200.0

  private let processID: Int32
  private let wake: Int32
  private let grace: TimeSpan
  private var output: LineReader
  private var error: LineReader
  private var deadline: Double?
  private var killAt: Double?
  private var timedOut = false

  init(
    processID: Int32, output: Int32, error: Int32, wake: Int32, timeout: TimeSpan?, grace: TimeSpan
  ) {
    self.processID = processID
    self.wake = wake
    self.grace = grace
    self.output = LineReader(descriptor: output, stream: .output)
    self.error = LineReader(descriptor: error, stream: .error)
    deadline = timeout.map { Self.milliseconds() + $0.seconds * 1000 }
  }

  /// Blocks until the child has ended and been reaped.
  mutating func run(onLine: (ChildProcess.Stream, String) -> Void) -> ChildProcess.Exit {
    let handle = csystem_pidfd_open(processID)
    defer { if handle >= 0 { close(handle) } }
    // Without pidfd (a kernel before 5.3) the exit is noticed by looking every 20 ms.
    while !hasExited(handle: handle, onLine: onLine) { enforceLimits() }
    kill(-processID, SIGKILL)
    var status: Int32 = 0
    while waitpid(processID, &status, 0) < 0, errno == EINTR {}
    drain(onLine: onLine)
    if timedOut { return .timedOut }
    let signal = status & 0x7f
    return signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal)
  }

  /// To be called when nobody writes any more: who writes to a pipe without a reader gets SIGPIPE.
  func stopListening() { close(wake) }

  private mutating func hasExited(handle: Int32, onLine: (ChildProcess.Stream, String) -> Void) -> Bool {
    var entries = [
      pollfd(fd: output.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: error.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
      pollfd(fd: handle, events: Int16(POLLIN), revents: 0),
    ]
    poll(&entries, nfds_t(entries.count), pollTimeout(hasHandle: handle >= 0))
    if entries[0].revents != 0 { output.read(onLine) }
    if entries[1].revents != 0 { error.read(onLine) }
    if entries[2].revents != 0 { obey() }
    if handle >= 0 { return entries[3].revents != 0 }
    var information = siginfo_t()
    return waitid(P_PID, id_t(processID), &information, WEXITED | WNOHANG | WNOWAIT) == 0
      && information._sifields._sigchld.si_pid == processID
  }

  private func pollTimeout(hasHandle: Bool) -> Int32 {
    let limits = [deadline, killAt].compactMap { $0 }
    guard let first = limits.min() else { return hasHandle ? -1 : 20 }
    let wait = max(0, min(first - Self.milliseconds(), 60_000)).rounded(.up)
    return Int32(hasHandle ? wait : min(wait, 20))
  }

  private mutating func obey() {
    var command: UInt8 = 0
    guard Glibc.read(wake, &command, 1) == 1 else { return }
    terminate(after: command == UInt8(ascii: "k") ? .zero : grace)
  }

  private mutating func enforceLimits() {
    let now = Self.milliseconds()
    if let limit = deadline, now >= limit {
      deadline = nil
      timedOut = true
      terminate(after: grace)
    }
    if let limit = killAt, now >= limit {
      killAt = nil
      kill(-processID, SIGKILL)
    }
  }

  private mutating func terminate(after grace: TimeSpan) {
    kill(-processID, grace > .zero ? SIGTERM : SIGKILL)
    if grace > .zero { killAt = Self.milliseconds() + grace.seconds * 1000 }
  }

  private mutating func drain(onLine: (ChildProcess.Stream, String) -> Void) {
    let end = Self.milliseconds() + Self.drainMilliseconds
    while output.isOpen || error.isOpen, Self.milliseconds() < end {
      var entries = [
        pollfd(fd: output.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: error.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      poll(&entries, 2, Int32(max(1, end - Self.milliseconds())))
      if entries[0].revents != 0 { output.read(onLine) }
      if entries[1].revents != 0 { error.read(onLine) }
    }
    output.finish(onLine)
    error.finish(onLine)
  }

  private static func milliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
  }
}

/// Cuts what comes out of a descriptor into lines.
private struct LineReader: Sendable {
  /// A line longer than this is handed over in pieces, so that a child cannot fill the memory.
  private static let longestLine = 1 << 16

  /// Negative once the other end is closed; `poll` passes over it then.
  private(set) var descriptor: Int32
  private let stream: ChildProcess.Stream
  private var pending: [UInt8] = []

  init(descriptor: Int32, stream: ChildProcess.Stream) {
    self.descriptor = descriptor
    self.stream = stream
  }

  var isOpen: Bool { descriptor >= 0 }

  mutating func read(_ onLine: (ChildProcess.Stream, String) -> Void) {
    var chunk = [UInt8](repeating: 0, count: 1 << 15)
    let count = Glibc.read(descriptor, &chunk, chunk.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    guard count > 0 else { return closeDescriptor() }
    pending += chunk[..<count]
    while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
      onLine(stream, String(decoding: pending[..<end], as: UTF8.self))
      pending.removeSubrange(...end)
    }
    if pending.count > Self.longestLine { flush(onLine) }
  }

  mutating func finish(_ onLine: (ChildProcess.Stream, String) -> Void) {
    flush(onLine)
    closeDescriptor()
  }

  private mutating func flush(_ onLine: (ChildProcess.Stream, String) -> Void) {
    guard !pending.isEmpty else { return }
    onLine(stream, String(decoding: pending, as: UTF8.self))
    pending = []
  }

  private mutating func closeDescriptor() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }
}
