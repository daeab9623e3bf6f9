import Core

@testable import Sandbox

extension FuzzTarget {
  /// The readers of what clients of the sandbox send.
  static let sandboxTargets: [FuzzTarget] = [
    FuzzTarget(
      "http",
      seeds: [
        "POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:1\r\nContent-Length: 12\r\nTransfer-Encoding: chunked\r\nX: y"
      ],
      words: ["\r\n", ":", " ", "chunked", "+", "-1", "99999999999999999999", "HTTP/1.0", "http://", "\0"]
    ) { bytes in
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      guard let first = lines.first,
        let head = try? HTTPHead.request(line: first, fields: Array(lines.dropFirst()))
      else { return }
      _ = try? HTTPHead.framing(head, limit: 1_000)
      _ = HTTPGuard.fault(in: head, port: 1)
      _ = (head.segments, head.parameters, head.isLast)
    },
    FuzzTarget(
      "chunks", seeds: ["5;x=y\r\nabcde\r\n0\r\nx-amz-checksum: z\r\n\r\n"],
      words: ["\r\n", "f", "7fffffffffffffff", "0", ";", "-", "+"]
    ) { bytes in
      _ = S3Service.decodeChunks(bytes)
      _ = try? HTTPHead.chunkSize(bytes[...])
    },
    FuzzTarget(
      "cbor", bytes: [CBOR.encode(answer), [0x9F, 0xBF, 0x61, 0x61, 0x7F, 0x61, 0x62, 0xFF, 0xFF, 0xFF]]
    ) { bytes in
      guard let json = try? CBOR.decode(bytes) else { return }
      _ = (json["c"]?.looseMoment, json["a"]?.looseInt, json.text())
    },
    FuzzTarget(
      "forms", seeds: ["Action=A&Q.member.1.Id=a&Q.member.2.B.C=%41+b&T=1e300"],
      words: [".", "&", "=", "%", "member", "%zz", "..", "-1", "9999999999"]
    ) { bytes in _ = try? QueryForm.decode(bytes) },
    FuzzTarget(
      "notifications",
      seeds: [
        "<?xml version=\"1.0\"?><NotificationConfiguration xmlns=\"x\"><CloudFunctionConfiguration><Id>a</Id>"
          + "<CloudFunction>arn:aws:lambda:r:1:function:f:live</CloudFunction><Event>s3:ObjectCreated:*</Event>"
          + "<Filter><S3Key><FilterRule><Name>prefix</Name><Value>&amp;&#x41;</Value></FilterRule></S3Key></Filter>"
          + "</CloudFunctionConfiguration><!-- c --><EventBridgeConfiguration/></NotificationConfiguration>"
      ],
      words: [
        "<", "/>", "</", "<!--", "-->", "&", ";", "&#", "<?", "?>", "\"", "<a>", "Event",
        "s3:ObjectCreated:Put",
      ]
    ) { bytes in
      guard let read = try? NotificationConfiguration(parsing: bytes, newID: { "new" }) else { return }
      // What is shown is what was read.
      let again = try? NotificationConfiguration(parsing: Array(read.xml.utf8), newID: { "other" })
      precondition(
        again == read || read.entries.contains { $0.id != $0.id.trimmed || $0.arn != $0.arn.trimmed })
    },
    FuzzTarget(
      "routes", seeds: ["ANY /a/{b}/c/{d+}\n/a/x/c/y/z", "$default\n/", "GET /pets/dog/{id}\n/pets/dog/1"],
      words: ["{", "}", "+}", "/", "ANY ", "$default", "//", "{a}", "{a+}"]
    ) { bytes in
      let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
      guard parts.count == 2, let key = RouteKey(String(decoding: parts[0], as: UTF8.self)) else { return }
      _ = (key.match("GET", String(decoding: parts[1], as: UTF8.self)), key.resource(for: "GET"))
    },
    FuzzTarget(
      "policies",
      seeds: [
        #"{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":["lambda:*"],"#
          + #""Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::a*b*?"},"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}}"#
      ],
      words: ["*", "?", "**", "\"", ":", "[", "]", "null", "Service", "AWS"]
    ) { bytes in
      guard let statement = (try? JSON(parsing: bytes))?.object else { return }
      var caller = PolicyCaller(service: "s3.amazonaws.com", sourceARN: "arn:aws:s3:::aaaaabbbbb")
      caller.isViaURL = true
      _ = caller.may("lambda:InvokeFunction", by: [statement])
    },
    FuzzTarget(
      "function-answers",
      seeds: [
        #"{"statusCode":200,"headers":{"a":"b"},"multiValueHeaders":{"a":["c"]},"cookies":["d=e"],"body":"Zg==","isBase64Encoded":true}"#
      ],
      words: ["\\r\\n", "\"", ":", "999", "-1", "1e9", "null", "[", "{", "}"]
    ) { bytes in
      for answer in [ProxyAnswer.version1(bytes, type: "a"), ProxyAnswer.version2(bytes, type: "a")] {
        let values = answer?.headers.fields.map(\.value) ?? []
        precondition(!values.contains { $0.utf8.contains(13) || $0.utf8.contains(10) })
      }
    },
    FuzzTarget(
      "event-patterns",
      seeds: [
        #"{"source":[{"prefix":"a"},{"wildcard":"*b*"}],"$or":[{"a":[{"numeric":[">",1,"<=",2]}]},{"b":[{"exists":false}]}]}"#,
        #"{"kind":[{"anything-but":{"suffix":["x"]}},null,1.5],"list":["a"]}"#,
      ],
      words: [
        "{", "}", "[", "]", "\"$or\"", "\"exists\"", "\"numeric\"", "\"wildcard\"", "*", "\\", "1e999",
        "null",
      ]
    ) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      let json = try? JSON(parsing: text)
      if let pattern = try? EventPattern(parsing: text), let json { _ = pattern.matches(json) }
      for ofBody in [false, true] {
        guard let policy = try? FilterPolicy(parsing: text, ofBody: ofBody) else { continue }
        _ = policy.wants(body: text, attributes: ["kind": "ax", "list": ["a", "b"]])
      }
      if let object = json?.object, let transform = try? InputTransform(target: object), let json {
        _ = transform.apply(json)
      }
    },
    FuzzTarget(
      "timetables",
      seeds: [
        "cron(0/15 8-18 ? JAN-MAR MON#2 2026-2030)", "cron(5,35 14 15W * ? *)", "rate(5 minutes)",
        "at(2026-01-20T10:00:00)",
      ],
      words: [
        "cron(", "rate(", "at(", ")", "L", "W", "#", "/", "-", ",", "?", "*", "99999999999999999999", "2199",
      ]
    ) { bytes in
      let moment = Timestamp(seconds: 1_795_000_000)
      guard let timetable = Timetable(String(decoding: bytes, as: UTF8.self)) else { return }
      _ = timetable.next(after: moment, start: moment)
    },
    FuzzTarget("zip", bytes: [archive], words: ["PK\u{5}\u{6}", "PK\u{1}\u{2}", "../", "\0"]) { bytes in
      guard let reader = try? ZipReader(bytes) else { return }
      _ = reader.unzippedSize
    },
  ]

  /// What CloudWatch might answer.
  private static var answer: WireValue {
    .map([
      ("a", .list([.int(1), .int(-5), .double(2.5), .bool(true)])), ("b", .text("x")),
      ("c", .moment(Timestamp(seconds: 1_000_000))), ("d", .map([("e", .list([]))])),
    ])
  }

  /// A zip archive of one stored file, `a` with the content `b`.
  private static var archive: [UInt8] {
    let crc: [UInt8] = [0xF9, 0xEF, 0xBE, 0x71]
    let common = [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + crc + [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    let file = [0x50, 0x4B, 3, 4] + common + Array("ab".utf8)
    let entry =
      [0x50, 0x4B, 1, 2, 20, 3] + common + [0, 0, 0, 0, 0, 0, 0, 0, 0xA4, 0x81, 0, 0, 0, 0] + Array("a".utf8)
    let end =
      [
        0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, UInt8(entry.count), 0, 0, 0, UInt8(file.count), 0, 0, 0, 0,
        0,
      ]
    return file + entry + end
  }
}
