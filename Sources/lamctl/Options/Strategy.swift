internal import Core

/// How the traffic moves to a new version, as the flags of `deploy` say it.
enum Strategy: Hashable, Sendable {
  /// One step; without a time, that of the environment's rollout.
  case canary(Weight, TimeSpan?)
  /// Steps of the same size and length up to 100 %.
  case linear(Weight, TimeSpan)
  /// Steps one by one.
  case steps(StepPlan)
  /// Smoke test at 0 %, then 100 %, with rollback armed during the bake.
  case blueGreen
  /// Smoke test, then 100 %, no wait.
  case allAtOnce

  /// The steps that the strategy stands for; none for blue/green and all at once.
  ///
  /// - Parameter defaultTime: the length of a canary step that was given none.
  func plan(defaultTime: TimeSpan) throws(UnitError) -> StepPlan {
    switch self {
    case .canary(let weight, let time): return .canary(weight: weight, duration: time ?? defaultTime)
    case .linear(let weight, let time):
      // In hundredths of a percent, as steps are written: what is 100 % there is no step but the promotion.
      let hundredths = (weight.percent * 100).rounded()
      let steps = stride(from: hundredths, to: 10_000, by: hundredths).map {
        "\(($0 / 100).formatted(digits: 2))%:\(time)"
      }
      guard !steps.isEmpty else { return .allAtOnce }
      return try StepPlan(parsing: steps.joined(separator: ","))
    case .steps(let plan): return plan
    case .blueGreen, .allAtOnce: return .allAtOnce
    }
  }

  /// Reads `10%` or `10%:5m`.
  static func canary(parsing text: String) throws(ValueError) -> Strategy {
    let (weight, time) = try parts(of: text)
    return .canary(weight, time)
  }

  /// Reads `10%:5m`.
  static func linear(parsing text: String) throws(ValueError) -> Strategy {
    let (weight, time) = try parts(of: text)
    guard let time else { throw ValueError("'\(text)' has no time: write for example \(weight):5m") }
    return .linear(weight, time)
  }

  private static func parts(of text: String) throws(ValueError) -> (Weight, TimeSpan?) {
    let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let weight = try Weight(argument: halves[0])
    guard halves.count == 2 else { return (weight, nil) }
    let time = try TimeSpan(argument: halves[1])
    guard time > .zero else { throw ValueError("'\(text)' takes no time: write for example \(weight):5m") }
    guard weight < .all else { throw ValueError("'\(text)': 100% has no time of its own, it is the bake") }
    return (weight, time)
  }
}

extension InterruptPolicy: ChoiceValue {}
extension LowTrafficPolicy: ChoiceValue {}
