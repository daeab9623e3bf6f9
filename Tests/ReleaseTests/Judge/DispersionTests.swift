import Core
import Testing

@testable import Release

@Suite("How counts bunch")
struct DispersionTests {
  private func minutes(_ hits: [Int], of invocations: Int = 1_000) -> [Tally] {
    hits.map { Tally(invocations, $0) }
  }

  private func repeated(_ hits: [Int], _ times: Int) -> [Int] {
    (0..<times).flatMap { _ in hits }
  }

  @Test("fewer than ten errors say nothing, ten do", arguments: [(9, false), (10, true)])
  func fewest(hits: Int, isSaid: Bool) {
    #expect((Dispersion.dispersion(minutes([0, hits, 0, 0])) > 1) == isSaid)
  }

  @Test("the mean squared second difference over its expectation, worked by hand")
  func byHand() {
    // The rate is 12 in 3 000; of the one difference -2 x 12/1 000 the square is 5.76e-4, expected are 0.004 x 6/1 000.
    #expect(abs(Dispersion.dispersion(minutes([0, 12, 0])) - 24) < 1e-9)
  }

  @Test("a level is no bunching, nor is a trend, nor a minute without invocations")
  func level() {
    #expect(Dispersion.dispersion(minutes(repeated([10], 20))) == 1)
    #expect(Dispersion.dispersion(minutes(Array(1...25))) == 1)
    #expect(Dispersion.dispersion(repeated([10], 20).map { Tally(1_000, $0) } + [Tally(0, 0)]) == 1)
  }

  @Test("it is at most 100")
  func largest() {
    #expect(Dispersion.dispersion(minutes(repeated([0, 900], 14))) == 100)
  }

  @Test("what chance alone explains does not count")
  func chance() {
    var random = SeededGenerator(state: 3)
    var above = 0
    for _ in 0..<200 {
      let hits = (0..<60).map { _ in (0..<300).count { _ in Double.random(in: 0..<1, using: &random) < 0.02 }
      }
      if Dispersion.dispersion(minutes(hits, of: 300)) > 1 { above += 1 }
    }
    // 2.33 standard deviations, for three sizes of blocks.
    #expect(above <= 16, "\(above)")
  }

  @Test(
    "from thirty minutes on one incident of a quarter of an hour is left out",
    arguments: [(29, false), (30, true)])
  func incident(count: Int, isLeftOut: Bool) {
    var hits = [Int](repeating: 1, count: count)
    hits[10] = 400
    hits[12] = 300
    #expect((Dispersion.dispersion(minutes(hits)) == 1) == isLeftOut)
  }

  @Test("a second incident is not left out")
  func twoIncidents() {
    var hits = [Int](repeating: 1, count: 90)
    hits[10] = 400
    hits[60] = 300
    #expect(Dispersion.dispersion(minutes(hits)) > 10)
  }

  @Test("only the last 180 minutes of the history count, and the minutes beside the canary do too")
  func reach() {
    let calm = minutes(repeated([3], 180))
    let wild = minutes([0, 300, 0, 300, 0])
    #expect(Dispersion.phi(history: wild + calm, beside: []) == 1)
    #expect(Dispersion.phi(history: calm, beside: wild) > 10)
    #expect(Dispersion.phi(history: wild, beside: []) > 10)
    // Each alone has nine errors and says nothing; together they bunch.
    #expect(Dispersion.phi(history: minutes([0, 9, 0]), beside: minutes([0, 9, 0])) > 1)
  }
}
