import Core
import Glibc
import Testing

@testable import Release

/// Traffic with a fixed seed: Poisson counts, spread by weight, failing at a rate.
struct Traffic {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(state: seed) }

  private mutating func uniform() -> Double { Double.random(in: 0..<1, using: &generator) }

  mutating func poisson(_ mean: Double) -> Int {
    guard mean < 40 else {
      // Close enough to normal here.
      let normal = (-2 * log(1 - uniform())).squareRoot() * cos(2 * Double.pi * uniform())
      return max(0, Int((mean + mean.squareRoot() * normal).rounded()))
    }
    let limit = exp(-mean)
    var count = 0
    var product = uniform()
    while product > limit {
      count += 1
      product *= uniform()
    }
    return count
  }

  mutating func counts(perMinute: Double, failing rate: Double) -> Counts {
    let errors = poisson(perMinute * rate)
    return Counts(invocations: errors + poisson(perMinute * (1 - rate)), errors: errors)
  }

  mutating func minute(perMinute: Double, weight: Double, stable: Double, canary: Double) -> Minute {
    Minute(
      canary: counts(perMinute: perMinute * weight, failing: canary),
      stable: counts(perMinute: perMinute * (1 - weight), failing: stable))
  }

  /// The first settled minute at which a rollout of two steps of ten minutes is rolled back; nil if it never is.
  mutating func minuteOfRollback(perMinute: Double, stable: Double, canary: Double) -> Int? {
    let usual = Counts(invocations: Int(perMinute), errors: 0)
    var evidence = FunctionEvidence(steps: [], history: Array(repeating: usual, count: 60))
    var settings = JudgeSettings()
    settings.plannedSteps = 2
    var looks = 0
    for weight in [0.1, 0.5] {
      evidence.steps.append(StepEvidence(weight: weight, ended: false, minutes: []))
      for minute in 1...10 {
        let last = evidence.steps.count - 1
        evidence.steps[last].minutes.append(
          self.minute(perMinute: perMinute, weight: weight, stable: stable, canary: canary))
        evidence.steps[last].ended = minute == 10
        looks += 1
        if Judge.verdict(function: "f", evidence: evidence, settings: settings).kind == .rollback {
          return looks
        }
      }
    }
    return nil
  }
}

@Suite("Properties of the judge")
struct PropertyTests {
  private func strata(_ traffic: inout Traffic) -> [Stratum] {
    (0..<Int.random(in: 1...4, using: &traffic.generator)).map { _ in
      let weight = Double.random(in: 0.001...0.9, using: &traffic.generator)
      let minute = traffic.minute(perMinute: 300, weight: weight, stable: 0.02, canary: 0.05)
      return Stratum(canary: minute.canary, stable: minute.stable, weight: weight)
    }
  }

  @Test("one more error of the canary never lowers E, one more of the stable version never raises it")
  func monotone() {
    var traffic = Traffic(seed: 11)
    for _ in 0..<500 {
      let strata = strata(&traffic)
      let before = Trial(strata, phi: 1).logE
      for index in strata.indices {
        func changed(_ canary: Int, _ stable: Int) -> Double {
          var copy = strata
          let old = strata[index]
          copy[index] = Stratum(
            canary: Counts(invocations: old.canary.invocations, errors: old.canary.errors + canary),
            stable: Counts(invocations: old.stable.invocations, errors: old.stable.errors + stable),
            weight: old.q)
          return Trial(copy, phi: 1).logE
        }
        #expect(changed(1, 0) >= before)
        #expect(changed(0, 1) <= before)
      }
    }
  }

  @Test("the order of the minutes and their cut into steps of one weight do not matter")
  func permutation() {
    var traffic = Traffic(seed: 12)
    for _ in 0..<200 {
      var minutes = (0..<10).map { _ in traffic.minute(perMinute: 20, weight: 0.5, stable: 0.02, canary: 0.1)
      }
      func eValue(_ steps: [[Minute]]) -> Double {
        let steps = steps.map { StepEvidence(weight: 0.5, ended: false, minutes: $0) }
        return Judge.verdict(
          function: "f", evidence: FunctionEvidence(steps: steps), settings: JudgeSettings()
        ).eValue
      }
      let before = eValue([minutes])
      minutes.shuffle(using: &traffic.generator)
      #expect(abs(eValue([minutes]) / before - 1) < 1e-9)
    }
  }

  @Test("averaged over all ways an error can fall on equal versions, E is at most 1")
  func martingale() {
    // The labels of n errors are independent under the null: sum E over all numbers of hits with their chances.
    for weight in [0.01, 0.1, 0.5, 0.9] {
      for errors in [1, 5, 40] {
        var mean = 0.0
        for hits in 0...errors {
          let chance =
            BinomialTail.probability(atLeast: Double(hits), of: Double(errors), chance: weight)
            - BinomialTail.probability(atLeast: Double(hits + 1), of: Double(errors), chance: weight)
          let stratum = Stratum(
            canary: Counts(invocations: 0, errors: hits),
            stable: Counts(invocations: 0, errors: errors - hits),
            weight: weight)
          mean += chance * Mixture.value(Trial([stratum], phi: 1).logE)
        }
        #expect(mean < 1 + 1e-6, "\(weight), \(errors): \(mean)")
      }
    }
  }

  @Test("the same counts a thousand times as large only make the evidence stronger, and stay finite")
  func scale() {
    let small = Trial(
      [
        Stratum(
          canary: Counts(invocations: 100, errors: 8), stable: Counts(invocations: 900, errors: 18),
          weight: 0.1)
      ], phi: 1)
    let large = Trial(
      [
        Stratum(
          canary: Counts(invocations: 100_000_000, errors: 8_000_000),
          stable: Counts(invocations: 900_000_000, errors: 18_000_000), weight: 0.1)
      ], phi: 1)
    #expect(large.logE > small.logE && large.logE.isFinite)
    #expect(Mixture.value(large.logE).isFinite)
  }

  @Test("an equal canary is rolled back in less than 1 % of whole rollouts, watched at every minute")
  func falseRollbacks() {
    var traffic = Traffic(seed: 2_026)
    var runs = 0
    var rollbacks = 0
    for perMinute in [5.0, 60, 600, 6_000] {
      for rate in [0.001, 0.01, 0.2] {
        for _ in 0..<200 {
          runs += 1
          if traffic.minuteOfRollback(perMinute: perMinute, stable: rate, canary: rate) != nil {
            rollbacks += 1
          }
        }
      }
    }
    #expect(Double(rollbacks) < 0.01 * Double(runs), "\(rollbacks) of \(runs)")
  }

  @Test(
    "a canary that always fails is caught at the first settled minute from 1 request a second on",
    arguments: [
      (60.0, 0.9), (600, 1), (6_000, 1),
    ])
  func brokenCanary(perMinute: Double, share: Double) {
    var traffic = Traffic(seed: 7)
    var first = 0
    for _ in 0..<200 {
      let minute = traffic.minuteOfRollback(perMinute: perMinute, stable: 0.001, canary: 1)
      #expect(minute ?? .max <= 3)
      if minute == 1 { first += 1 }
    }
    #expect(Double(first) >= share * 200, "\(first)")
  }

  @Test("a canary that always fails is caught with 5 requests a minute, in the first step as a rule")
  func brokenCanaryOfQuietFunction() {
    var traffic = Traffic(seed: 8)
    let minutes = (0..<200).compactMap { _ in traffic.minuteOfRollback(perMinute: 5, stable: 0.001, canary: 1)
    }
    #expect(minutes.count == 200)
    #expect(minutes.sorted()[100] <= 10)
  }
}
