import Core
import TestSupport
import Testing

@testable import Sandbox

/// What must not happen is a trap: a result and an error are both fine.
@Suite("Parsers of the sandbox, fed with broken input")
struct MutationTests {
  @Test("heads of requests")
  func heads() {
    let seed =
      "POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:1\r\nContent-Length: 12\r\nTransfer-Encoding: chunked\r\nX: y"
    let words = ["\r\n", ":", " ", "chunked", "+", "-1", "99999999999999999999", "HTTP/1.0", "http://", "\0"]
    for input in Mutations(of: [Array(seed.utf8)], words: words) {
      let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      guard let first = lines.first,
        let head = try? HTTPHead.request(line: first, fields: Array(lines.dropFirst()))
      else { continue }
      _ = try? HTTPHead.framing(head, limit: 1_000)
      _ = HTTPGuard.fault(in: head, port: 1)
      _ = (head.segments, head.parameters, head.isLast)
    }
    for input in Mutations(of: [Array("1f;a=b".utf8), Array("7fffffff".utf8)], words: ["f", "0", "-", "+"]) {
      _ = try? HTTPHead.chunkSize(input[...])
    }
  }

  @Test("CBOR, forms and bodies in chunks")
  func bodies() {
    let value = WireValue.map([
      ("a", .list([.int(1), .int(-5), .double(2.5), .bool(true)])), ("b", .text("x")),
      ("c", .moment(Timestamp(seconds: 1_000_000))), ("d", .map([("e", .list([]))])),
    ])
    let nested: [UInt8] = [0x9F, 0xBF, 0x61, 0x61, 0x7F, 0x61, 0x62, 0xFF, 0xFF, 0xFF]
    for input in Mutations(of: [CBOR.encode(value), nested]) {
      if let json = try? CBOR.decode(input) { _ = (json["c"]?.looseMoment, json["a"]?.looseInt, json.text()) }
    }
    let form = Array("Action=A&Q.member.1.Id=a&Q.member.2.B.C=%41+b&T=1e300".utf8)
    for input in Mutations(of: [form], words: [".", "&", "=", "%", "member", "%zz", "..", "-1"]) {
      _ = try? QueryForm.decode(input)
    }
    let chunks = Array("5;x=y\r\nabcde\r\n0\r\nx-amz-checksum: z\r\n\r\n".utf8)
    for input in Mutations(of: [chunks], words: ["\r\n", "f", "7fffffffffffffff", "0"]) {
      _ = S3Service.decodeChunks(input)
    }
  }

  @Test("zip archives")
  func zips() throws {
    let folder = try TemporaryFolder()
    let state = try StateFolder.make(folder.path + "/in")
    for (index, input) in Mutations(of: [Package.python("x"), Package.zip("a/b/../c", "y")], count: 2_000)
      .enumerated()
    {
      guard let reader = try? ZipReader(input), reader.unzippedSize < 1 << 20 else { continue }
      try? reader.unpack(to: try state.folder("\(index)"))
      try state.remove("\(index)")
    }
    #expect(try Files.names(in: folder.path) == ["in"])
  }

  @Test("claims of signatures")
  func signatures() throws {
    let folder = try TemporaryFolder()
    let check = SignatureCheck(try SandboxCredentials.kept(in: StateFolder.make(folder.path + "/state")))
    let now = SystemClock().now()
    let clock = ScaledClock(speed: 1, realAnchor: now, anchor: now)
    let seed =
      "AWS4-HMAC-SHA256 Credential=sandbox/\(now.basic.prefix(8))/us-east-1/lambda/aws4_request, "
      + "SignedHeaders=host;x-amz-date, Signature=00\n\(now.basic)"
    for input in Mutations(of: [Array(seed.utf8)], words: ["/", ",", "=", ";", "Z", ".1e400", "9999", "T"]) {
      let parts = String(decoding: input, as: UTF8.self).split(separator: "\n", maxSplits: 1)
      var headers = HTTPHeaders()
      headers.add("authorization", String(parts.first ?? ""))
      headers.add("x-amz-date", String(parts.last ?? ""))
      headers.add("host", "h")
      let request = HTTPRequest(
        method: "GET", path: "/../a//%zz", query: "a=%4&=&b", headers: headers, body: [])
      _ = try? check.verify(request, clock: clock)
    }
  }
}
