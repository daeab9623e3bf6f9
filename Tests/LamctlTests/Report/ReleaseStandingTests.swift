import Core
import Testing

@testable import Release
@testable import lamctl

@Suite("How a release stands by its record")
struct ReleaseStandingTests {
  private static let now = Timestamp(seconds: 1_795_240_140)

  private static func record(_ state: RolloutState, lease: Double? = nil) throws -> RolloutRecord {
    var record = RolloutRecord(
      release: try #require(ReleaseID(parsing: "20261121T054900Z-3f2a1c9")), state: state)
    record.stable = "7"
    record.previous = "6"
    record.badVersions = ["5"]
    if state.isUnderWay { record.canary = "8" }
    if case .rolledBack(let reason) = state {
      if reason.blamesVersion { record.badVersions.append("8") } else { record.canary = "8" }
    }
    record.leaseEnd = lease.map { now + .minutes($0) }
    return record
  }

  @Test(
    "names the version that the release is about, and what is driven is under way and not left",
    arguments: [
      (.canary, 3, .underWay, "8", "7"), (.canary, -3, .detached, "8", "7"), (.bake, 3, .underWay, "8", "7"),
      (.bake, nil, .detached, "8", "7"), (.commit, 3, .underWay, "8", "7"),
      (.hold(.pause), nil, .held, "8", "7"), (.rolledBack(.errors), nil, .rolledBack, "8", "7"),
      (.rolledBack(.peer), nil, .rolledBack, "8", "7"), (.idle, nil, .promoted, "7", "6"),
      (.triggers, 3, .promoted, "7", "6"),
    ] as [(RolloutState, Double?, ReleaseStanding.Outcome, String, String)])
  func standing(
    state: RolloutState, lease: Double?, outcome: ReleaseStanding.Outcome, version: String, former: String
  ) throws {
    let standing = ReleaseStanding(try Self.record(state, lease: lease), at: Self.now)
    #expect(standing.outcome == outcome)
    #expect(standing.version == version)
    #expect(standing.former == former)
  }

  @Test("what waits for a person, or went back, is what a release is called by")
  func whole() throws {
    let states: [RolloutState] = [.idle, .canary, .rolledBack(.errors), .hold(.pause)]
    let standings = try states.map { ReleaseStanding(try Self.record($0), at: Self.now) }
    #expect(ReleaseStanding.outcome(of: standings) == .held)
    #expect(ReleaseStanding.outcome(of: Array(standings.prefix(3))) == .rolledBack)
    #expect(ReleaseStanding.outcome(of: Array(standings.prefix(2))) == .detached)
    #expect(ReleaseStanding.outcome(of: Array(standings.prefix(1))) == .promoted)
  }
}
