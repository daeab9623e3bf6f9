import Core
import TestSupport
import Testing

@testable import Sandbox

@Suite("Services that the sandbox does not have")
struct UpstreamTests {
  @Test(
    "only a server of this machine is taken",
    arguments: [
      ("http://127.0.0.1:5000", 5_000), ("http://localhost:80/", 80), ("https://127.0.0.1:5000", nil),
      ("http://dynamodb.eu-west-1.amazonaws.com:80", nil), ("http://localhost", nil),
      ("http://localhost:0", nil), ("http://localhost:70000", nil), ("http://localhost:5000/x", nil),
      ("http://localhost@evil:80", nil), ("", nil),
    ])
  func place(_ url: String, _ port: Int?) {
    #expect(Upstream(url)?.port == port)
  }

  @Test("a request is passed on as it came, and its answer comes back")
  func passedOn() async throws {
    let seen = Lock<HTTPRequest?>(nil)
    let other = try HTTPServer(port: 0, limits: HTTPLimits(body: 1 << 20)) { request in
      seen.withLock { $0 = request }
      var response = HTTPResponse(status: 400, body: Array(#"{"__type":"X"}"#.utf8))
      response.headers.add("x-amzn-requestid", "theirs")
      return .response(response)
    }
    let options = { (upstream: Upstream?, folder: TemporaryFolder) in
      SandboxOptions(folder: folder.path, upstream: upstream)
    }
    let folder = try TemporaryFolder()
    let server = SandboxServer(options: options(Upstream("http://127.0.0.1:\(other.port)"), folder))
    try server.start()
    let answer = SandboxClient(server).call(
      "DynamoDB_20120810.PutItem", ["TableName": "t"], service: "dynamodb")
    #expect(answer.status == 400 && answer.json["__type"] == "X")
    let request = try #require(seen.withLock { $0 })
    #expect(request.method == "POST" && request.headers["x-amz-target"] == "DynamoDB_20120810.PutItem")
    #expect(request.headers["authorization"]?.contains("/dynamodb/aws4_request") == true)
    #expect(try JSON(parsing: request.body)["TableName"] == "t")
    other.stop()
    await server.stop()
  }

  @Test("an upstream that is not there is a bad gateway")
  func gone() async throws {
    let port = try ClosedPort()
    let folder = try TemporaryFolder()
    let server = SandboxServer(options: SandboxOptions(folder: folder.path, upstream: Upstream(port.url)))
    try server.start()
    let answer = SandboxClient(server).call("DynamoDB_20120810.GetItem", [:], service: "dynamodb")
    #expect(answer.status == 502)
    await server.stop()
    withExtendedLifetime(port) {}
  }

  @Test("without the flag they are not implemented, and the flag is named")
  func without() async throws {
    try await Rehearsal.run { rehearsal in
      let answer = rehearsal.client.call("DynamoDB_20120810.PutItem", [:], service: "dynamodb")
      #expect(answer.status == 501)
      #expect(String(decoding: answer.body, as: UTF8.self).contains("--upstream"))
    }
  }

  @Test(
    "what is no answer is none",
    arguments: [
      "", "HTTP/1.1 200 OK", "HTTP/2 200\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
      "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
    ])
  func broken(_ text: String) {
    #expect(Upstream.response(Array(text.utf8)) == nil)
  }
}
