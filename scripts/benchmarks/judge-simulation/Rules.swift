internal import Glibc
internal import Release

/// Who decides, and how: the minute, from 1, at which a rollout is taken back; nil where it is not.
struct Rule: Sendable {
  let name: String
  let minuteOfRollback: @Sendable (_ history: [Counts], _ minutes: [Minute]) -> Int?

  static let all = [lamctl, codeDeploy, flagger, argo, kayenta]

  /// The judge of this repository, at every minute.
  static let lamctl = Rule(name: "lamctl") { history, minutes in
    var evidence = FunctionEvidence(
      steps: [StepEvidence(weight: 0.1, ended: false, minutes: [])],
      history: history.map { HistoryMinute($0) })
    for (place, minute) in minutes.enumerated() {
      evidence.steps[0].minutes.append(minute)
      evidence.steps[0].ended = place == minutes.count - 1
      let verdict = Judge.verdict(function: "f", evidence: evidence, settings: JudgeSettings())
      if verdict.kind == .rollback { return place + 1 }
    }
    return nil
  }

  /// CodeDeploy with the two alarms of SAM's guide: errors of the alias, or of its latest version, above 0 in two minutes
  /// running. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html
  static let codeDeploy = Rule(name: "CodeDeploy") { _, minutes in
    let failing = minutes.map { ($0.canary + $0.stable).errors > 0 }
    return failing.indices.dropFirst().first { failing[$0] && failing[$0 - 1] }.map { $0 + 1 }
  }

  /// Flagger with the settings of its tutorials: a success rate below 99 % in a minute, or no data, is a failed check, and
  /// the fifth takes it back. https://docs.flagger.app/usage/how-it-works
  static let flagger = Rule(name: "Flagger") { _, minutes in
    var failed = 0
    for (place, minute) in minutes.enumerated() {
      if minute.canary.rate.map({ $0 > 0.01 }) ?? true { failed += 1 }
      if failed == 5 { return place + 1 }
    }
    return nil
  }

  /// Argo Rollouts with the success rate of its documentation: measured every 5 minutes, at least 95 %, at most 3 failures.
  /// https://argo-rollouts.readthedocs.io/en/stable/features/analysis/
  static let argo = Rule(name: "Argo") { _, minutes in
    var failed = 0
    for end in stride(from: 5, through: minutes.count, by: 5) {
      let rate = Counts.sum(minutes[(end - 5)..<end].lazy.map(\.canary)).rate
      if rate.map({ $0 > 0.05 }) ?? false { failed += 1 }
      if failed > 3 { return end }
    }
    return nil
  }

  /// Kayenta's judge: Mann-Whitney on the error rates of single minutes, a minute without invocations counting as 0, with
  /// 98 % confidence and a tolerance of a quarter; looked at after 10, 20 and 30 minutes.
  /// https://github.com/spinnaker/kayenta/blob/master/kayenta-judge/src/main/scala/com/netflix/kayenta/judge/classifiers/metric/MannWhitneyClassifier.scala
  static let kayenta = Rule(name: "Kayenta") { _, minutes in
    [10, 20, 30].first { end in
      let seen = minutes.prefix(end)
      return isHigher(seen.map { $0.canary.rate ?? 0 }, than: seen.map { $0.stable.rate ?? 0 })
    }
  }

  /// Whether the lower end of the confidence interval of the shift lies above a quarter of the shift.
  private static func isHigher(_ canary: [Double], than stable: [Double]) -> Bool {
    guard Set(canary + stable).count > 1 else { return false }
    let differences = canary.flatMap { value in stable.map { value - $0 } }.sorted()
    let (m, n) = (Double(canary.count), Double(stable.count))
    let deviation = (m * n * (m + n + 1) / 12).squareRoot()
    let place = Int((m * n / 2 - 2.3263 * deviation).rounded(.down))
    guard differences.indices.contains(place) else { return false }
    let shift = differences[differences.count / 2]
    return differences[place] > 0.25 * shift.magnitude
  }
}
