import Core
import Testing

@testable import lamctl

@Suite("The pace of a rehearsal")
struct PaceTests {
  private let clock = ScaledClock(
    speed: 60, realAnchor: Timestamp(seconds: 0), anchor: Timestamp(seconds: 0))

  @Test("a speed that the running sandbox does not have is refused, not ignored")
  func other() {
    #expect {
      try EndpointContext.check(600, against: clock, at: "http://127.0.0.1:4566")
    } throws: { error in
      let failure = error as? Failure
      return failure?.exitCode == .usage && failure?.message.contains("60 already") == true
    }
  }

  @Test("its own speed and none at all are fine", arguments: [nil, 60.0])
  func same(speed: Double?) throws {
    try EndpointContext.check(speed, against: clock, at: "http://127.0.0.1:4566")
  }
}
