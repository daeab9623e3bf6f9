import AWSClient
import Core
import Testing

@testable import Release

/// `$LATEST` as Lambda shows it.
private func latest(
  _ revision: String, code: String = "new", timeout: Int = 3, second: Int? = 5,
  status: String = "Successful",
  with further: JSON = [:]
) -> FunctionConfiguration {
  var members = JSONObject([
    ("FunctionName", "orders"), ("RevisionId", .string(revision)), ("CodeSha256", .string(code)),
    ("Timeout", .int(timeout)), ("LastUpdateStatus", .string(status)),
  ])
  members["LastModified"] = second.map { .string("2026-11-21T10:00:0\($0).000+0000") }
  return FunctionConfiguration(members.merging(further.object ?? JSONObject()))
}

@Suite("What a read shows beside what a run has written itself")
struct KnownLatestTests {
  /// The plan saw revision 1, and the run's write of new code was answered with revision 2.
  private static let written = KnownLatest(latest("1", code: "old", second: 2))
    .followed(by: latest("2", status: "InProgress"))

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let read: FunctionConfiguration
    let reading: KnownLatest.Reading
    var testDescription: String { name }
  }

  static let rows = [
    Row(name: "what the plan saw", read: latest("1", code: "old", second: 2), reading: .stale),
    Row(
      name: "what the plan saw, with tags since", read: latest("7", code: "old", second: 2), reading: .stale),
    Row(name: "older than what the plan saw", read: latest("0", code: "oldest", second: 1), reading: .stale),
    Row(
      name: "somebody's write that the run's own has replaced",
      read: latest("8", code: "other", second: 4), reading: .stale),
    Row(name: "the answer itself", read: latest("2", status: "InProgress"), reading: .current),
    Row(name: "the end of the update", read: latest("3"), reading: .current),
    Row(name: "tags after it", read: latest("4"), reading: .current),
    Row(name: "the same written again by somebody", read: latest("9", second: 8), reading: .current),
    Row(name: "other code", read: latest("9", code: "other", second: 8), reading: .foreign),
    Row(name: "other settings", read: latest("9", timeout: 30, second: 8), reading: .foreign),
    Row(
      name: "other settings within the same second", read: latest("9", timeout: 30), reading: .foreign),
    Row(
      name: "the old code put back by somebody", read: latest("9", code: "old", timeout: 30, second: 8),
      reading: .foreign),
    Row(name: "before, without a time", read: latest("", code: "old", second: nil), reading: .stale),
    Row(name: "after, without revision and time", read: latest("", second: nil), reading: .current),
    Row(
      name: "other code, without revision and time", read: latest("", code: "other", second: nil),
      reading: .foreign),
    Row(
      name: "an update that failed and shows what was there before",
      read: latest("3", code: "old", status: "Failed"), reading: .current),
    Row(
      name: "the failure of an earlier update", read: latest("1", code: "old", second: 2, status: "Failed"),
      reading: .stale),
  ]

  @Test("it is older, the same, or somebody else's", arguments: rows)
  func reading(row: Row) {
    #expect(Self.written.reading(of: row.read) == row.reading)
  }

  @Test("a write that changes nothing is told from what was there before by its time and revision")
  func unchanged() {
    let known = KnownLatest(latest("1", second: 2)).followed(by: latest("2", status: "InProgress"))
    #expect(known.reading(of: latest("1", second: 2)) == .stale)
    #expect(known.reading(of: latest("7", second: 2)) == .stale)
    #expect(known.reading(of: latest("3")) == .current)
  }

  @Test("two writes of a run within one second are told apart")
  func twoWrites() {
    let code = Self.written.seen(as: latest("3"))
    let both = code.followed(by: latest("4", timeout: 9, status: "InProgress"))
    for revision in ["1", "2", "3"] { #expect(both.reading(of: latest(revision)) == .stale) }
    #expect(both.reading(of: latest("6")) == .stale)
    #expect(both.reading(of: latest("5", timeout: 9)) == .current)
    #expect(both.reading(of: latest("5", timeout: 30)) == .foreign)
  }

  private static let ownAdditions: [(JSON, JSON)] = [
    (
      ["VpcConfig": ["SubnetIds": ["s"], "VpcId": ""]], ["VpcConfig": ["SubnetIds": ["s"], "VpcId": "vpc-1"]]
    ),
    (
      ["SnapStart": ["ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"]],
      ["SnapStart": ["ApplyOn": "PublishedVersions", "OptimizationStatus": "On"]]
    ),
    (["Environment": ["Variables": ["A": "1"]]], ["Environment": ["Error": ["ErrorCode": "AccessDenied"]]]),
    (["State": "Pending", "StateReason": "The function is being created."], ["State": "Active"]),
    ([:], ["RuntimeVersionConfig": ["RuntimeVersionArn": "arn"]]),
  ]

  @Test("what Lambda adds by itself is nobody's work", arguments: ownAdditions)
  func additions(answer: JSON, read: JSON) {
    let known = KnownLatest(latest("1", with: answer))
    #expect(known.reading(of: latest("2", with: read)) == .current)
    #expect(known.reading(of: latest("2", timeout: 30, second: 8, with: read)) == .foreign)
  }

  private static let afterLoss: [(String, FunctionConfiguration, Bool)] = [
    ("written", latest("9", timeout: 9, second: 8), true), ("not yet", latest("3"), false),
    ("other code too", latest("9", code: "other", timeout: 9, second: 8), false),
    (
      "other settings too", latest("9", timeout: 9, second: 8, with: ["Handler": "other.handler"]), false
    ), ("other values", latest("9", timeout: 30, second: 8), false),
    ("older", latest("0", timeout: 9, second: 1), false),
  ]

  @Test(
    "settings whose answer was lost are known by what they make of what was there",
    arguments: afterLoss)
  func lost(name: String, read: FunctionConfiguration, expected: Bool) {
    let known = KnownLatest(latest("2", with: ["Handler": "main.handler"]))
    var read = read
    if read.handler == nil {
      read = FunctionConfiguration(read.members.merging(JSONObject([("Handler", "main.handler")])))
    }
    #expect(known.isWritten(JSONObject([("Timeout", 9)]), in: read) == expected, "\(name)")
  }
}
