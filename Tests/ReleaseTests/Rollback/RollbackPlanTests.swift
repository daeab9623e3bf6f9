import AWSClient
import Core
import Release
import Testing

@Suite("Where a rollback goes")
struct RollbackPlanTests {
  private func release(_ minute: Int) -> ReleaseID {
    ReleaseID(time: Timestamp(seconds: 1_795_240_140 + Double(minute) * 60), commit: "3f2a1c9", random: [])
  }

  private func alias(
    _ version: String, weights: [String: Double] = [:], _ change: (inout RolloutRecord) -> Void = { _ in },
    release minute: Int = 1, state: RolloutState
  ) -> AliasSnapshot {
    var record = RolloutRecord(release: release(minute), state: state)
    record.stable = version
    change(&record)
    return AliasSnapshot(
      AliasConfiguration(
        name: "prod", aliasARN: "", functionVersion: version, weights: weights,
        description: record.encoded().text, revisionID: "r"))
  }

  @Test("a canary loses its traffic")
  func canary() {
    let alias = alias("41", weights: ["42": 0.1], { $0.try("42") }, state: .canary)
    #expect(RollbackPlan.steps(for: ["orders": alias]) == ["orders": .endCanary(canary: "42", stable: "41")])
  }

  @Test(
    "from a bake and from rest it goes to the previous good version", arguments: [RolloutState.bake, .idle])
  func back(state: RolloutState) {
    let alias = alias(
      "42",
      {
        $0.previous = "41"
        if state == .bake { $0.canary = "42" }
      }, state: state)
    #expect(RollbackPlan.steps(for: ["orders": alias]) == ["orders": .goBack(from: "42", to: "41")])
  }

  @Test("27 good, 28 bad and taken back, 29 fixed: from 29 it goes to 27")
  func skipsTheBadOne() {
    let alias = alias(
      "29",
      {
        $0.previous = "27"
        $0.badVersions = ["28"]
      }, state: .idle)
    #expect(RollbackPlan.steps(for: ["orders": alias]) == ["orders": .goBack(from: "29", to: "27")])
  }

  @Test("twice is no way back to the bad version")
  func twice() {
    let alias = alias("41", { $0.badVersions = ["42"] }, state: .rolledBack(.person))
    #expect(RollbackPlan.steps(for: ["orders": alias]) == ["orders": .alreadyBack(bad: "42", serving: "41")])
  }

