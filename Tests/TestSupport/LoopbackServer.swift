package import Core
internal import Glibc

/// A request as a server saw it.
package struct ReceivedRequest: Sendable {
  /// `GET`, say.
  package var method = ""
  /// Path and query as on the wire.
  package var target = ""
  /// In the order they came.
  package var headers: [(name: String, value: String)] = []
  /// As on the wire.
  package var body: [UInt8] = []
  /// Counts from 1.
  package var connection = 0

  /// The target without its query.
  package var path: String { String(target.prefix { $0 != "?" }) }
  /// The query without its question mark; empty when there is none.
  package var query: String { String(target.drop { $0 != "?" }.dropFirst()) }
  /// The body as text.
  package var bodyText: String { String(decoding: body, as: UTF8.self) }
  /// The body as JSON, if it is.
  package var json: JSON? { try? JSON(parsing: body) }

  /// The first header of this name, in whatever case.
  package subscript(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// What a server does with a request.
package enum Reaction: Sendable {
  /// Status, headers and body.
  case answer(Int, [(String, String)], String)
  /// Exactly these bytes, then the end.
  case raw(String)
  /// Reads the request, then ends the connection without a word.
  case hangUp
  /// Sends this much and then nothing more, for as long as the server lives.
  case stall(String)
  /// Sends this much, then a byte every 50 ms for as long as anybody listens.
  case drip(String)
  /// Answers, but not before the gate has opened.
  case hold(Latch, Int, String)

  /// An answer without headers of its own.
  package static func answer(_ status: Int, _ body: String) -> Reaction { .answer(status, [], body) }

  /// An answer of a JSON protocol.
  package static func json(_ status: Int, _ body: String) -> Reaction {
    .answer(status, [("Content-Type", "application/json"), ("x-amzn-RequestId", "request-1")], body)
  }

  /// An error as Lambda answers it.
  package static func error(_ status: Int, _ type: String, _ message: String) -> Reaction {
    .answer(
      status, [("x-amzn-ErrorType", type), ("x-amzn-RequestId", "request-1")], "{\"message\":\"\(message)\"}")
  }
}

/// An HTTP server on 127.0.0.1 that does as it is told.
package final class LoopbackServer: Sendable {
  /// Says what to do with each request; its index counts from 0.
  package typealias Script = @Sendable (_ request: ReceivedRequest, _ index: Int) -> Reaction

  private struct State {
    /// What has come so far.
    package var requests: [ReceivedRequest] = []
    var connections: [Int32] = []
    var accepted = 0
    var open = 0
    var mostOpen = 0
    var stopped = false
  }

  /// The port it listens on.
  package let port: Int
  private let listener: Int32
  private let script: Script
  private let state = Lock(State())

  /// Starts listening; `script` is asked for each request, which it may count by its index from 0.
  package init(_ script: @escaping Script) throws {
    self.script = script
    let socket = try LoopbackSocket.bound()
    listener = socket.descriptor
    port = socket.port
    guard listen(listener, 64) == 0 else {
      throw SystemError(operation: "listen on", subject: "127.0.0.1", code: errno)
    }
    Threads.detach { [weak self, listener] in
      // Closed by the thread that uses it: otherwise it could accept the connections of another server, to
      // which the descriptor's number has gone.
      defer { close(listener) }
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 {
          if errno == EINTR { continue }
          return
        }
        guard let self else {
          close(connection)
          return
        }
        let number = self.state.withLock { state in
          state.accepted += 1
          state.open += 1
          state.mostOpen = max(state.mostOpen, state.open)
          state.connections.append(connection)
          return state.accepted
        }
        Threads.detach { self.serve(connection, number) }
      }
    }
  }

  /// Answers each request in turn; the last reaction is for all that follow.
  package convenience init(_ reactions: Reaction...) throws {
    try self.init { _, index in reactions[min(index, reactions.count - 1)] }
  }

  deinit {
    stop()
  }

  /// Ends all connections.
  package func stop() {
    state.withLock { state in
      guard !state.stopped else { return }
      state.stopped = true
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
      shutdown(listener, Int32(SHUT_RDWR))
    }
  }

  /// `http://127.0.0.1:PORT`.
  package var url: String { "http://127.0.0.1:\(port)" }
  /// What has come so far.
  package var requests: [ReceivedRequest] { state.withLock { $0.requests } }
  /// Connections accepted so far.
  package var connectionCount: Int { state.withLock { $0.accepted } }
  /// The most that were open at a time.
  package var mostConnectionsAtOnce: Int { state.withLock { $0.mostOpen } }
  /// Those that are open.
  package var openConnections: Int { state.withLock { $0.open } }

  private func serve(_ connection: Int32, _ number: Int) {
    var input = SocketInput(descriptor: connection)
    while var request = input.request() {
      request.connection = number
      let index = state.withLock { state in
        state.requests.append(request)
        return state.requests.count - 1
      }
      guard react(script(request, index), to: request, on: connection, &input) else { break }
    }
    state.withLock { state in
      state.open -= 1
      state.connections.removeAll { $0 == connection }
      close(connection)
    }
  }

  /// Whether the connection stays.
  private func react(
    _ reaction: Reaction, to request: ReceivedRequest, on connection: Int32, _ input: inout SocketInput
  ) -> Bool {
    switch reaction {
    case .answer(let status, let headers, let body):
      return answer(connection, request, status, headers, body)
    case .raw(let text):
      _ = write(connection, text)
      return false
    case .hangUp:
      return false
    case .stall(let text):
      _ = write(connection, text)
      // Ends when the other side or this server gives up.
      _ = input.request()
      return false
    case .drip(let text):
      guard write(connection, text) else { return false }
      while !state.withLock({ $0.stopped }), write(connection, " ") { usleep(50_000) }
      return false
    case .hold(let latch, let status, let body):
      latch.wait()
      return answer(connection, request, status, [], body)
    }
  }

  private func answer(
    _ connection: Int32, _ request: ReceivedRequest, _ status: Int, _ headers: [(String, String)],
    _ body: String
  ) -> Bool {
    var text = "HTTP/1.1 \(status) Reason\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if status != 204 { text += "Content-Length: \(body.utf8.count)\r\n" }
    text += "\r\n" + (request.method == "HEAD" ? "" : body)
    return write(connection, text)
  }

  private func write(_ connection: Int32, _ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { source in
        send(connection, source.baseAddress?.advanced(by: done), source.count - done, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}

/// Reads requests from a socket.
private struct SocketInput {
  let descriptor: Int32
  private var buffer: [UInt8] = []

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// The next request; nil at the end of the connection.
  mutating func request() -> ReceivedRequest? {
    guard let head = take(upTo: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    var request = ReceivedRequest()
    request.method = String(words[0])
    request.target = String(words[1])
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      request.headers.append((String(parts[0]), String(parts[1].drop { $0 == " " })))
    }
    let length = request["Content-Length"].flatMap { Int($0) } ?? 0
    while buffer.count < length { guard fill() else { return nil } }
    request.body = Array(buffer.prefix(length))
    buffer.removeFirst(length)
    return request
  }

  private mutating func take(upTo mark: [UInt8]) -> [UInt8]? {
    while true {
      if let range = buffer.firstRange(of: mark) {
        let head = Array(buffer[..<range.lowerBound])
        buffer.removeSubrange(..<range.upperBound)
        return head
      }
      guard fill() else { return nil }
    }
  }

  private mutating func fill() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      buffer += chunk[..<count]
      return true
    }
  }
}
