import Core
import Glibc
import Testing

@testable import Release

@Suite("Properties of the judge")
struct PropertyTests {
  /// Minutes of some steps, and the chances that an error hits the canary in each.
  private func trial(_ traffic: inout Traffic) -> (minutes: [TrialMinute], chances: [Double]) {
    let chances = (0..<Int.random(in: 1...4, using: &traffic.generator)).map { _ in
      Double.random(in: 0.001...0.9, using: &traffic.generator)
    }
    let minutes = chances.indices.flatMap { index in
      (0..<4).map { _ in
        let minute = traffic.minute(perMinute: 300, weight: chances[index], stable: 0.02, canary: 0.05)
        return TrialMinute(stratum: index, canary: Tally(minute.canary), stable: Tally(minute.stable))
      }
    }
    return (minutes, chances)
  }

  @Test("one more error of the canary never lowers E, one more of the stable version never raises it")
  func monotone() {
    var traffic = Traffic(seed: 11)
    for _ in 0..<60 {
      let (minutes, chances) = trial(&traffic)
      func logE(_ minutes: [TrialMinute]) -> Double {
        Trial(minutes, against: .sameMinutes(chances: chances), phi: 1).logE
      }
      let before = logE(minutes)
      for index in minutes.indices {
        func changed(_ canary: Int, _ stable: Int) -> Double {
          var copy = minutes
          copy[index] = TrialMinute(
            stratum: minutes[index].stratum, canary: minutes[index].canary + Tally(0, canary),
            stable: minutes[index].stable + Tally(0, stable))
          return logE(copy)
        }
        #expect(changed(1, 0) >= before)
        #expect(changed(0, 1) <= before)
      }
    }
  }

  @Test("without its best minute the evidence is never more, and never less than nothing was staked on")
  func rest() {
    var traffic = Traffic(seed: 13)
    for _ in 0..<200 {
      let (minutes, chances) = trial(&traffic)
      let trial = Trial(minutes, against: .sameMinutes(chances: chances), phi: 1)
      #expect(trial.logRest <= trial.logE)
      #expect(trial.since < minutes.count && trial.since.isMultiple(of: 5))
    }
  }

  @Test(
    "averaged over all ways an error can fall on equal versions, E is at most 1, wherever a change is looked for"
  )
  func martingale() {
    // The labels of a minute's errors are independent under the null: sum E over all numbers of hits with their chances.
    for weight in [0.01, 0.1, 0.5, 0.9] {
      for errors in [1, 5, 40] {
        for place in [0, 4, 5, 11] {
          var mean = 0.0
          for hits in 0...errors {
            let chance =
              BinomialTail.probability(atLeast: Double(hits), of: Double(errors), chance: weight)
              - BinomialTail.probability(atLeast: Double(hits + 1), of: Double(errors), chance: weight)
            var minutes = [TrialMinute](
              repeating: TrialMinute(stratum: 0, canary: .zero, stable: .zero), count: 12)
            minutes[place] = TrialMinute(
              stratum: 0, canary: Tally(0, hits), stable: Tally(0, errors - hits))
            let trial = Trial(minutes, against: .sameMinutes(chances: [weight]), phi: 1)
            mean += chance * Logarithms.value(trial.logE)
          }
          #expect(abs(mean - 1) < 1e-6, "\(weight), \(errors), minute \(place): \(mean)")
        }
      }
    }
  }

  @Test("what is staked on all starts and what is kept is all there is", arguments: [0, 1, 4, 5, 6, 30, 501])
  func stakes(minutes: Int) {
    let points = ChangePoints(minutes: minutes)
    let staked = (0..<points.count).reduce(0) { $0 + points.stake($1) }
    #expect(abs(staked + points.kept - 1) < 1e-12)
    #expect(ChangePoints.minute(points.count) >= minutes)
  }

  @Test("the same counts ten thousand times as large only make the evidence stronger, and stay finite")
  func scale() {
    func verdict(_ scale: Int) -> Verdict {
      judge(Make.evidence(Make.minutes(2, 50 * scale, 4 * scale, 450 * scale, 9 * scale)))
    }
    #expect(verdict(10_000).eValue > verdict(1).eValue)
    #expect(verdict(10_000_000).eValue.isFinite)
  }

  /// The settled minute at which a rollout of two steps of ten minutes is rolled back; nil if it never is.
  private func minuteOfRollback(_ traffic: inout Traffic, perMinute: Double, canary: Double) -> Int? {
    var evidence = FunctionEvidence(steps: [], history: Make.history(60, Int(perMinute), 0))
    for weight in [0.1, 0.5] {
      evidence.steps.append(Make.step(weight, []))
      for minute in 1...10 {
        let last = evidence.steps.count - 1
        evidence.steps[last].minutes.append(
          traffic.minute(perMinute: perMinute, weight: weight, stable: 0.001, canary: canary))
        evidence.steps[last].ended = minute == 10
        if judge(evidence, { $0.plannedSteps = 2 }).kind == .rollback { return 10 * last + minute }
      }
    }
    return nil
  }

  @Test(
    "a canary that always fails is caught within three settled minutes from 1 request a second on",
    arguments: [60.0, 600, 6_000])
  func brokenCanary(perMinute: Double) {
    var traffic = Traffic(seed: 7)
    for _ in 0..<100 {
      #expect(minuteOfRollback(&traffic, perMinute: perMinute, canary: 1) ?? .max <= 3)
    }
  }

  @Test("a canary that always fails is caught with 5 requests a minute, in the first step as a rule")
  func brokenCanaryOfQuietFunction() {
    var traffic = Traffic(seed: 8)
    let minutes = (0..<100).compactMap { _ in minuteOfRollback(&traffic, perMinute: 5, canary: 1) }
    #expect(minutes.count == 100)
    #expect(minutes.sorted()[50] <= 10)
  }
}
