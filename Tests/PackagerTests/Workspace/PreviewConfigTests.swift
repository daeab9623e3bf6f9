import Core
import TestSupport
import Testing

@testable import Packager

@Suite("What lamctl.json says of previews")
struct PreviewConfigTests {
  private static let role = "arn:aws:iam::123456789012:role/previews"

  private static func preview(_ text: String, _ variables: [String: String] = [:]) throws -> PreviewConfig? {
    let file = #"{"environments": {"staging": {}, "prod": {}}, "preview": \#(text)}"#
    let repository = try Repository(["lamctl.json": file])
    return try withExtendedLifetime(repository) { try repository.open(variables).preview() }
  }

  @Test("all of it is read, and a week is what nobody says")
  func read() throws {
    let least = try #require(try Self.preview(#"{"from": "staging"}"#))
    #expect(least.from == "staging" && least.ttl == .minutes(7 * 24 * 60))
    #expect(least.role == nil && least.functionURL == nil)
    let most = try #require(
      try Self.preview(
        #"""
        {"from": "staging", "ttl": "2d12h", "role": "arn:aws:iam::${env:ACCOUNT}:role/${environment}",
         "functionUrl": {"authType": "AWS_IAM", "cors": {"allowOrigins": ["*"]}, "callers": {"accounts": ["1"]}}}
        """#, ["ACCOUNT": "123456789012"]))
    #expect(most.ttl == .minutes(60 * 60))
    #expect(most.role == "arn:aws:iam::123456789012:role/staging")
    #expect(
      most.functionURL
        == JSONObject([
          ("AuthType", "AWS_IAM"), ("Cors", ["AllowOrigins": ["*"]]), ("callers", ["accounts": ["1"]]),
        ]))
    let none = try Repository(["lamctl.json": "{}"])
    #expect(try none.open().preview() == nil)
  }

  @Test(
    "what cannot be is refused with its place, whatever the command",
    arguments: [
      (#"{"ttl": "7d"}"#, "from"), (#"{"from": "stagin"}"#, "did you mean 'staging'?"),
      (#"{"from": "other"}"#, "known: staging, prod"),
      (#"{"from": "staging", "ttl": "9m"}"#, "preview.ttl: '9m' is not between 10m and 30d"),
      (#"{"from": "staging", "ttl": "31d"}"#, "is not between 10m and 30d"),
      (#"{"from": "staging", "ttl": "7"}"#, "7"), (#"{"from": "staging", "role": "previews"}"#, "is no role"),
      (#"{"from": "staging", "functionUrl": {}}"#, "preview.functionUrl: \"authType\" is missing"),
      (
        #"{"from": "staging", "functionUrl": {"authType": "NONE", "callers": {}}}"#,
        "preview.functionUrl: \"callers\" goes with"
      ), (#"{"from": "staging", "functionUrl": {"authtype": "NONE"}}"#, "did you mean \"authType\"?"),
    ])
  func refused(text: String, words: String) throws {
    do {
      _ = try Self.preview(text)
      Issue.record("it was taken")
    } catch let error as PackagerError {
      let told = error.all.map(\.description).joined(separator: "\n")
      #expect(told.contains(words) && told.contains("lamctl.json:1:"), "\(told)")
    }
  }

  @Test("a role that an environment variable spoils is told when it is needed")
  func spoilt() throws {
    #expect(throws: PackagerError.self) {
      try Self.preview(#"{"from": "staging", "role": "${env:ROLE}"}"#, ["ROLE": "nobody"])
    }
  }
}
