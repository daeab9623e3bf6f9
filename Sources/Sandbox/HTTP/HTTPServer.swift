internal import Core
import Glibc

/// An HTTP/1.1 server on 127.0.0.1: a thread a connection, so that a handler may block as long as it likes.
final class HTTPServer: Sendable {
  /// Answers a request; runs on the connection's own thread.
  typealias Handler = @Sendable (HTTPRequest) -> HTTPAnswer

  private struct State {
    var connections: Set<Int32> = []
    var isStopping = false
    var isAccepting = true
  }

  /// The port it listens on.
  let port: Int

  private let listener: Int32
  private let bodyLimit: Int
  private let handler: Handler
  private let state = Monitor(State())

  /// Listens, and answers from now on.
  ///
  /// - Parameters:
  ///   - port: 0 for any free one.
  ///   - bodyLimit: the most bytes of a request body.
  init(port: Int, bodyLimit: Int, handler: @escaping Handler) throws(SystemError) {
    (listener, self.port) = try Sockets.listen(port: port)
    self.bodyLimit = bodyLimit
    self.handler = handler
    Threads.detach { [self] in accept() }
  }

  /// Stops listening, closes every connection and waits until no handler runs any more, `patience` real seconds at most.
  func stop(patience: Double = 5) {
    state.update { state in
      guard !state.isStopping else { return }
      state.isStopping = true
      shutdown(listener, Int32(SHUT_RDWR))
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }
    _ = state.wait(until: Monotonic.now() + patience) { state in
      state.connections.isEmpty && !state.isAccepting ? true : nil
    }
  }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      if connection < 0 {
        if state.read({ $0.isStopping }) { break }
        // Out of descriptors: give the open connections a moment to end.
        if errno == EMFILE || errno == ENFILE { usleep(10_000) }
        continue
      }
      let accepted = state.update { state in
        guard !state.isStopping else { return false }
        state.connections.insert(connection)
        return true
      }
      guard accepted else {
        close(connection)
        break
      }
      _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
      Sockets.setNoDelay(connection)
      Threads.detach { [self] in serve(connection) }
    }
    state.update { state in
      close(listener)
      state.isAccepting = false
    }
  }

  private func serve(_ connection: Int32) {
    var reader = HTTPReader(descriptor: connection, bodyLimit: bodyLimit)
    var isOpen = true
    while isOpen {
      do throws(HTTPReadError) {
        let request = try reader.next {
          _ = Sockets.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), to: connection)
        }
        isOpen = answer(request, on: connection)
      } catch {
        if case .refused(let status, let reason) = error {
          let response = HTTPResponse(
            status: status, headers: ["content-type": "text/plain"], body: Array((reason + "\n").utf8))
          _ = Sockets.send(Self.encode(response, closing: true, bodiless: false), to: connection)
        }
        isOpen = false
      }
    }
    // Taken off the list before it is closed: the number may be another connection's a moment later.
    state.update { state in _ = state.connections.remove(connection) }
    close(connection)
  }

  private func answer(_ request: HTTPRequest, on connection: Int32) -> Bool {
    guard case .response(let response) = handler(request) else { return false }
    let closing = request.headers["connection"]?.lowercased() == "close"
    let bytes = Self.encode(response, closing: closing, bodiless: request.method == "HEAD")
    return Sockets.send(bytes, to: connection) && !closing
  }

  private static func encode(_ response: HTTPResponse, closing: Bool, bodiless: Bool) -> [UInt8] {
    var head = "HTTP/1.1 \(response.status) \(response.reason)\r\n"
    for field in response.headers.fields { head += "\(field.name): \(field.value)\r\n" }
    if response.status != 204, response.headers["content-length"] == nil {
      head += "content-length: \(response.body.count)\r\n"
    }
    if closing { head += "connection: close\r\n" }
    head += "\r\n"
    return Array(head.utf8) + (bodiless || response.status == 204 ? [] : response.body)
  }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  init(dictionaryLiteral elements: (String, String)...) {
    self.init()
    for (name, value) in elements { add(name, value) }
  }
}
