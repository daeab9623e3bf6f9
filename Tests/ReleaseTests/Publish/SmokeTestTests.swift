import Core
import Testing

@testable import Release

@Suite("What a smoke test expects of an answer")
struct SmokeTestTests {
  @Test(
    "the first difference is told with what was expected and what came",
    arguments: [
      (#"{"statusCode": 200}"#, #"{"statusCode": 500}"#, "expected 200 at statusCode, got 500"),
      (#"{"body": {"total": 7}}"#, #"{"body": {"total": "7"}}"#, #"expected 7 at body.total, got "7""#),
      (#"{"ok": true}"#, #"{"okay": true}"#, "expected true at ok, which the answer lacks"),
      (#"{"ok": true}"#, "null", #"expected {"ok":true}, got null"#),
      ("[1]", "[1,2]", "expected [1], got [1,2]"), (#"{"a": {}}"#, #"{"a": 1}"#, "expected {} at a, got 1"),
    ])
  func difference(expected: String, answer: String, words: String) throws {
    let difference = SmokeTest.Difference(
      between: try JSON(parsing: expected), and: try JSON(parsing: answer))
    #expect(difference?.description == words)
  }

  @Test(
    "an answer may have more members, and write its numbers otherwise",
    arguments: [
      (#"{"statusCode": 200}"#, #"{"statusCode": 200.0, "body": ""}"#), ("{}", #"{"a": 1}"#),
      ("null", "null"),
      (#"{"a": {"b": 1}}"#, #"{"a": {"b": 1, "c": 2}}"#),
    ])
  func same(expected: String, answer: String) throws {
    #expect(
      SmokeTest.Difference(between: try JSON(parsing: expected), and: try JSON(parsing: answer)) == nil)
  }

  @Test("a long value is cut")
  func long() throws {
    let answer = JSON.string(String(repeating: "x", count: 1000))
    let words = try #require(SmokeTest.Difference(between: "y", and: answer)).description
    #expect(words.count < 110 && words.hasSuffix("…"))
  }

  @Test("those that have passed are told, once a function")
  func told() async throws {
    let world = try await World.running()
    world.want {
      $0.code = "good2"
      $0.smokeTests = [SmokeTest(name: "events/ping.json", event: Array("{}".utf8), expectation: nil)]
    }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    let notes = run.events.compactMap { event in if case .note(_, let text) = event { text } else { nil } }
    #expect(
      notes.filter { $0.contains("smoke") } == ["version 2 has passed its smoke test (events/ping.json)"])
  }
}
