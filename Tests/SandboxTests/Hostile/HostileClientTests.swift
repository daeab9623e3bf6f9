import Core
import Sandbox
import TestSupport
import Testing

/// Everything that reaches a socket may come from a web page or from another user of the machine. Each case goes over a
/// real connection, and afterwards the sandbox must still answer.
@Suite("A hostile client of the sandbox")
struct HostileClientTests {
  /// Bytes to send, with PORT for the sandbox's port, and the status of the answer; 0 when the connection is just closed.
  struct Case: Sendable, CustomTestStringConvertible {
    let what: String
    let text: String
    let status: Int

    init(_ what: String, _ status: Int, _ text: String) {
      (self.what, self.status, self.text) = (what, status, text)
    }

    var testDescription: String { what }
  }

  private static func get(_ fields: String, version: String = "1.1") -> String {
    "GET /_sandbox/clock HTTP/\(version)\r\n\(fields)Connection: close\r\n\r\n"
  }

  private static func post(_ fields: String, _ body: String = "") -> String {
    "POST /_sandbox/clock HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\(fields)Connection: close\r\n\r\n\(body)"
  }

  static let hosts: [Case] = [
    Case("the address", 200, get("Host: 127.0.0.1:PORT\r\n")),
    Case("localhost", 200, get("host: LocalHost:PORT\r\n")),
    Case("a name below localhost", 200, get("Host: bucket.localhost:PORT\r\n")),
    Case(
      "the whole address as the target", 200,
      "GET http://127.0.0.1:PORT/_sandbox/clock HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n\r\n"
    ),
    Case("a name that somebody has led to 127.0.0.1", 403, get("Host: evil.example:PORT\r\n")),
    Case("a name that ends like a good one", 403, get("Host: localhost.evil.example:PORT\r\n")),
    Case("a name that begins like a good one", 403, get("Host: evillocalhost:PORT\r\n")),
    Case("an empty name below localhost", 403, get("Host: .localhost:PORT\r\n")),
    Case("another port", 403, get("Host: 127.0.0.1:1\r\n")),
    Case("no port", 403, get("Host: 127.0.0.1\r\n")),
    Case("a user in front", 403, get("Host: 127.0.0.1:PORT@evil.example\r\n")),
    Case("another address of the machine", 403, get("Host: 0.0.0.0:PORT\r\n")),
    Case("no Host", 400, get("")),
    Case("two Hosts", 400, get("Host: 127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT\r\n")),
    Case(
      "another host in the target", 400,
      "GET http://evil.example/_sandbox/clock HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n\r\n"),
    Case("a page's Origin", 403, get("Host: 127.0.0.1:PORT\r\nOrigin: http://evil.example\r\n")),
    Case(
      "an Origin that looks like one's own", 403,
      get("Host: 127.0.0.1:PORT\r\nOrigin: http://127.0.0.1:PORT\r\n")),
    Case("an opaque Origin", 403, get("Host: 127.0.0.1:PORT\r\nOrigin: null\r\n")),
  ]

