import Core
import Testing

@testable import Release

/// The judge on random evidence, and a second one that was written from its formulas in another language.
@Suite("Verdicts against the reference's", .enabled(if: Python.isInstalled, Python.missing))
struct JudgeTests {
  /// Functions that are judged in one test; all of them together are 10 000.
  private static let functions = 2_500

  @Test("the judge and the reference agree on random functions and releases", arguments: [1, 2, 3, 4])
  func random(seed: Int) async throws {
    let answers = try await Python.run(
      arguments: [Python.program("judge_reference.py"), "\(seed)", "\(Self.functions)"], environment: [:])
    var judged = 0
    for (index, answer) in try #require(answers.array).enumerated() {
      let evidence = try #require(answer["evidence"])
      let file = try EvidenceFile(parsing: Array(evidence.text().utf8), file: "random")
      let verdict = file.judged()
      let names = try #require(answer["functions"]?.object).keys
      judged += names.count
      for name in names {
        let said = try #require(verdict.functions[name])
        compare(said, answer["functions"]?[name], "seed \(seed), document \(index), \(name)")
      }
      compare(verdict.verdict, answer["release"], "seed \(seed), document \(index)")
      if names.count > 1 { #expect(verdict.culprit == answer["release"]?["culprit"]?.string) }
    }
    #expect(judged >= Self.functions)
  }

  private func compare(_ verdict: Verdict, _ reference: JSON?, _ place: String) {
    let place = Comment(rawValue: "\(place): \(verdict.sentence)\n\(reference?.text() ?? "nothing")")
    #expect(verdict.kind.word == reference?["kind"]?.string, place)
    #expect(verdict.rule == reference?["rule"]?.int, place)
    #expect(verdict.since == reference?["since"]?.int, place)
    for (own, key) in [
      (verdict.logE, "lnE"), (verdict.logRest, "lnRest"), (verdict.phi, "phi"),
      (verdict.canaryRate, "canaryRate"),
      (verdict.stableRate, "stableRate"), (verdict.limit, "limit"), (verdict.share, "share"),
    ] as [(Double?, String)] {
      let other = reference?[key]?.double
      // JSON has no minus infinity: null stands for it.
      let isNothing = own == nil || own == -.infinity
      #expect(isNothing == (other == nil), place)
      guard let own, let other else { continue }
      #expect(abs(own - other) <= 1e-9 * max(1, abs(other)), "\(key), \(place)")
    }
  }
}
