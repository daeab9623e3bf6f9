public import Core
internal import Glibc

/// A port of 127.0.0.1 at which nobody listens, kept for as long as this value lives: the port of a server that has
/// stopped may be another test's in the next moment.
public final class ClosedPort: Sendable {
  private let descriptor: Int32
  /// `http://127.0.0.1:PORT`.
  public let url: String

  /// Takes any port that is free.
  ///
  /// - Throws: ``SystemError``.
  public init() throws(SystemError) {
    let socket = try LoopbackSocket.bound()
    descriptor = socket.descriptor
    url = "http://127.0.0.1:\(socket.port)"
  }

  deinit { close(descriptor) }
}
