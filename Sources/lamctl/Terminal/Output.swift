internal import Core
internal import Glibc

/// Where text goes: stdout, stderr or a test. Never mixed with `print`, whose buffer would change the order.
final class Output: Sendable {
  /// Writes one piece; false when nobody reads any more.
  private let sink: @Sendable ([UInt8]) -> Bool
  private let isOpen = Lock(true)
  /// Apart from ``isOpen``, which a write holds as long as nobody reads.
  private let isClosed = Lock(false)
  private let secrets: Secrets?

  /// Hands every piece to `sink` until it says that nobody reads any more. Pieces never overlap.
  ///
  /// - Parameter secrets: what no piece may hold, wherever it came from.
  init(hiding secrets: Secrets? = nil, sink: @escaping @Sendable ([UInt8]) -> Bool) {
    self.secrets = secrets
    self.sink = sink
  }

  /// Writes to an open descriptor.
  convenience init(descriptor: Int32, hiding secrets: Secrets? = nil) {
    self.init(hiding: secrets) { Self.write($0, to: descriptor) }
  }

  /// Writes `text` as one piece. A reader that has gone away (`lamctl list | head`) is no error: the rest is dropped,
  /// because a rollout must not stop half-way for it.
  func write(_ text: String) {
    guard !text.isEmpty, !isClosed.withLock({ $0 }) else { return }
    let text = secrets?.shielded(text) ?? text
    isOpen.withLock { isOpen in
      if isOpen { isOpen = sink(Array(text.utf8)) }
    }
  }

  /// Drops what comes from now on.
  func close() { isClosed.withLock { $0 = true } }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
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
        return false
      }
    }
    return true
  }
}
