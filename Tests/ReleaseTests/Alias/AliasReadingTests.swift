import Core
import Testing

@testable import AWSClient
@testable import Release

@Suite("What an alias says to a run that knows it")
struct AliasReadingTests {
  private let release = ReleaseID(
    time: Timestamp(seconds: 1_795_240_140), commit: "3f2a1c9", random: [])
  private let other = ReleaseID(
    time: Timestamp(seconds: 1_795_250_140), commit: "aaaaaaa", random: [])

  private func record(
    _ state: RolloutState = .canary, of release: ReleaseID? = nil, owner: String = "ci-1"
  ) -> RolloutRecord {
    var record = RolloutRecord(release: release ?? self.release, state: state)
    record.stable = "41"
    record.canary = "42"
    record.history = [WeightChange(minute: 0, weight: Weight(fraction: 0.1) ?? .all)]
    record.owner = RecordOwner(owner)
    if case .rolledBack(let reason) = state, reason.blamesVersion { record.badVersions = ["42"] }
    return record
  }

  private func alias(
    _ record: RolloutRecord?, text: String = "", revision: String, version: String = "41",
    weights: [String: Double] = ["42": 0.1]
  ) -> AliasConfiguration {
    AliasConfiguration(
      name: "prod", aliasARN: "", functionVersion: version, weights: weights,
      description: record?.encoded(userText: text).text ?? text, revisionID: revision)
  }

  /// A run that has written the canary's weight over an alias at rest.
  private var known: KnownAlias {
    var known = KnownAlias(AliasSnapshot(alias(nil, revision: "r1", weights: [:])))
    known.become(AliasSnapshot(alias(record(), revision: "r2")))
    return known
  }

  private func read(_ alias: AliasConfiguration?, sent: String? = nil) -> AliasReading {
    AliasReading(alias.map(AliasSnapshot.init), known: known, release: release, sent: sent)
  }

  @Test("as it was last written it is known, as it was before that it is stale")
  func own() {
    #expect(read(alias(record(), revision: "r2")) == .asKnown)
    #expect(read(alias(nil, revision: "r1", weights: [:])) == .stale)
  }

  @Test("a write whose answer was lost is this run's, unless somebody has moved the alias since")
  func lostAnswer() {
    var next = record()
    next.step = 2
    let written = alias(next, revision: "r3")
    #expect(read(written, sent: written.description) == .ours)
    var moved = read(alias(next, revision: "r4", weights: [:]), sent: written.description)
    #expect(moved == .foreign(.moved(to: "version 41")))
    var unsure = known
    unsure.remember(unheard: written.description)
    moved = AliasReading(AliasSnapshot(written), known: unsure, release: release)
    #expect(moved == .ours)
  }

  @Test(
    "a Description that somebody has edited is no other run: what is theirs in it is kept",
    arguments: ["behind", "instead", "removed"])
  func edited(how: String) {
    let own = record().encoded().text
    let (text, kept) =
      switch how {
      case "behind": (own + " ; call Ann", "call Ann")
      case "instead": ("call Ann", "call Ann")
      default: ("", "")
      }
    #expect(read(alias(nil, text: text, revision: "r3")) == .edited(userText: kept))
  }

  @Test("traffic that goes elsewhere under this run's record, or under none, was moved by hand")
  func moved() {
    #expect(
      read(alias(record(), revision: "r3", weights: ["42": 0.5]))
        == .foreign(.moved(to: "version 41, with version 42 at 50 %")))
    #expect(
      read(alias(nil, text: "mine", revision: "r3", version: "40", weights: [:]))
        == .foreign(.moved(to: "version 40")))
    #expect(read(nil) == .foreign(.deleted))
  }

  @Test("another run's record is that run's, and a release that went back is told as such")
  func others() {
    guard case .foreign(.otherRun) = read(alias(record(owner: "ci-2"), revision: "r3")) else {
      Issue.record("the same release with another driver")
      return
    }
    guard case .foreign(.otherRelease) = read(alias(record(of: other), revision: "r3")) else {
      Issue.record("another release")
      return
    }
    for reason in [RecordReason.person, .deadMan, .superseded] {
      let back = alias(record(.rolledBack(reason), owner: "ann"), revision: "r3", weights: [:])
      guard case .foreign(.takenBack(reason, _)) = read(back) else {
        Issue.record("\(reason)")
        continue
      }
    }
  }

  @Test("only what another run has counts as such; what a person took is the person's")
  func whose() {
    for hand in [
      ForeignHand.otherRun(by: "x"), .otherRelease(by: "x", isOver: true), .takenBack(.superseded, by: "x"),
    ] {
      if case .touched = hand.error(function: "f", alias: "prod", hasBegun: true) { Issue.record("\(hand)") }
    }
    for hand in [
      ForeignHand.moved(to: "x"), .deleted, .takenBack(.person, by: "x"), .takenBack(.deadMan, by: "x"),
    ] {
      guard case .touched = hand.error(function: "f", alias: "prod", hasBegun: true) else {
        Issue.record("\(hand)")
        continue
      }
    }
  }
}

@Suite("An alias that somebody has moved")
struct AliasMoveTests {
  private func snapshot(
    _ state: RolloutState, version: String, weights: [String: Double] = [:]
  ) -> AliasSnapshot {
    var record = RolloutRecord(
      release: ReleaseID(time: Timestamp(seconds: 1_795_240_140), commit: "3f2a1c9", random: []), state: state
    )
    record.stable = "7"
    if state.isUnderWay { record.canary = "8" }
    if state.isUnderWay {
      record.history = [WeightChange(minute: 0, weight: Weight(fraction: 0.1) ?? .all)]
    }
    if case .rolledBack = state { record.badVersions = ["8"] }
    return AliasSnapshot(
      AliasConfiguration(
        name: "prod", aliasARN: "", functionVersion: version, weights: weights,
        description: record.encoded().text, revisionID: "r"))
  }

  @Test(
    "is seen in every state, and the version that lost all its traffic counts as taken back",
    arguments: [
      (RolloutState.idle, "7", [:], false, []), (.idle, "5", [:], true, ["7"]),
      (.idle, "7", ["6": 0.2], false, []), (.canary, "7", ["8": 0.1], false, []),
      (.canary, "7", ["8": 0.1000001], false, []), (.canary, "7", ["8": 0.2], true, []),
      (.canary, "7", [:], true, ["8"]), (.canary, "8", [:], true, []), (.canary, "5", [:], true, ["8"]),
      (.hold(.pause), "7", ["9": 0.1], true, ["8"]), (.bake, "8", [:], false, []),
      (.bake, "8", ["7": 0.3], false, []), (.bake, "7", [:], true, ["8"]),
      (.rolledBack(.errors), "7", [:], false, ["8"]), (.rolledBack(.errors), "8", [:], true, ["8", "7"]),
    ] as [(RolloutState, String, [String: Double], Bool, [String])])
  func moves(
    state: RolloutState, version: String, weights: [String: Double], isMoved: Bool, takenBack: [String]
  ) {
    let snapshot = snapshot(state, version: version, weights: weights)
    #expect((snapshot.move != nil) == isMoved)
    #expect(snapshot.takenBack == takenBack)
  }
}
