import Core
import Glibc
import TestSupport
import Testing

@testable import Sandbox

@Suite("A client that takes its time, or all the room")
struct SlowClientTests {
  private static var limits: HTTPLimits {
    var limits = HTTPLimits(body: 1 << 20)
    limits.idle = 0.4
    limits.head = 0.4
    limits.bodyTime = 0.4
    limits.allBodies = 1 << 20
    return limits
  }

  /// A server that answers what came, and a connection to it.
  private static func serve(
    _ body: (_ port: Int, _ connection: Int32) async throws -> Void
  ) async throws {
    let server = try HTTPServer(port: 0, limits: limits) { request in
      .response(HTTPResponse(status: 200, body: Array("\(request.body.count)".utf8)))
    }
    let connection = try #require(Sockets.connect(port: server.port, patience: 20))
    defer { close(connection) }
    try await body(server.port, connection)
    server.stop()
  }

  private static func send(_ text: String, to connection: Int32) {
    _ = Sockets.send(Array(text.utf8), to: connection)
  }

  /// All that still comes.
  private static func rest(_ connection: Int32) -> String {
    var received: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return String(decoding: received, as: UTF8.self) }
      received += chunk[..<count]
    }
  }

  @Test("a connection on which nothing is said is closed")
  func idle() async throws {
    try await Self.serve { _, connection in #expect(Self.rest(connection) == "") }
  }

  @Test("a head that does not come to its end, byte by byte, is answered with 408")
  func head() async throws {
    try await Self.serve { _, connection in
      for byte in "GET / HTTP/1.1\r\nX: \(String(repeating: "y", count: 40))" {
        Self.send(String(byte), to: connection)
        usleep(30_000)
      }
      #expect(Self.rest(connection).hasPrefix("HTTP/1.1 408"))
    }
  }

  @Test(
    "a body that comes byte by byte is answered with 408",
    arguments: ["Content-Length: 1000", "Transfer-Encoding: chunked"])
  func body(framing: String) async throws {
    try await Self.serve { port, connection in
      Self.send("POST / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(framing)\r\n\r\n", to: connection)
      for _ in 0..<40 {
        Self.send(framing.hasPrefix("T") ? "1\r\na\r\n" : "a", to: connection)
        usleep(30_000)
      }
      #expect(Self.rest(connection).hasPrefix("HTTP/1.1 408"))
    }
  }

  @Test("requests that follow one another on a connection are all answered")
  func pipelined() async throws {
    try await Self.serve { port, connection in
      let request = "POST / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: 3\r\n\r\nabc"
      Self.send(
        request + request + request.replacing("Content", with: "Connection: close\r\nContent"), to: connection
      )
      #expect(Self.rest(connection).pieces(between: "HTTP/1.1 200").count == 4)
    }
  }

  @Test("bodies beyond the room that all of them share are refused until others have left")
  func room() async throws {
    try await Self.serve { port, connection in
      let head =
        "POST / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\nContent-Length: 700000\r\n\r\n"
      let other = try #require(Sockets.connect(port: port, patience: 20))
      defer { close(other) }
      Self.send(head + "a", to: connection)
      usleep(100_000)
      Self.send(head, to: other)
      let refused = Self.rest(other)
      #expect(refused.hasPrefix("HTTP/1.1 503") || refused.hasPrefix("HTTP/1.1 408"), "\(refused)")
      #expect(Self.rest(connection).hasPrefix("HTTP/1.1 408"))
      let third = try #require(Sockets.connect(port: port, patience: 20))
      defer { close(third) }
      Self.send(head + String(repeating: "a", count: 700_000), to: third)
      #expect(Self.rest(third).hasSuffix("700000"))
    }
  }
}
