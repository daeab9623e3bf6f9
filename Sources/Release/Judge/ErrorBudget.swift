/// What one function, on its own or among others, may spend on false rollbacks.
struct ErrorBudget {
  /// The budget of the tests that look at every minute.
  static let sequential = 0.0075
  /// The budget of the tests at the ends of the steps, and of slow invocations.
  static let gate = 0.0025
  /// How likely the tail of a step may be without its worst minute.
  private static let gateRest = 0.01
  /// A bake's second baseline must convict too, with this many times the budget of the first.
  static let ease = 10.0

  /// Functions that go forward or back together.
  let functions: Int
  /// Counts that are compared: the errors and each of the user's metrics.
  let counts: Int

  /// For one count of one function. Among others a function acts alone only on evidence that would make the mean
  /// over all of them, which is half of the release's evidence, act too.
  var relative: Double { Self.sequential / Double(counts) / Double(functions == 1 ? 1 : 2 * functions) }
  /// For all functions' evidence together.
  var release: Double { Self.sequential / Double(counts) }
  var limit: Double { Self.sequential / Double(functions) }
  var latency: Double { Self.gate / Double(functions) }
  func tail(steps: Int) -> Double { Self.gate / Double(max(steps, 1)) / Double(functions) }
  var tailRest: Double { Self.gateRest / Double(functions) }
}
