import Core
import Glibc
import TestSupport
import Testing

@testable import AWSClient

@Suite("Transport")
struct TransportTests {
  private func transport(parallel: Int = 4, environment: [String: String] = [:]) -> CurlTransport {
    CurlTransport(
      settings: TransportSettings(environment: environment, configuredBundle: nil, parallel: parallel))
  }

  private func failure(_ transport: CurlTransport, _ request: HTTPRequest) async -> TransportFailure? {
    do throws(TransportFailure) {
      _ = try await transport.send(request)
      return nil
    } catch {
      return error
    }
  }

  @Test("a request arrives as it was built, and its answer comes back")
  func roundTrip() async throws {
    let server = try LoopbackServer(.answer(201, [("X-Thing", " spaced "), ("Date", "now")], "hello"))
    var request = HTTPRequest(method: "PUT", url: "\(server.url)/a%3Ab/../c?x=%20y")
    request.headers = [("X-One", "1"), ("X-Empty", "")]
    request.body = .text("body")
    let response = try await transport().send(request)
    #expect(response.status == 201)
    #expect(response.headers["x-thing"] == "spaced")
    #expect(response.bodyText == "hello")
    let seen = try #require(server.requests.first)
    #expect(seen.method == "PUT")
    #expect(seen.target == "/a%3Ab/../c?x=%20y")
    #expect(seen.bodyText == "body")
    #expect(seen["X-One"] == "1")
    #expect(seen["X-Empty"] == "")
    #expect(seen["Content-Length"] == "4")
    #expect(seen["Expect"] == nil)
    #expect(seen["Transfer-Encoding"] == nil)
    #expect(seen["Content-Type"] == nil)
  }

  @Test("a POST without a body says so", arguments: ["POST", "PUT"])
  func emptyBody(method: String) async throws {
    let server = try LoopbackServer(.answer(200, ""))
    _ = try await transport().send(HTTPRequest(method: method, url: server.url))
    #expect(server.requests.first?["Content-Length"] == "0")
  }

  @Test("HEAD answers have no body to wait for")
  func head() async throws {
    let server = try LoopbackServer(.answer(200, [("ETag", "\"x\"")], "12345"))
    let response = try await transport().send(HTTPRequest(method: "HEAD", url: server.url))
    #expect(response.headers["etag"] == "\"x\"")
    #expect(response.body.isEmpty)
  }

  @Test("a connection is used again")
  func keepAlive() async throws {
    let server = try LoopbackServer(.answer(200, "x"))
    let transport = transport()
    for _ in 0..<5 { _ = try await transport.send(HTTPRequest(method: "GET", url: server.url)) }
    #expect(server.connectionCount == 1)
  }

  @Test("a redirect is handed back, not followed")
  func redirect() async throws {
    let server = try LoopbackServer(.answer(307, [("Location", "http://127.0.0.1:1/")], ""))
    let response = try await transport().send(HTTPRequest(method: "GET", url: server.url))
    #expect(response.status == 307)
    #expect(server.requests.count == 1)
  }

  @Test("a body of memory, a part of a file and base64 of a file arrives whole")
  func segments() async throws {
    let folder = try TemporaryFolder()
    let content = String(repeating: "0123456789", count: 20_000)
    let path = try folder.write("file", content)
    let body = HTTPBody(segments: [
      .bytes(Array("<".utf8)), .file(path: path, offset: 5, length: 100_000), .bytes([]),
      .base64File(path: path, length: 200_000), .bytes(Array(">".utf8)),
    ])
    let server = try LoopbackServer(.answer(200, ""))
    var request = HTTPRequest(method: "POST", url: server.url)
    request.body = body
    _ = try await transport().send(request)
    let expected =
      "<" + content.dropFirst(5).prefix(100_000) + Base64.encode(Array(content.utf8)) + ">"
    #expect(server.requests.first?.bodyText == expected)
    #expect(try body.sha256() == SHA256.digest(of: expected))
    #expect(body.length == expected.utf8.count)
  }