  @Test("only the newest release goes back")
  func newestRelease() {
    let older = alias("7", { $0.previous = "6" }, release: 1, state: .idle)
    let newer = alias("9", { $0.previous = "8" }, release: 2, state: .idle)
    #expect(
      RollbackPlan.steps(for: ["a": older, "b": newer])
        == ["a": .notInRelease, "b": .goBack(from: "9", to: "8")])
  }

  @Test("a canary under way goes before a release that is done, however new that is")
  func canaryFirst() {
    let done = alias("9", { $0.previous = "8" }, release: 5, state: .idle)
    let under = alias("7", weights: ["8": 0.1], { $0.try("8") }, release: 2, state: .canary)
    #expect(
      RollbackPlan.steps(for: ["a": done, "b": under])
        == ["a": .notInRelease, "b": .endCanary(canary: "8", stable: "7")])
  }

  @Test("a first version has nothing before it")
  func first() throws {
    let step = try #require(RollbackPlan.steps(for: ["orders": alias("1", state: .idle)])["orders"])
    guard case .noTarget(_, let fix) = step else {
      Issue.record("\(step)")
      return
    }
    #expect(fix == "name a version with --to")
  }

  @Test("a named version is taken, unless it is marked as bad")
  func explicit() {
    let now = alias(
      "29",
      {
        $0.previous = "27"
        $0.badVersions = ["28"]
      }, state: .idle)
    #expect(RollbackPlan.steps(for: ["o": now], to: ["o": "26"]) == ["o": .goBack(from: "29", to: "26")])
    guard case .noTarget(let reason, let fix) = RollbackPlan.steps(for: ["o": now], to: ["o": "28"])["o"]
    else {
      Issue.record("all traffic would go to what was taken back")
      return
    }
    #expect(reason == "version 28 is marked as bad")
    #expect(
      fix.contains("lamctl rollback --only o --to VERSION") && fix.contains("lamctl deploy --only o --retry"))
  }

  @Test("what a person has put there by hand is undone, and nothing is said of it")
  func undone() {
    let moved = alias(
      "6",
      {
        $0.stable = "8"
        $0.previous = "6"
      }, state: .idle)
    #expect(
      RollbackPlan.steps(for: ["o": moved], to: ["o": "8"]) == ["o": .clear(version: "6", serving: "8")])
    #expect(RollbackPlan.steps(for: ["o": moved], to: ["o": "5"]) == ["o": .goBack(from: "6", to: "5")])
  }

  @Test("weights that no rollout has set are cleared, and nothing is said of the version that had them")
  func cleared() {
    let idle = alias("6", weights: ["3": 0.3], { $0.previous = "3" }, state: .idle)
    #expect(RollbackPlan.steps(for: ["o": idle], to: ["o": "6"]) == ["o": .clear(version: "3", serving: "6")])
    let trial = alias("6", weights: ["7": 0.1], { $0.try("7") }, state: .canary)
    #expect(
      RollbackPlan.steps(for: ["o": trial], to: ["o": "6"]) == ["o": .endCanary(canary: "7", stable: "6")])
    let other = alias("6", weights: ["3": 0.1], { $0.try("7") }, state: .canary)
    #expect(
      RollbackPlan.steps(for: ["o": other], to: ["o": "6"]) == ["o": .endCanary(canary: "7", stable: "6")])
  }

  @Test(
    "the version on trial is no way back",
    arguments: [RolloutState.canary, .hold(.pause)])
  func onTrial(state: RolloutState) {
    let now = alias("42", weights: ["43": 0.1], { $0.try("43") }, state: state)
    guard case .noTarget(let reason, _) = RollbackPlan.steps(for: ["o": now], to: ["o": "43"])["o"] else {
      Issue.record("all traffic would go to the canary")
      return
    }
    #expect(reason == "version 43 is the one on trial")
  }

  @Test("a version that is marked as bad is no way back, though it served before")
  func badBefore() throws {
    let alias = alias(
      "29",
      {
        $0.previous = "28"
        $0.badVersions = ["28", "26"]
      }, state: .idle)
    let step = try #require(RollbackPlan.steps(for: ["o": alias])["o"])
    guard case .noTarget(let reason, _) = step else {
      Issue.record("\(step)")
      return
    }
    #expect(reason.contains("28") && reason.contains("marked as bad"))
  }

  @Test("without a record CloudWatch is to tell, unless others have a release, or somebody has set weights")
  func unrecorded() throws {
    func bare(_ weights: [String: Double] = [:]) -> AliasSnapshot {
      AliasSnapshot(
        AliasConfiguration(
          name: "prod", aliasARN: "", functionVersion: "7", weights: weights, description: "ours",
          revisionID: "r"))
    }
    #expect(RollbackPlan.steps(for: ["o": bare()]) == ["o": .unrecorded(serving: "7")])
    let recorded = alias("9", { $0.previous = "8" }, state: .idle)
    #expect(
      RollbackPlan.steps(for: ["a": bare(), "b": recorded])
        == ["a": .notInRelease, "b": .goBack(from: "9", to: "8")])
    let step = try #require(RollbackPlan.steps(for: ["o": bare(["8": 0.2])])["o"])
    guard case .noTarget(let reason, _) = step else {
      Issue.record("\(step)")
      return
    }
    #expect(reason.contains("version 8 at 20 %"))
  }

  @Test("a function without the alias is passed over")
  func absent() {
    #expect(RollbackPlan.steps(for: ["o": nil]) == ["o": .absent])
  }
}

extension RolloutRecord {
  /// With a version on trial that gets a tenth.
  fileprivate mutating func `try`(_ version: String) {
    canary = version
    history = [WeightChange(minute: 0, weight: Weight(fraction: 0.1) ?? .all)]
  }
}
