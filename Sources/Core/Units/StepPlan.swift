/// The way of a rollout from 0 % to 100 %: each step a weight and a time, or a pause for a person.
package struct StepPlan: Hashable, Sendable, CustomStringConvertible {
  /// One stage of the plan.
  package enum Step: Hashable, Sendable {
    /// The canary gets `weight` of the traffic for `duration`.
    case traffic(weight: Weight, duration: TimeSpan)
    /// The rollout stays at the weight it has until somebody promotes or aborts it.
    case pause
  }

  /// The stages in order. Weights rise; none when all traffic moves at once.
  package let steps: [Step]

  /// All traffic at once.
  package static let allAtOnce = StepPlan(unchecked: [])

  /// One step.
  package static func canary(weight: Weight, duration: TimeSpan) -> StepPlan {
    StepPlan(unchecked: weight == .all ? [] : [.traffic(weight: weight, duration: duration)])
  }

  /// A plan of which one step is known: the canary has `weight` in step `step`, from 1, of `count`, and keeps it longer
  /// than any rollout takes. The others are pauses.
  package init(standingAt weight: Weight, step: Int, of count: Int) {
    let index = min(max(step, 1), Self.most) - 1
    var steps = [Step](repeating: .pause, count: min(max(count, index + 1), Self.most))
    steps[index] = .traffic(weight: weight, duration: .minutes(Self.endless))
    self.init(unchecked: steps)
  }

  private static let most = 1000
  /// A month, in minutes.
  private static let endless = 43_200.0

  private init(unchecked steps: [Step]) {
    self.steps = steps
  }

  /// Reads `1%:5m,10%:10m,pause,50%:10m`; `100%` alone, or last, means that nothing is left to wait for.
  ///
  /// - Throws: ``UnitError`` naming the step that is wrong: an unreadable weight or time, a step without a time,
  ///   weights that do not rise, a pause before any traffic, or a step after 100 %.
  package init(parsing text: String) throws(UnitError) {
    var steps: [Step] = []
    var last = 0.0
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let part = String(part.filter { $0 != " " })
      guard last < 1 else { throw .steps(text, reason: "nothing can follow 100%") }
      if part == "pause" {
        guard !steps.isEmpty else { throw .steps(text, reason: "a pause needs a weight before it") }
        steps.append(.pause)
        continue
      }
      let halves = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let weight = try Weight(parsing: halves[0])
      guard weight.fraction > last else { throw .steps(text, reason: "weights must rise") }
      last = weight.fraction
      guard weight != .all else {
        guard halves.count == 1 else {
          throw .steps(text, reason: "100% has no time of its own, it is the bake")
        }
        continue
      }
      guard halves.count == 2 else { throw .steps(text, reason: "'\(part)' has no time") }
      let duration = try TimeSpan(parsing: halves[1])
      guard duration > .zero else { throw .steps(text, reason: "'\(part)' takes no time") }
      steps.append(.traffic(weight: weight, duration: duration))
    }
    self.steps = steps
  }

  /// The form that ``init(parsing:)`` reads back.
  package var description: String {
    guard !steps.isEmpty else { return "100%" }
    return steps.map { step in
      switch step {
      case .traffic(let weight, let duration): "\(weight):\(duration)"
      case .pause: "pause"
      }
    }.joined(separator: ",")
  }
}
