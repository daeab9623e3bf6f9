package import Core

/// What the canary of one function can be expected to see, by the traffic of the last hour. Pure: traffic and steps in,
/// figures out.
package struct PowerForecast: Hashable, Sendable {
  /// One step with traffic.
  package struct Step: Hashable, Sendable {
    /// Its place in the plan, from 1.
    package let number: Int
    /// The canary's weight.
    package let weight: Weight
    /// How long it lasts.
    package let duration: TimeSpan
    /// Invocations of the canary that are expected in it; 0 or more.
    package let expected: Double
  }

  /// The function's logical name.
  package let function: String
  /// The steps with traffic in order; at least one.
  package let steps: [Step]
  /// The error rate that they show with 90 % where the stable version is clean, above 0, up to 1; nil where not even a
  /// canary that always fails is found with 90 %.
  package let detectableRate: Double?

  /// - Parameters:
  ///   - hour: the traffic of the last hour; only what came through the alias reaches the canary.
  ///   - functions: how many go forward and back together; they share one error budget.
  /// - Returns: nil where all traffic moves at once, so that nothing is seen before.
  package init?(function: String, hour: HourOfTraffic, plan: StepPlan, functions: Int = 1) {
    let perMinute = Double(hour.throughAlias) / 60
    let steps = plan.steps.enumerated().compactMap { index, step -> Step? in
      guard case .traffic(let weight, let duration) = step else { return nil }
      return Step(
        number: index + 1, weight: weight, duration: duration,
        expected: perMinute * duration.seconds / 60 * weight.fraction)
    }
    guard !steps.isEmpty else { return nil }
    self.function = function
    self.steps = steps
    let strata = steps.map { (chance: $0.weight.fraction, canary: $0.expected, stableErrors: 0) }
    let minutes = steps.reduce(0) { $0 + $1.duration.seconds } / 60
    detectableRate =
      Sensitivity(
        EvidenceCurve(strata, phi: 1), invocations: Int(min(steps.reduce(0) { $0 + $1.expected }, 1e12)),
        minutes: Int(min(minutes, 1e6)), budget: ErrorBudget(functions: max(functions, 1), counts: 1)
      )?.detectableRate
  }

  /// Invocations of the canary that are expected in all steps together.
  package var expected: Double { steps.reduce(0) { $0 + $1.expected } }

  /// What that means, in one sentence.
  ///
  /// - Parameter minInvocations: the canary's invocations that a step needs for a verdict.
  package func sentence(minInvocations: Int) -> String {
    func words(_ count: Double) -> String { Wording.count(Int(min(max(count.rounded(), 0), 1e15))) }
    if let step = steps.first(where: { $0.expected < Double(minInvocations) }) {
      return
        "\(function): by the last hour's traffic step \(step.number) (\(step.weight) for \(step.duration)) sees about "
        + "\(words(step.expected)) invocations of the canary, and \(minInvocations) are needed for a verdict."
    }
    let caught =
      detectableRate.map { "an error rate of about \(Wording.about($0)) is caught with 90 %" }
      ?? "not even a canary that always fails is caught with 90 %"
    return
      "\(function): by the last hour's traffic the canary gets about \(words(expected)) invocations: \(caught)."
  }
}
