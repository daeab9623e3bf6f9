internal import Core
import Glibc

/// An HTTP/1.1 server on 127.0.0.1: a thread a connection, so that a handler may block as long as it likes.
final class HTTPServer: Sendable {
  /// Answers a request; runs on the connection's own thread.
  typealias Handler = @Sendable (HTTPRequest) -> HTTPAnswer
  /// The answer to a request that is not worth its body; nil for the others.
  typealias Refusal = @Sendable (_ head: HTTPRequest) -> HTTPResponse?

  private struct State {
    var connections: Set<Int32> = []
    var count = ConnectionCount()
    var isStopping = false
    var isAccepting = true
  }

  /// The port it listens on.
  let port: Int

  private let listener: Int32
  private let limits: HTTPLimits
  private let room: BodyRoom
  private let admitsOrigin: Bool
  private let refusal: Refusal
  private let handler: Handler
  private let state = Monitor(State())

  /// Listens, and answers from now on.
  ///
  /// - Parameters:
  ///   - port: 0 for any free one.
  ///   - admitsOrigin: whether requests that web pages made are answered.
  ///   - refusal: looks at the head of each request before its body is read.
  init(
    port: Int, limits: HTTPLimits, admitsOrigin: Bool = false, refusal: @escaping Refusal = { _ in nil },
    handler: @escaping Handler
  ) throws(SystemError) {
    (listener, self.port) = try Sockets.listen(port: port)
    self.limits = limits
    room = BodyRoom(limit: limits.allBodies)
    self.admitsOrigin = admitsOrigin
    self.refusal = refusal
    self.handler = handler
    Threads.detach { [self] in accept() }
  }

  /// How many connections there have been.
  var connections: ConnectionCount { state.read { $0.count } }

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
        state.count.accepted += 1
        state.count.mostOpen = max(state.count.mostOpen, state.connections.count)
        return true
      }
      guard accepted else {
        close(connection)
        break
      }
      _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
      Sockets.setNoDelay(connection)
      Sockets.setSendLimit(connection, seconds: limits.send)
      Threads.detach { [self] in serve(connection) }
    }
    state.update { state in
      close(listener)
      state.isAccepting = false
    }
  }

  private func serve(_ connection: Int32) {
    var reader = HTTPReader(descriptor: connection, limits: limits, room: room)
    var isOpen = true
    while isOpen {
      do throws(HTTPReadError) {
        isOpen = try serveNext(&reader, on: connection)
      } catch {
        isOpen = false
        reader.release()
        guard case .refused(let status, let reason) = error else { break }
        let response = HTTPResponse(
          status: status, headers: ["content-type": "text/plain"], body: Array((reason + "\n").utf8))
        refuse(response, &reader, on: connection)
      }
      reader.release()
    }
    reader.release()
    // Taken off the list before it is closed: the number may be another connection's a moment later.
    state.update { state in _ = state.connections.remove(connection) }
    close(connection)
  }

  /// Reads and answers one request; false when the connection is to be closed.
  private func serveNext(_ reader: inout HTTPReader, on connection: Int32) throws(HTTPReadError) -> Bool {
    var request = try reader.head()
    let framing = try HTTPHead.framing(request, limit: limits.body)
    if let fault = HTTPGuard.fault(in: request, port: port, admitsOrigin: admitsOrigin) { throw fault }
    if let response = refusal(request) {
      refuse(response, &reader, on: connection)
      return false
    }
    if let expected = request.headers["expect"] {
      guard expected.lowercased() == "100-continue" else {
        throw .refused(status: 417, reason: "only 100-continue can be expected")
      }
      _ = Sockets.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), to: connection)
    }
    request.body = try reader.body(framing)
    return answer(request, on: connection)
  }

  /// Answers and ends what the connection has to say.
  private func refuse(_ response: HTTPResponse, _ reader: inout HTTPReader, on connection: Int32) {
    guard Sockets.send(Self.encode(response, closing: true, bodiless: false), to: connection) else { return }
    // A connection that is closed with something unread is reset, and the answer with it.
    shutdown(connection, Int32(SHUT_WR))
    reader.discardRest()
  }

  private func answer(_ request: HTTPRequest, on connection: Int32) -> Bool {
    guard case .response(let response) = handler(request) else { return false }
    let bytes = Self.encode(response, closing: request.isLast, bodiless: request.method == "HEAD")
    return Sockets.send(bytes, to: connection) && !request.isLast
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
