import Core

@testable import AWSClient

/// A request made up by chance, with a body and everything else that its signature depends on.
struct RandomRequest {
  let service: String
  let region: String
  let scheme: String
  let credentials: Credentials
  let moment: Timestamp
  let body: String
  let request: SignableRequest

  private static let words = [
    "", "a", "B", "orders", "$LATEST", "a b", "  lead", "trail ", "a+b", "100%", "%20", "%2F", "a=b", "a&b",
    "é", "e\u{301}", "日本", "😀", "~-._", "!*'()", ":@,;", "[]{}|\\^`\"<>#?", "a\u{7F}b", "/", "//", "..", ".",
  ]
  private static let accounts = ["123456789012", "000000000000"]
  private static let streaming = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

  init(using chance: inout SplitMix) {
    let isS3 = chance.flip()
    service = isS3 ? "s3" : chance.pick(["lambda", "monitoring", "sts", "scheduler"])
    region = chance.pick(["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"])
    body = chance.flip() ? "" : chance.pick(Self.words) + chance.pick(Self.words)
    credentials = Credentials(
      keyID: chance.pick(["AKIDEXAMPLE", "ASIAEXAMPLE"]),
      secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      sessionToken: chance.flip() ? nil : "IQoJb3JpZ2luX2VjE//+=/\(chance.pick(["x", "y"]))", source: "a test"
    )
    // A moment of each day of some years.
    moment = Timestamp(seconds: Double(1_440_938_160 + 86_461 * Int.random(in: 0..<5_000, using: &chance)))
    var payload = SHA256.digest(of: body).hex
    if Int.random(in: 0..<4, using: &chance) == 0 {
      payload = isS3 ? chance.pick(["UNSIGNED-PAYLOAD", Self.streaming]) : "UNSIGNED-PAYLOAD"
    }
    // botocore leaves bodies out of a signature only where TLS protects them.
    let isPlain = payload.count == 64 && chance.flip()
    scheme = isPlain ? "http" : "https"
    let host = isS3 ? "packages.s3.\(region).amazonaws.com" : "\(service).\(region).amazonaws.com"
    request = SignableRequest(
      method: chance.pick(["GET", "PUT", "POST", "DELETE", "HEAD"]),
      host: isPlain ? chance.pick([host, "127.0.0.1:4566", "localhost:81"]) : host,
      path: isS3 ? Self.key(&chance) : Self.path(&chance),
      query: (0..<Int.random(in: 0..<5, using: &chance)).map { _ in
        (chance.pick(["a", "A", "a-b", "ab", "é"] + Self.words.dropFirst()), chance.pick(Self.words))
      },
      headers: Self.headers(&chance), payloadHash: payload)
  }

  /// A function's path with its ARN encoded, with bare colons, or with segments that mean something.
  private static func path(_ chance: inout SplitMix) -> String {
    let arn = "arn:aws:lambda:eu-central-1:\(chance.pick(accounts)):function:\(chance.pick(["f", "g-1_x"]))"
    let name = chance.pick([arn, "\(arn):live", "\(arn):$LATEST", "orders", "orders:3"])
    let label = chance.flip() ? PercentEncoding.encode(name) : name
    let rest = (0..<Int.random(in: 0..<4, using: &chance)).map { _ in
      chance.pick([".", "..", "", "aliases", PercentEncoding.encode(chance.pick(words))])
    }
    return (["", "2015-03-31", "functions", label] + rest).joined(separator: "/")
  }

  private static func key(_ chance: inout SplitMix) -> String {
    let parts = (0..<Int.random(in: 0..<6, using: &chance)).map { _ in chance.pick(words) }
    return "/" + PercentEncoding.encode(path: parts.joined(separator: "/"))
  }

  private static func headers(_ chance: inout SplitMix) -> [(name: String, value: String)] {
    let all = [
      ("Content-Type", "application/json"), ("X-Amz-Target", "Service.Operation"),
      ("X-Amz-Meta-A", "  a   b  "),
      ("x-amz-meta-a", "again"), ("X-Amz-Meta-B", ""), ("X-Amz-Meta-C", "\"a   b\""), ("Range", "bytes=0-1"),
      ("User-Agent", "lamctl"), ("Expect", "100-continue"), ("X-Amzn-Trace-Id", "Root=1"),
      ("amz-sdk-request", "attempt=1; max=3"),
      ("x-amz-checksum-sha256", "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="),
    ]
    return all.filter { _ in chance.flip() }
  }

  /// As the Python program reads it.
  var json: JSON {
    var members = JSONObject([
      ("service", .string(service)), ("region", .string(region)), ("scheme", .string(scheme)),
      ("keyID", .string(credentials.keyID)), ("secret", .string(credentials.secretKey)),
      ("date", .string(moment.basic)), ("body", .string(body)), ("method", .string(request.method)),
      ("host", .string(request.host)), ("path", .string(request.path)),
      ("query", .array(request.query.map { [.string($0.name), .string($0.value)] })),
      ("headers", .array(request.headers.map { [.string($0.name), .string($0.value)] })),
      ("payload", .string(request.payloadHash)),
    ])
    members["token"] = credentials.sessionToken.map(JSON.string)
    return .object(members)
  }

  /// What the client's own signer says.
  var authorization: String? {
    Signer(service: service, region: region)
      .headers(for: request, credentials: credentials, at: moment)
      .first { $0.name == "Authorization" }?.value
  }
}

/// Chance that repeats itself (SplitMix64).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func flip() -> Bool { Bool.random(using: &self) }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }
}
