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
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let taken = descriptor
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(taken, pointer, length) == 0 && getsockname(taken, pointer, &length) == 0
      }
    }
    url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    guard isBound else { throw SystemError(operation: "take a port of", subject: "127.0.0.1", code: errno) }
  }

  deinit { close(descriptor) }
}
