import Release

/// Builders that keep the tables of these tests short.
enum Make {
  static func minute(_ nc: Int, _ ec: Int?, _ nb: Int, _ eb: Int?, slow: [Split] = []) -> Minute {
    Minute(
      canary: Counts(invocations: nc, errors: ec), stable: Counts(invocations: nb, errors: eb), slow: slow)
  }

  /// So many minutes alike.
  static func minutes(_ count: Int, _ nc: Int, _ ec: Int?, _ nb: Int, _ eb: Int?) -> [Minute] {
    Array(repeating: minute(nc, ec, nb, eb), count: count)
  }

  /// So many minutes of a bake alike.
  static func baked(_ count: Int, _ n: Int, _ e: Int?) -> [Minute] { minutes(count, n, e, 0, nil) }

  static func history(_ count: Int, _ n: Int, _ e: Int?) -> [HistoryMinute] {
    Array(repeating: HistoryMinute(Counts(invocations: n, errors: e)), count: count)
  }

  static func step(_ weight: Double, _ minutes: [Minute], ended: Bool = false) -> StepEvidence {
    StepEvidence(weight: weight, ended: ended, minutes: minutes)
  }

  static func bake(_ minutes: [Minute], hour: (Int, Int), ended: Bool = false) -> BakeEvidence {
    BakeEvidence(ended: ended, minutes: minutes, baseline: Counts(invocations: hour.0, errors: hour.1))
  }

  static func evidence(
    _ minutes: [Minute], weight: Double = 0.1, ended: Bool = false, usual: Counts? = nil
  ) -> FunctionEvidence {
    FunctionEvidence(
      steps: [step(weight, minutes, ended: ended)],
      history: usual.map { Array(repeating: HistoryMinute($0), count: 60) } ?? [], canaryVersion: "42",
      stableVersion: "41")
  }

  static func baking(
    _ minutes: [Minute], hour: (Int, Int), after steps: [StepEvidence] = [], ended: Bool = false
  ) -> FunctionEvidence {
    FunctionEvidence(
      steps: steps, bake: bake(minutes, hour: hour, ended: ended), canaryVersion: "42", stableVersion: "41")
  }
}

/// The verdict on one function, with the defaults changed.
func judge(_ evidence: FunctionEvidence, _ change: (inout JudgeSettings) -> Void = { _ in }) -> Verdict {
  var settings = JudgeSettings()
  change(&settings)
  return Judge.verdict(function: "orders", evidence: evidence, settings: settings)
}