  @Test("a file that has shrunk since it was measured fails the request")
  func shrunkFile() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("file", "short")
    let server = try LoopbackServer(.answer(200, ""))
    var request = HTTPRequest(method: "POST", url: server.url)
    request.body = HTTPBody(segments: [.file(path: path, offset: 0, length: 1000)])
    let failure = await failure(transport(), request)
    #expect(failure?.kind == .localFile)
    #expect(failure?.reason.contains(path) == true)
  }

  @Test("a good answer goes to a file, the text of an error does not")
  func fileSink() async throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/out"
    let server = try LoopbackServer(.answer(200, "content"), .answer(403, "refused"))
    let transport = transport()
    var request = HTTPRequest(method: "GET", url: server.url)
    request.sink = .file(path: path, limit: 1 << 20)
    #expect(try await transport.send(request).body.isEmpty)
    #expect(try folder.read("out") == "content")
    #expect(try await transport.send(request).bodyText == "refused")
  }

  @Test("an answer beyond the limit is an error")
  func limit() async throws {
    let server = try LoopbackServer(.answer(200, String(repeating: "x", count: 1001)))
    var request = HTTPRequest(method: "GET", url: server.url)
    request.sink = .memory(limit: 1000)
    #expect(await failure(transport(), request)?.kind == .tooLarge)
  }

  @Test("nobody listening is told from an answer that was lost")
  func unreachable() async throws {
    let port = try ClosedPort()
    let failure = try #require(await failure(transport(), HTTPRequest(method: "GET", url: port.url)))
    #expect(failure.kind == .unreachable)
    #expect(!failure.mayHaveBeenProcessed)
    withExtendedLifetime(port) {}
  }

  @Test(
    "answers that break off are lost, and the request may have been carried out",
    arguments: [
      Reaction.hangUp, .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"),
      .raw("HTTP/1.1 200 OK\r\nConte"),
    ])
  func brokenOff(reaction: Reaction) async throws {
    let server = try LoopbackServer(reaction)
    var request = HTTPRequest(method: "POST", url: server.url)
    request.body = .text("x")
    let failure = try #require(await failure(transport(), request))
    #expect(failure.kind == .connectionLost)
    #expect(failure.mayHaveBeenProcessed)
  }

  @Test("a write on a kept connection that dies is not silently sent twice")
  func noSilentRepetition() async throws {
    let server = try LoopbackServer { request, _ in request.method == "PUT" ? .hangUp : .answer(200, "x") }
    let transport = transport()
    _ = try await transport.send(HTTPRequest(method: "GET", url: server.url))
    var request = HTTPRequest(method: "PUT", url: server.url)
    request.body = .text("{}")
    let failure = try #require(await failure(transport, request))
    #expect(failure.kind == .connectionLost)
    #expect(failure.mayHaveBeenProcessed)
    #expect(server.requests.filter { $0.method == "PUT" }.count == 1)
  }

  @Test("what is not HTTP is named as such")
  func notHTTP() async throws {
    let server = try LoopbackServer(.raw("SSH-2.0-OpenSSH_9.2\r\n"))
    let failure = await failure(transport(), HTTPRequest(method: "GET", url: server.url))
    #expect(failure?.kind == .notHTTP)
  }

  @Test("silence ends a transfer", arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"])
  func stall(sent: String) async throws {
    let server = try LoopbackServer(.stall(sent))
    var request = HTTPRequest(method: "GET", url: server.url)
    request.stallTimeout = .seconds(1)
    let failure = try #require(await failure(transport(), request))
    #expect(failure.kind == .stalled)
    #expect(failure.mayHaveBeenProcessed)
  }

  @Test("cancelling the task ends the transfer and the connection")
  func cancel() async throws {
    let server = try LoopbackServer(.stall(""))
    let transport = transport()
    let task = Task { await failure(transport, HTTPRequest(method: "GET", url: server.url)) }
    #expect(await eventually { server.requests.count == 1 })
    task.cancel()
    #expect(await task.value?.kind == .cancelled)
    #expect(await eventually { server.openConnections == 0 })
  }

  @Test("a task that is cancelled already sends nothing")
  func cancelledBefore() async throws {
    let server = try LoopbackServer(.answer(200, ""))
    let transport = transport()
    let gate = Latch(count: 1)
    let task = Task {
      await Threads.run { gate.wait() }
      return await failure(transport, HTTPRequest(method: "GET", url: server.url))
    }
    task.cancel()
    gate.countDown()
    #expect(await task.value?.kind == .cancelled)
    #expect(server.requests.isEmpty)
  }

  @Test("shutting down ends what runs and refuses what comes")
  func shutdown() async throws {
    let server = try LoopbackServer(.stall(""))
    let transport = transport()
    let task = Task { await failure(transport, HTTPRequest(method: "GET", url: server.url)) }
    #expect(await eventually { server.requests.count == 1 })
    transport.shutdown()
    #expect(await task.value?.kind == .shutDown)
    let later = await failure(transport, HTTPRequest(method: "GET", url: server.url))
    #expect(later?.kind == .shutDown)
  }

  @Test("proxies of the environment are used, but never when the request bypasses them")
  func proxy() async throws {
    let proxy = try LoopbackServer(.answer(200, "proxied"))
    let server = try LoopbackServer(.answer(200, "straight"))
    let transport = transport(environment: ["http_proxy": proxy.url])
    var request = HTTPRequest(method: "GET", url: "http://example.invalid/x")
    #expect(try await transport.send(request).bodyText == "proxied")
    #expect(proxy.requests.first?.target == "http://example.invalid/x")
    request.url = server.url
    request.bypassesProxy = true
    #expect(try await transport.send(request).bodyText == "straight")
  }

  @Test("hundreds of requests share the connections that are allowed")
  func connectionLimit() async throws {
    let server = try LoopbackServer(.answer(200, "x"))
    let transport = transport(parallel: 2)
    await withTaskGroup { group in
      for _ in 0..<200 {
        group.addTask { _ = try? await transport.send(HTTPRequest(method: "GET", url: server.url)) }
      }
    }
    #expect(server.requests.count == 200)
    // Two of its own, two that are kept for taking traffic back.
    #expect(server.connectionCount <= 4)
  }

  @Test("sockets are not inherited by child programs")
  func closeOnExec() async throws {
    let latch = Latch(count: 1)
    let server = try LoopbackServer(.hold(latch, 200, ""))
    let transport = transport()
    let task = Task { await failure(transport, HTTPRequest(method: "GET", url: server.url)) }
    #expect(await eventually { server.requests.count == 1 })
    let open = try Files.names(in: "/proc/self/fd").compactMap { Int32($0) }
    let toServer = open.filter { peerPort($0) == server.port }
    latch.countDown()
    #expect(await task.value == nil)
    #expect(!toServer.isEmpty)
    #expect(toServer.allSatisfy { fcntl($0, F_GETFD) & FD_CLOEXEC != 0 })
  }

  private func peerPort(_ descriptor: Int32) -> Int? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let known = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) == 0 }
    }
    return known && address.sin_family == sa_family_t(AF_INET)
      ? Int(UInt16(bigEndian: address.sin_port)) : nil
  }

  @Test(
    "certificates come from one file or one folder",
    arguments: [
      (["AWS_CA_BUNDLE": "/a", "SSL_CERT_FILE": "/b"], nil, TransportSettings.Authorities.file("/a")),
      (["SSL_CERT_FILE": "/b"], "/p", .file("/p")),
      (["SSL_CERT_FILE": "/b", "AWS_CA_BUNDLE": ""], nil, .file("/b")),
      (["SSL_CERT_DIR": "/c"], nil, .folder("/c")),
    ])
  func authorities(
    environment: [String: String], bundle: String?, expected: TransportSettings.Authorities
  ) {
    let settings = TransportSettings(environment: environment, configuredBundle: bundle, parallel: 1)
    #expect(settings.authorities == expected)
  }
}