  static let framing: [Case] = [
    Case(
      "a length and a coding", 400, post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
    Case("two lengths", 400, post("Content-Length: 5\r\nContent-Length: 6\r\n", "abcdef")),
    Case("one length twice", 400, post("Content-Length: 5\r\nContent-Length: 5\r\n", "abcde")),
    Case("a list of lengths", 400, post("Content-Length: 5, 5\r\n", "abcde")),
    Case("a length with a sign", 400, post("Content-Length: +5\r\n", "abcde")),
    Case("a negative length", 400, post("Content-Length: -5\r\n", "abcde")),
    Case("a hexadecimal length", 400, post("Content-Length: 0x5\r\n", "abcde")),
    Case("a length beyond all numbers", 400, post("Content-Length: 99999999999999999999\r\n")),
    Case("a length beyond the limit", 413, post("Content-Length: 83886081\r\n")),
    Case(
      "two codings", 400, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
    Case("another coding", 501, post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")),
    Case(
      "a coding in HTTP/1.0", 400,
      "POST / HTTP/1.0\r\nHost: 127.0.0.1:PORT\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    Case(
      "chunks whose sizes overflow", 400,
      post("Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n7fffffffffffffff\r\n")),
    Case("chunks of more than the limit", 413, post("Transfer-Encoding: chunked\r\n", "5000001\r\n")),
    Case("a chunk of a negative size", 400, post("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n")),
    Case("a chunk size with a sign", 400, post("Transfer-Encoding: chunked\r\n", "+5\r\nabcde\r\n0\r\n\r\n")),
    Case("a chunk without a size", 400, post("Transfer-Encoding: chunked\r\n", "\r\n")),
    Case(
      "a chunk that is longer than its size", 400,
      post("Transfer-Encoding: chunked\r\n", "1\r\nab\r\n0\r\n\r\n")),
    Case("a trailer that is none", 400, post("Transfer-Encoding: chunked\r\n", "0\r\nnothing\r\n\r\n")),
    Case("lines that end with LF", 400, "GET /_sandbox/clock HTTP/1.1\nHost: 127.0.0.1:PORT\n\n"),
    Case("one line that ends with LF", 400, get("Host: 127.0.0.1:PORT\nX: y\r\n")),
    Case("a CR inside a line", 400, get("Host: 127.0.0.1:PORT\r\nX: a\rb\r\n")),
    Case("a folded header", 400, get("Host: 127.0.0.1:PORT\r\nX: a\r\n b\r\n")),
    Case("a blank before the colon", 400, get("Host : 127.0.0.1:PORT\r\n")),
    Case("a header without a name", 400, get("Host: 127.0.0.1:PORT\r\n: x\r\n")),
    Case("a header without a colon", 400, get("Host: 127.0.0.1:PORT\r\nnothing\r\n")),
    Case("a control character in a header", 400, get("Host: 127.0.0.1:PORT\r\nX: a\u{0}b\r\n")),
    Case("no version", 400, "GET /\r\n\r\n"),
    Case("another version", 400, get("Host: 127.0.0.1:PORT\r\n", version: "2.0")),
    Case("another protocol", 400, "\u{16}\u{3}\u{1}\u{2}\r\n\r\n"),
    Case("two blanks in the request line", 400, "GET  / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n"),
    Case("blank lines for ever", 400, String(repeating: "\r\n", count: 50)),
    Case("a target beyond ASCII", 400, "GET /\u{301} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n"),
    Case("something unknown that is expected", 417, post("Expect: more\r\nContent-Length: 1\r\n", "a")),
    Case("a head that does not end", 431, "GET /" + String(repeating: "a", count: 100_000)),
    Case(
      "a header that is too long", 431,
      get("Host: 127.0.0.1:PORT\r\nX: \(String(repeating: "a", count: 100_000))\r\n")),
    Case(
      "too many headers", 431, get("Host: 127.0.0.1:PORT\r\n" + String(repeating: "X: y\r\n", count: 200))),
    Case("nothing at all", 0, ""),
  ]

  static let signatures: [Case] =
    [
      Case(
        "no signature", 403,
        "GET /2015-03-31/functions HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n\r\n"),
      Case(
        "a large body without a signature", 403,
        "POST /2015-03-31/functions HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 20000000\r\n\r\nabc"),
    ]
    + [
      "20261126T152200.1e400Z", "1.e400Z", "99991231T235959.9e99Z", "00000000T000000Z", "",
      "20261126T152200+9999",
      "9223372036854775807", "\u{661}0261126T152200Z",
    ].map { date in
      Case(
        "the date '\(date)'", 403,
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX-Amz-Date: \(date)\r\nAuthorization: AWS4-HMAC-SHA256 "
          + "Credential=sandbox/\(date.prefix(8))/us-east-1/lambda/aws4_request, SignedHeaders=host;x-amz-date, "
          + "Signature=00\r\nConnection: close\r\n\r\n")
    }

  static let tables = ["hosts": hosts, "framing": framing, "signatures": signatures]

  @Test("gets the answer that its bytes deserve, and ends nothing", arguments: tables.keys.sorted())
  func table(name: String) async throws {
    let cases = try #require(Self.tables[name])
    try await Rehearsal.run { rehearsal in
      let port = rehearsal.client.port
      for entry in cases {
        let text = entry.text.replacing("PORT", with: "\(port)")
        let answer = rehearsal.client.exchange(Array(text.utf8), ending: entry.status == 0)
        #expect(answer.status == entry.status, "\(entry.what)")
        let next = rehearsal.client.send("GET", "/_sandbox/clock", signed: false)
        #expect(next.status == 200, "after \(entry.what)")
      }
    }
  }

  @Test("is not taken for a client because it knows how sandboxes used to be signed")
  func oldKeys() async throws {
    try await Rehearsal.run { rehearsal in
      var client = rehearsal.client
      #expect(client.send("GET", rehearsal.path("")).status == 200)
      client.secret = "sandbox"
      #expect(client.send("GET", rehearsal.path("")).status == 403)
    }
  }

  /// A signed request of an operation, and the status of its answer.
  struct Call: Sendable, CustomTestStringConvertible {
    let what: String
    var service = "monitoring"
    var headers: [String: String] = ["content-type": "application/x-www-form-urlencoded"]
    let body: [UInt8]
    var status = 400

    var testDescription: String { what }
  }

  private static func metrics(_ members: String) -> [UInt8] {
    Array(
      #"{"StartTime": 0, "MetricDataQueries": [{"Id": "q", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "M"}, "Period": 60, "Stat": "Sum"}}], \#(members)}"#
        .utf8)
  }

  private static let target = [
    "x-amz-target": "GraniteServiceVersion20100801.GetMetricData",
    "content-type": "application/x-amz-json-1.0",
  ]

  static let calls: [Call] = [
    Call(
      what: "a form key of 200,000 names",
      body: Array("Action=GetMetricData&\(String(repeating: "a.", count: 200_000))=1".utf8)),
    Call(
      what: "a form of many keys",
      body: Array("Action=Nothing&".utf8) + Array((0..<3_000).map { "k\($0)=1" }.joined(separator: "&").utf8)),
    Call(what: "an end beyond all calendars", headers: target, body: metrics(#""EndTime": 1e300"#)),
    Call(what: "an end before all calendars", headers: target, body: metrics(#""EndTime": -1e300"#)),
    Call(what: "an end that is no number", headers: target, body: metrics(#""EndTime": "nan""#)),
    Call(
      what: "an end that is written wrongly", headers: target,
      body: metrics(#""EndTime": "20261126T152200.1e400Z""#)),
    Call(
      what: "a token of a negative place", headers: target,
      body: metrics(#""EndTime": 100, "NextToken": "\#(Base64.encode(Array("-5".utf8)))""#)),
    Call(
      what: "a token of a place beyond all", headers: target,
      body: metrics(#""EndTime": 100, "NextToken": "\#(Base64.encode(Array("9223372036854775807".utf8)))""#)),
    Call(
      what: "arrays in arrays", headers: target, body: [UInt8](repeating: UInt8(ascii: "["), count: 100_000)),
    Call(
      what: "CBOR lists in lists", headers: ["smithy-protocol": "rpc-v2-cbor"],
      body: [UInt8](repeating: 0x9F, count: 100_000)),
    Call(
      what: "a CBOR list that is longer than the body", headers: ["smithy-protocol": "rpc-v2-cbor"],
      body: [0x9B, 0x3F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
    Call(
      what: "a CBOR text that is longer than the body", headers: ["smithy-protocol": "rpc-v2-cbor"],
      body: [0x7B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
    Call(
      what: "CBOR tags in tags", headers: ["smithy-protocol": "rpc-v2-cbor"],
      body: [UInt8](repeating: 0xC1, count: 100_000)),
    Call(
      what: "an alarm over a time that no number has", headers: ["x-amz-target": "G.PutMetricAlarm"],
      body: Array(
        #"{"AlarmName": "a", "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 8999999999999999, "Period": 8999999999999999, "Threshold": 1, "Namespace": "N", "MetricName": "M", "Statistic": "Sum"}"#
          .utf8)),
    Call(
      what: "a list of metrics from a negative place", headers: ["x-amz-target": "G.ListMetrics"],
      body: Array(#"{"NextToken": "-5"}"#.utf8), status: 200),
    Call(
      what: "a schedule at no time", service: "scheduler", headers: [:],
      body: Array(#"{"ScheduleExpression": "at(2026-11-21T05:49:00.1e400)"}"#.utf8), status: 404),
  ]

  @Test("may know the secret, and still ends nothing", arguments: calls)
  func signed(call: Call) async throws {
    try await Rehearsal.run { rehearsal in
      let answer = rehearsal.client.send(
        "POST", "/", body: call.body, headers: call.headers, service: call.service)
      #expect(answer.status == call.status, "\(answer.code): \(answer.message)")
      #expect(rehearsal.client.send("GET", "/_sandbox/clock", signed: false).status == 200)
      #expect(rehearsal.client.call("G.DescribeAlarms", [:], service: "monitoring").status == 200)
    }
  }

  @Test(
    "cannot make S3 read past the end of a chunked body",
    arguments: [
      "7fffffffffffffff\r\n", "7ffffffffffffffd\r\nab\r\n", "5\r\nab", "0", "zz\r\n", "-1\r\n\r\n", "",
    ])
  func chunked(body: String) async throws {
    try await Rehearsal.run { rehearsal in
      let client = rehearsal.client
      #expect(client.send("PUT", "/bucket", service: "s3").status == 200)
      let answer = client.send(
        "PUT", "/bucket/key", body: Array(body.utf8), headers: ["content-encoding": "aws-chunked"],
        service: "s3")
      #expect(answer.status == 400)
      #expect(client.send("GET", "/_sandbox/clock", signed: false).status == 200)
    }
  }

  @Test("cannot read a function's package without a link that GetFunction gave")
  func packages() async throws {
    try await Rehearsal.run { rehearsal in
      let code = Package.python("def handler(e, c): return 1")
      #expect(await rehearsal.install("f", code: code))
      let function = rehearsal.client.send("GET", rehearsal.path("/f")).json
      let link = try #require(function["Code"]?["Location"]?.string)
      let place = try #require(link.firstRange(of: "/_sandbox/"))
      let target = link[place.lowerBound...].split(separator: "?")
      let path = String(target[0])
      #expect(rehearsal.client.send("GET", path, query: String(target[1]), signed: false).body == code)
      for query in ["", "signature=", "signature=\(String(repeating: "0", count: 64))"] {
        #expect(rehearsal.client.send("GET", path, query: query, signed: false).status == 404, "\(query)")
      }
    }
  }
}
