internal import Core
internal import Glibc

/// Where text goes: stdout, stderr, a file or a test. Never mixed with `print`, whose buffer would change the order.
final class Output: Sendable {
  /// What a piece is, which decides how it is kept from meaning something to a CI system that reads it.
  enum Form: Equatable, Sendable {
    /// For people.
    case prose
    /// JSON, which says the same to whoever reads it.
    case document
  }

  private let sink: @Sendable ([UInt8]) throws(SystemError) -> Void
  /// Whether pieces still arrive.
  private let isOpen = Lock(true)
  /// Apart from ``isOpen``, which a write holds as long as nobody reads.
  private let isClosed = Lock(false)
  private let failure = Lock<SystemError?>(nil)
  private let hasEnded = Lock(false)
  private let secrets: Secrets?
  private let logGuard: LogGuard?

  /// Hands every piece to `sink` until one does not arrive whole. Pieces never overlap.
  ///
  /// - Parameters:
  ///   - secrets: what no piece may hold, wherever it came from.
  ///   - logGuard: keeps pieces from meaning something to the CI system in whose log they end up.
  init(
    hiding secrets: Secrets? = nil, guard logGuard: LogGuard? = nil,
    sink: @escaping @Sendable ([UInt8]) throws(SystemError) -> Void
  ) {
    self.secrets = secrets
    self.sink = sink
    self.logGuard = logGuard
  }

  /// Writes to an open descriptor.
  ///
  /// - Parameter name: what it is called where it cannot be written.
  convenience init(
    descriptor: Int32, name: String, hiding secrets: Secrets? = nil, guard logGuard: LogGuard? = nil
  ) {
    self.init(hiding: secrets, guard: logGuard) { (bytes) throws(SystemError) in
      try Self.write(bytes, to: descriptor, name: name)
    }
  }

  /// Why not all of it has arrived; nil where it has, or where the reader wanted no more of it.
  var loss: SystemError? { failure.withLock { $0 } }

  /// Whether what is written still arrives: what would go on for ever ends where it does not.
  var isTaken: Bool { !hasEnded.withLock { $0 } }

  /// Writes `text` as one piece. A reader that has gone away (`lamctl list | head`) is no error: the rest is dropped.
  /// Anything else that keeps a piece from arriving is a ``loss``, and what follows is dropped too: a rollout must not stop
  /// half-way for it.
  func write(_ text: String, as form: Form = .prose) {
    let text = secrets?.shielded(text) ?? text
    send(form == .prose ? logGuard?.prose(text) ?? text : logGuard?.document(text) ?? text)
  }

  /// Writes what a CI system is to read as a command.
  func write(_ command: LogCommand) {
    send(secrets?.shielded(command.text) ?? command.text)
  }

  private func send(_ text: String) {
    guard !text.isEmpty, !isClosed.withLock({ $0 }) else { return }
    isOpen.withLock { isOpen in
      guard isOpen else { return }
      do throws(SystemError) {
        try sink(Array(text.utf8))
      } catch {
        isOpen = false
        hasEnded.withLock { $0 = true }
        if error.code != EPIPE { failure.withLock { $0 = error } }
      }
    }
  }

  /// Drops what comes from now on.
  func close() { isClosed.withLock { $0 = true } }

  private static func write(_ bytes: [UInt8], to descriptor: Int32, name: String) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done)
      }
      if count >= 0 {
        done += count
      } else if errno == EAGAIN {
        // The descriptor is shared with a program that made it non-blocking, as Node.js does with its pipes.
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&state, 1, -1)
      } else if errno != EINTR {
        throw SystemError(operation: "write to", subject: name, code: errno)
      }
    }
  }
}
