package import Core
internal import Glibc

/// A port of 127.0.0.1 at which nobody listens, kept for as long as this value lives: the port of a server that has
/// stopped may be another test's in the next moment.
package final class ClosedPort: Sendable {
  private let descriptor: Int32
  /// `http://127.0.0.1:PORT`.
  package let url: String

  /// Takes any port that is free.
  ///
  /// - Throws: ``SystemError``.
  package init() throws(SystemError) {
    let socket = try LoopbackSocket.bound()
    descriptor = socket.descriptor
    url = "http://127.0.0.1:\(socket.port)"
  }

  deinit { close(descriptor) }
}
