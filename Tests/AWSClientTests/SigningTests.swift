import Core
import Testing

@testable import AWSClient

/// Signatures that AWS's own Python signer makes of the same requests; the first ones are also those of the
/// public test suite for Signature Version 4.
@Suite("Signing")
struct SigningTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let signature: String
    var method = "GET"
    var path = "/"
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body = ""
    var token: String?
    var host = "example.amazonaws.com"
    var service = "service"
    var region = "us-east-1"

    var testDescription: String { name }
  }

  private static let moment = Timestamp(iso8601: "20150830T123600Z") ?? Timestamp(seconds: 0)
  private static let token = "AQoDYXdzEPT//token/+="
  private static let vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
  private static let unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
  private static let arn = "arn:aws:lambda:eu-central-1:123456789012:function:orders:live"

  private static let cases: [Case] = [
    Case(name: "get-vanilla", signature: vanilla),
    Case(
      name: "post-vanilla", signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
      method: "POST"),
    Case(
      name: "query out of order",
      signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
      query: [("Param2", "value2"), ("Param1", "value1")]),
    Case(
      name: "query with one name twice",
      signature: "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1",
      query: [("Param1", "value2"), ("Param1", "Value1")]),
    Case(
      name: "query with an empty value",
      signature: "506693d22b79f51760ff2217fe207bb63f86e8f316bf6c217a3c65d33d15410a", query: [("Param1", "")]),
    Case(
      name: "query of unreserved characters",
      signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
      query: [(unreserved, unreserved)]),
    Case(
      name: "query with unicode",
      signature: "dd6f35365419c539b17d0a3dc3c22bff75550cb9291b9beca21a3083e9aefcf8",
      query: [("\u{1234}", "bar x")]),
    Case(
      name: "path with unicode",
      signature: "697b34846207a3f72246f99d74ae1ee4fe54f44bb06730c58a0d339eb079596d",
      path: "/" + PercentEncoding.encode("\u{1234}")),
    Case(
      name: "path with a space",
      signature: "446b817944c553435b35e813c261ff4e161fff982d1bacdef1c87f6785dd1662",
      path: "/example%20space/"),
    Case(
      name: "path with a function ARN",
      signature: "a0e2214e0c05b51c89681ccf447a006dd7db3d10f8a23d387ebf354f401bc4d8",
      path: "/2015-03-31/functions/" + PercentEncoding.encode(arn) + "/aliases"),
    Case(name: "path that ends in dots", signature: vanilla, path: "/example/.."),
    Case(name: "path that climbs twice", signature: vanilla, path: "/example1/example2/../.."),
    Case(name: "path of two slashes", signature: vanilla, path: "//"),
    Case(name: "path of a dot", signature: vanilla, path: "/./"),
    Case(
      name: "path with doubled slashes",
      signature: "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84", path: "//example//"),
    Case(
      name: "path with a pointless dot",
      signature: "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5", path: "/./example"),
    Case(
      name: "headers with spaces",
      signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
      headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")]),
    Case(
      name: "one header several times",
      signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
      headers: [
        ("My-Header1", "value4"), ("My-Header1", "value1"), ("my-header1", "value3"),
        ("My-Header1", "value2"),
      ]),
    Case(
      name: "headers that are not signed", signature: vanilla,
      headers: [("User-Agent", "x"), ("Expect", ""), ("X-Amzn-Trace-Id", "y"), ("Connection", "close")]),
    Case(
      name: "session token", signature: "2117f032fa7c133344a325b15ac22e4cc4cae7a7581dba342588b2aebb4601b3",
      method: "POST", token: token),
    Case(
      name: "form", signature: "2f3b42f35f135abf9c562afcbbc44fc03df96dcfd4332ecebad8b39a7d4b6125",
      method: "POST",
      headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")], body: "Param1=value1"),
    Case(
      name: "host with a port", signature: "94b9b6916b2a17bcb8f16364a656b040f194265cffc4b0f2230157e1d45e1b98",
      path: "/2015-03-31/functions", host: "127.0.0.1:4566", service: "lambda", region: "eu-central-1"),
    Case(
      name: "S3 key that looks like a path",
      signature: "8534fd0a77f6ecc114d44f91dffe92f38206dc97b60d870f8a0303b78b400ea0", method: "PUT",
      path: "/a//b/../c%20d%2B", body: "hello", host: "bucket.s3.eu-central-1.amazonaws.com", service: "s3",
      region: "eu-central-1"),
    Case(
      name: "S3 with a session token",
      signature: "dea7a9db896fecd4415142956bf27d7cd58c84ced4a312bd8549e82bab554386", path: "/k", token: token,
      host: "bucket.s3.eu-central-1.amazonaws.com", service: "s3", region: "eu-central-1"),
  ]

  @Test("requests are signed as AWS expects", arguments: cases)
  func signatures(_ sample: Case) throws {
    var credentials = ExampleKeys.credentials
    credentials.sessionToken = sample.token
    let request = SignableRequest(
      method: sample.method, host: sample.host, path: sample.path, query: sample.query,
      headers: sample.headers,
      payloadHash: SHA256.digest(of: sample.body).hex)
    let added = Signer(service: sample.service, region: sample.region)
      .headers(for: request, credentials: credentials, at: Self.moment)
    let authorization = try #require(added.first { $0.name == "Authorization" }?.value)
    #expect(authorization.hasSuffix("Signature=\(sample.signature)"), "\(authorization)")
    let scope = "AKIDEXAMPLE/20150830/\(sample.region)/\(sample.service)/aws4_request"
    #expect(authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=\(scope), SignedHeaders="))
    #expect(added.first { $0.name == "X-Amz-Security-Token" }?.value == sample.token)
    #expect(added.contains { $0.name == "x-amz-content-sha256" } == (sample.service == "s3"))
  }

  @Test("a presigned request carries its signature in the query")
  func presigned() {
    var credentials = ExampleKeys.credentials
    credentials.sessionToken = Self.token
    let request = SignableRequest(
      method: "GET", host: "example.amazonaws.com", path: "/x", query: [("b", "2"), ("a", "1")],
      payloadHash: SHA256.digest(of: "").hex)
    let signed = Signer(service: "lambda", region: "eu-central-1")
      .presigned(request, credentials: credentials, at: Self.moment, lifetime: .minutes(5))
    let query = Dictionary(signed.query.map { ($0.name, $0.value) }) { $1 }
    #expect(query["X-Amz-Signature"] == "2e5d657cfa437f8da0c96aff98db587cd02efaa0c9d14ceba0884e8973ab8522")
    #expect(query["X-Amz-SignedHeaders"] == "host")
    #expect(query["X-Amz-Expires"] == "300")
  }

  @Test("a signing key is derived anew for another secret, day, region or service")
  func keys() {
    let keys = SigningKeys()
    let all = [
      keys.key(secret: "a", day: "20150830", region: "r", service: "s"),
      keys.key(secret: "b", day: "20150830", region: "r", service: "s"),
      keys.key(secret: "a", day: "20150831", region: "r", service: "s"),
      keys.key(secret: "a", day: "20150830", region: "q", service: "s"),
      keys.key(secret: "a", day: "20150830", region: "r", service: "t"),
    ]
    #expect(Set(all).count == all.count)
    #expect(keys.key(secret: "a", day: "20150830", region: "r", service: "s") == all[0])
  }

  @Test("credentials never show their secrets")
  func description() {
    var credentials = ExampleKeys.credentials
    credentials.sessionToken = "secret-token"
    for text in ["\(credentials)", String(reflecting: credentials)] {
      #expect(!text.contains(ExampleKeys.secret))
      #expect(!text.contains("secret-token"))
    }
  }
}
