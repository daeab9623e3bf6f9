import Core
import Release
import Testing

/// Evidence, and what its published numbers are.
struct Vector: Sendable, CustomTestStringConvertible {
  let name: String
  let evidence: FunctionEvidence
  let kind: Verdict.Kind
  let rule: Int
  let eValue: Double
  let rest: Double
  var since = 1
  var phi = 1.0
  var limit: Double?

  var testDescription: String { name }

  /// Steps at 10 % unless given otherwise.
  static func steps(
    _ minutes: [Minute], weight: Double = 0.1, ended: Bool = false, history: [HistoryMinute] = []
  ) -> FunctionEvidence {
    FunctionEvidence(steps: [Make.step(weight, minutes, ended: ended)], history: history)
  }

  /// Four bad minutes after three hours in which one minute in nine had 30 errors.
  static func bursts(_ errors: (Int) -> Int, of invocations: Int) -> FunctionEvidence {
    steps(
      Make.minutes(4, 60, 3, 540, 1),
      history: (0..<180).map { HistoryMinute(Counts(invocations: invocations, errors: errors($0))) })
  }
}

@Suite("The judge's published numbers")
struct VectorTests {
  static let ofSteps = [
    Vector(
      name: "an error a minute", evidence: Vector.steps(Make.minutes(3, 10, 1, 90, 0)), kind: .rollback,
      rule: 1,
      eValue: 136.524, rest: 16.5308),
    Vector(
      name: "three errors in one minute",
      evidence: Vector.steps([Make.minute(10, 3, 90, 0)] + Make.minutes(2, 10, 0, 90, 0)), kind: .watching,
      rule: 7, eValue: 136.524, rest: 0.5),
    Vector(
      name: "half of twenty in one minute", evidence: Vector.steps([Make.minute(20, 12, 180, 0)]),
      kind: .rollback, rule: 1, eValue: 9.09642e10, rest: 0.5),
    Vector(
      name: "a failure that begins late",
      evidence: Vector.steps(Make.minutes(25, 60, 0, 540, 5) + Make.minutes(5, 60, 3, 540, 5)),
      kind: .rollback, rule: 1, eValue: 158.035, rest: 19.7406, since: 26),
    Vector(
      name: "two weights",
      evidence: FunctionEvidence(steps: [
        Make.step(0.01, Make.minutes(5, 10, 0, 990, 1), ended: true),
        Make.step(0.1, Make.minutes(6, 100, 2, 900, 3)),
      ]), kind: .rollback, rule: 1, eValue: 1471.96, rest: 333.433),
    Vector(
      name: "errors that bunch", evidence: Vector.bursts({ $0 % 9 == 4 ? 30 : 0 }, of: 600), kind: .watching,
      rule: 7, eValue: 1.2147, rest: 0.652055, phi: 31.7925),
    Vector(
      name: "one outage long ago",
      evidence: Vector.bursts({ (90...94).contains($0) ? 180 : $0 % 5 == 0 ? 1 : 0 }, of: 300),
      kind: .rollback, rule: 1, eValue: 1.64815e7, rest: 148317),
    Vector(
      name: "found at the end of a step",
      evidence: Vector.steps(Make.minutes(9, 60, 1, 540, 3) + [Make.minute(60, 2, 540, 1)], ended: true),
      kind: .rollback, rule: 3, eValue: 23.9367, rest: 4.69485),
    Vector(
      name: "no point of errors",
      evidence: Vector.steps(
        Make.minutes(6, 20, nil, 180, 0), ended: true, history: Make.history(60, 200, 0)),
      kind: .hold, rule: 4, eValue: 1, rest: 0.75),
    Vector(
      name: "slow invocations",
      evidence: Vector.steps(
        Array(
          repeating: Make.minute(
            6, 0, 54, 0,
            slow: [Split(canary: 5, stable: 14), Split(canary: 2, stable: 3), Split(canary: 0, stable: 0)]),
          count: 14)), kind: .hold, rule: 6, eValue: 3.80602e8, rest: 5.63439e7),
  ]

  static let ofBakes = [
    Vector(
      name: "nothing to compare with", evidence: Make.baking(Make.baked(9, 40, 4), hour: (0, 0)),
      kind: .rollback, rule: 2, eValue: 136.513, rest: 0, limit: 0.05),
    Vector(
      name: "twenty invocations before", evidence: Make.baking(Make.baked(4, 40, 8), hour: (20, 1)),
      kind: .rollback, rule: 2, eValue: 22675.3, rest: 0.389906, limit: 0.075),
    Vector(
      name: "one invocation before, which failed", evidence: Make.baking(Make.baked(3, 60, 60), hour: (1, 1)),
      kind: .rollback, rule: 2, eValue: 4.46695e150, rest: 0.171038, limit: 1 / 7.0),
    Vector(
      name: "an hour before", evidence: Make.baking(Make.baked(6, 40, 2), hour: (2400, 2)),
      kind: .rollback, rule: 1, eValue: 888334, rest: 154215),
    Vector(
      name: "one bad minute",
      evidence: Make.baking(Make.baked(5, 40, 0) + Make.baked(1, 40, 12), hour: (2400, 2)), kind: .watching,
      rule: 7, eValue: 2.52754e13, rest: 0.45268, since: 6),
    Vector(
      name: "both were bad in the steps",
      evidence: Make.baking(
        Make.baked(15, 60, 1), hour: (3540, 10),
        after: [Make.step(0.1, Make.minutes(10, 6, 0, 54, 1), ended: true)]), kind: .watching, rule: 7,
      eValue: 0.266432, rest: 0.103288),
    Vector(
      name: "neither was bad in the steps",
      evidence: Make.baking(
        Make.baked(10, 60, 1), hour: (3570, 0),
        after: [Make.step(0.1, Make.minutes(5, 6, 0, 54, 0), ended: true)]), kind: .rollback, rule: 1,
      eValue: 122204, rest: 63074.5),
    Vector(
      name: "five invocations beside, one of which failed",
      evidence: Make.baking(
        Make.baked(15, 5, 1), hour: (1200, 1),
        after: [Make.step(0.1, Make.minutes(4, 0, 0, 4, 0) + [Make.minute(1, 0, 4, 1)], ended: true)]),
      kind: .watching, rule: 7, eValue: 1.94878, rest: 1.74411),
  ]

  @Test(
    "evidence, and evidence without its best minute, to six significant digits", arguments: ofSteps + ofBakes)
  func numbers(vector: Vector) {
    let verdict = judge(vector.evidence)
    #expect(verdict.kind == vector.kind && verdict.rule == vector.rule)
    #expect(abs(verdict.eValue / vector.eValue - 1) < 5e-6, "\(verdict.eValue)")
    #expect(
      abs(verdict.eWithoutBestMinute - vector.rest) <= 5e-6 * vector.rest, "\(verdict.eWithoutBestMinute)")
    #expect(verdict.since == vector.since)
    #expect(abs(verdict.phi / vector.phi - 1) < 5e-6, "\(verdict.phi)")
    #expect(verdict.limit.map { ($0 * 1e9).rounded() } == vector.limit.map { ($0 * 1e9).rounded() })
  }
}
