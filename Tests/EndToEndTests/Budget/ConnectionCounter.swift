import Core
import Glibc

/// Stands before a server on this machine and counts the connections that are open at once.
final class ConnectionCounter: Sendable {
  private struct State {
    var open: Set<Int32> = []
    var accepted = 0
    var mostOpen = 0
  }

  /// `http://127.0.0.1:PORT`.
  let endpoint: String
  private let listener: Int32
  private let target: UInt16
  private let state = Lock(State())

  /// Passes everything on to a port of 127.0.0.1.
  init(target: UInt16) throws {
    self.target = target
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = Self.loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let isUp = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 512) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isUp else { throw SystemError(operation: "listen on", subject: "127.0.0.1", code: errno) }
    endpoint = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    Threads.detach { [weak self, listener] in
      while true {
        let client = accept(listener, nil, nil)
        if client < 0, errno == EINTR { continue }
        guard client >= 0, let self else { break }
        self.begin(client)
      }
      close(listener)
    }
  }

  deinit { stop() }

  /// The most connections that were open at once.
  var mostOpen: Int { state.withLock { $0.mostOpen } }

  /// All connections so far.
  var accepted: Int { state.withLock { $0.accepted } }

  /// Ends all connections and takes no more.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    state.withLock { state in
      for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  private func begin(_ client: Int32) {
    state.withLock { state in
      state.open.insert(client)
      state.accepted += 1
      state.mostOpen = max(state.mostOpen, state.open.count)
    }
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = Self.loopback(port: target)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    if !isConnected { shutdown(client, Int32(SHUT_RDWR)) }
    let ends = Latch(count: 2)
    Threads.detach {
      Self.pass(from: client, to: server)
      ends.countDown()
    }
    Threads.detach {
      Self.pass(from: server, to: client)
      ends.countDown()
    }
    Threads.detach { [state] in
      ends.wait()
      // Off the list before the number can be another connection's.
      state.withLock { state in _ = state.open.remove(client) }
      close(client)
      close(server)
    }
  }

  /// Copies until one end is closed, and tells both.
  private static func pass(from source: Int32, to sink: Int32) {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    copying: while true {
      let count = recv(source, &buffer, buffer.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      var sent = 0
      while sent < count {
        let more = buffer.withUnsafeBytes {
          send(sink, $0.baseAddress?.advanced(by: sent), count - sent, Int32(MSG_NOSIGNAL))
        }
        if more < 0, errno == EINTR { continue }
        guard more > 0 else { break copying }
        sent += more
      }
    }
    shutdown(source, Int32(SHUT_RDWR))
    shutdown(sink, Int32(SHUT_RDWR))
  }

  private static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
