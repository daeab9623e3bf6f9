import Core
import TestSupport
import Testing

@testable import Release
@testable import lamctl

@Suite("What a run tells while it goes on")
struct NarratorTests {
  private static func verdict(_ kind: Verdict.Kind, _ sentence: String) -> Verdict {
    Verdict(
      kind: kind, rule: 7, cause: kind == .extend ? .lowTraffic : .none, logE: 0, logRest: -.infinity,
      since: 1, canaryRate: nil, stableRate: nil, limit: nil, phi: 1, share: nil, sentence: sentence,
      canary: .zero, stable: .zero)
  }

  private static let names = (1...6).map { "fn-\($0)" }
  private static let reason = "only 0 invocations of the canary in this step; 30 are needed."

  @Test("equal verdicts of many functions are one line with their count, and the release's is not said again")
  func many() {
    var news = VerdictNews(isVerbose: false)
    for name in Self.names {
      news.judged(name, Self.verdict(.extend, "EXTEND \(name) v2: \(Self.reason)"))
    }
    news.judged(
      Self.verdict(.extend, "EXTEND fn-1 v2: \(Self.reason) With it wait all 6 functions of the release."))
    #expect(
      news.taken() == [
        VerdictNews.Line(
          text: "EXTEND 6 functions (fn-1, fn-2, fn-3, fn-4, fn-5 and 1 more): \(Self.reason) "
            + "With it wait all 6 functions of the release.")
      ])
    // The same again is no news.
    for name in Self.names {
      news.judged(name, Self.verdict(.extend, "EXTEND \(name) v2: \(Self.reason)"))
    }
    #expect(news.taken().isEmpty)
  }

  @Test(
    "that all pass is said of the release alone; of few functions each is told, the one that decided once")
  func few() {
    var news = VerdictNews(isVerbose: false)
    for name in Self.names { news.judged(name, Self.verdict(.pass, "PASS \(name) v2: fine.")) }
    news.judged(Self.verdict(.pass, "PASS release of 6 functions: fine."))
    #expect(news.taken() == [VerdictNews.Line(text: "PASS release of 6 functions: fine.")])
    news.judged("a", Self.verdict(.rollback, "ROLLBACK a v2: bad."))
    news.judged("b", Self.verdict(.watching, "WATCH b v2: fine."))
    news.judged(Self.verdict(.rollback, "ROLLBACK a v2: bad. With it go back both functions of the release."))
    #expect(
      news.taken() == [
        VerdictNews.Line(text: "ROLLBACK a v2: bad. With it go back both functions of the release.")
      ])
    news.judged("c", Self.verdict(.hold, "HOLD c v2: odd."))
    #expect(news.taken() == [VerdictNews.Line(text: "HOLD c v2: odd.", function: "c")])
  }

  private static func picture(_ events: [ReleaseEvent]) -> String {
    let out = Collected()
    let clock = ManualClock()
    let progress = Progress(mode: .live, output: out.output, terminal: .fixed(columns: 80), clock: clock)
    let narrator = Narrator(progress: progress, events: nil, isVerbose: false) { clock.now() }
    for event in events { narrator.tell(event) }
    progress.drawFrame()
    return out.text
  }

  private static let shifted = ReleaseEvent.shifted(
    "orders", version: "4", weight: 0.5, step: 1, of: 2, until: ManualClock().now() + .minutes(5))
  private static let watched = ReleaseEvent.judged("orders", verdict(.watching, "WATCH orders v4: fine."))

  @Test("a function that is held waits for a person, and no time runs for it")
  func held() {
    let text = Self.picture([Self.shifted, Self.watched, .held("orders", reason: "pause")])
    #expect(text.contains("orders held") && !text.contains("left"), "\(text)")
  }

  @Test("one that was taken back goes from the version that it left to the one that serves")
  func back() {
    let text = Self.picture([Self.shifted, Self.watched, .rolledBack("orders", from: "4", to: "3")])
    #expect(text.contains("rolled back 4→3"), "\(text)")
    #expect(!text.contains("watching"), "\(text)")
  }
}
