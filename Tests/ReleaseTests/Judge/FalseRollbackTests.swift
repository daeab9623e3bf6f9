import Core
import Glibc
import Release
import Testing

/// Whole rollouts of a canary that is no worse than the stable version, judged at every settled minute.
struct EqualRollout: Sendable, CustomTestStringConvertible {
  let name: String
  /// Invocations a minute of both versions together.
  var perMinute = 60.0
  /// The rate at which both versions fail.
  var rate = 0.01
  /// How many errors come together on one version, in the history as well.
  var cluster = 1
  /// Five minutes in the first step in which both versions fail at this rate.
  var outage: Double?
  /// The standard deviation of the logarithm of the rate's drift from one minute to the next.
  var drift = 0.0
  /// The rate in the bake, in multiples of what it was before.
  var inBake = 1.0
  var weights = [0.1, 0.5]
  var stepMinutes = 10
  var bakeMinutes = 15
  /// Minutes of the stable version before, of which at most 60 are the bake's baseline.
  var history = 180
  var functions = 1
  /// Whether slow invocations are counted, and take the release back.
  var isTimed = false
  /// Rollouts in a short run.
  var runs = 400

  var testDescription: String { name }

  /// Whether one such rollout is taken back.
  func isTakenBack(_ traffic: inout Traffic) -> Bool {
    var level = rate
    let before = (0..<functions).map { _ in
      (0..<history).map { _ in
        level = drifted(level, &traffic)
        return minute(0, level, &traffic)
      }
    }
    var evidence = before.map { minutes in
      FunctionEvidence(
        steps: [], history: minutes.map { HistoryMinute($0.stable, slow: $0.slow.map(\.stable)) })
    }
    var stable = before
    for (index, weight) in weights.enumerated() {
      for function in evidence.indices { evidence[function].steps.append(Make.step(weight, [])) }
      for place in 0..<stepMinutes {
        level = drifted(level, &traffic)
        let now = index == 0 && (2..<7).contains(place) ? outage ?? level : level
        for function in evidence.indices {
          let minute = minute(weight, now, &traffic)
          stable[function].append(minute)
          evidence[function].steps[index].minutes.append(minute)
          evidence[function].steps[index].ended = place == stepMinutes - 1
        }
        if isRollback(evidence) { return true }
      }
    }
    for function in evidence.indices {
      evidence[function].bake = BakeEvidence(
        ended: false, minutes: [], baseline: .sum(stable[function].suffix(60).lazy.map(\.stable)))
    }
    for place in 0..<bakeMinutes {
      for function in evidence.indices {
        evidence[function].bake?.minutes.append(minute(1, min(level * inBake, 1), &traffic))
        evidence[function].bake?.ended = place == bakeMinutes - 1
      }
      if isRollback(evidence) { return true }
    }
    return false
  }

  private func drifted(_ level: Double, _ traffic: inout Traffic) -> Double {
    drift == 0 ? level : min(max(level * exp(drift * traffic.normal()), rate / 10), min(rate * 10, 0.5))
  }

  private func minute(_ weight: Double, _ level: Double, _ traffic: inout Traffic) -> Minute {
    var minute = traffic.minute(
      perMinute: perMinute, weight: weight, stable: level, canary: level, cluster: cluster)
    guard isTimed else { return minute }
    minute.slow = [0.4, 0.06, 0.008].map { tail in
      Split(
        canary: traffic.poisson(Double(minute.canary.invocations) * tail),
        stable: traffic.poisson(Double(minute.stable.invocations) * tail))
    }
    return minute
  }

  private func isRollback(_ evidence: [FunctionEvidence]) -> Bool {
    var settings = JudgeSettings()
    settings.plannedSteps = max(weights.count, 1)
    settings.onLatency = isTimed ? .rollback : .hold
    guard evidence.count > 1 else {
      return Judge.verdict(function: "f", evidence: evidence[0], settings: settings).kind == .rollback
    }
    let named = evidence.enumerated().map { ("f\($0.offset)", $0.element) }
    return Judge.release(Dictionary(uniqueKeysWithValues: named), settings: settings).verdict.kind
      == .rollback
  }
}

/// That an equal canary is taken back in at most 1 % of whole rollouts, wherever the judge's assumptions hold: given the
/// minute's errors each hits the canary by its share, and errors bunch as the stable version's do.
@Suite("Equal canaries")
struct FalseRollbackTests {
  /// How many times as many rollouts are simulated as in a short run: `LAMCTL_JUDGE_DEPTH=20` for whoever changes the judge.
  private static let depth = getenv("LAMCTL_JUDGE_DEPTH").flatMap { Int(String(cString: $0)) } ?? 1

  static let scenarios: [EqualRollout] =
    [1.0, 5, 60, 600, 6_000].flatMap { perMinute in
      [0.001, 0.02, 0.3].map { rate in
        EqualRollout(name: "\(Int(perMinute)) a minute at \(rate)", perMinute: perMinute, rate: rate)
      }
    } + [
      EqualRollout(name: "a shared outage", perMinute: 60, rate: 0.001, outage: 0.3),
      EqualRollout(name: "a shared outage of many", perMinute: 600, rate: 0.01, outage: 0.5),
      // To a bake a rate that has drifted beyond twice the hour before looks like a bad release.
      EqualRollout(name: "a shared drift in the steps", perMinute: 60, drift: 0.2, bakeMinutes: 0),
      EqualRollout(name: "a shared drift in the steps of many", perMinute: 600, drift: 0.2, bakeMinutes: 0),
      EqualRollout(name: "clusters of 3, seen before", perMinute: 60, rate: 0.02, cluster: 3),
      EqualRollout(name: "clusters of 10, seen before", perMinute: 600, rate: 0.02, cluster: 10),
      EqualRollout(name: "clusters of 30, seen before", perMinute: 600, rate: 0.02, cluster: 30),
      EqualRollout(name: "errors twice as often in the bake", perMinute: 60, rate: 0.02, inBake: 2),
      EqualRollout(name: "errors twice as often in the bake of many", perMinute: 600, inBake: 2),
      EqualRollout(
        name: "no baseline at all", perMinute: 60, rate: 0.05, weights: [], history: 0),
      EqualRollout(
        name: "a baseline of twenty", perMinute: 20, rate: 0.05, weights: [], history: 1),
      EqualRollout(
        name: "a baseline of an hour of few", perMinute: 5, rate: 0.05, weights: [], history: 60),
      EqualRollout(name: "three slow limits", perMinute: 60, rate: 0.001, isTimed: true),
      EqualRollout(name: "three slow limits of many", perMinute: 600, rate: 0.001, isTimed: true),
      EqualRollout(
        name: "twenty functions", perMinute: 60, rate: 0.02, history: 60, functions: 20, runs: 40),
    ]

  @Test("are taken back in at most 1 % of whole rollouts", arguments: scenarios)
  func falseRollbacks(scenario: EqualRollout) {
    var traffic = Traffic(seed: 2_026)
    let runs = scenario.runs * Self.depth
    let taken = (0..<runs).count { _ in scenario.isTakenBack(&traffic) }
    #expect(Double(taken) <= 0.01 * Double(runs), "\(taken) of \(runs)")
  }

  @Test("a canary that is worse is found in the same rollouts, so that these could fail")
  func worse() {
    var scenario = EqualRollout(name: "far worse in the bake", perMinute: 60, rate: 0.02, inBake: 6)
    scenario.bakeMinutes = 15
    var traffic = Traffic(seed: 2_026)
    let taken = (0..<50).count { _ in scenario.isTakenBack(&traffic) }
    #expect(taken >= 45, "\(taken) of 50")
  }
}
