import Core
import Testing

@Suite("Weights and step plans")
struct UnitTests {
  @Test(
    "weights are percentages",
    arguments: [("10%", 0.1), ("0.5%", 0.005), ("10", 0.1), ("100%", 1), ("0.1%", 0.001)])
  func weights(text: String, fraction: Double) throws {
    #expect(abs(try Weight(parsing: text).fraction - fraction) < 1e-12)
  }

  @Test(
    "no share of traffic",
    arguments: ["0", "0%", "101%", "-1%", "0.01%", "ten", "", "%", "1e1%", "nan", "10%%"])
  func refusedWeights(text: String) {
    let error = #expect(throws: UnitError.self) { try Weight(parsing: text) }
    #expect(error?.description.hasPrefix("'\(text)' is not a share of traffic") == true)
  }

  @Test(
    "a plan is read and written back",
    arguments: ["1%:5m,10%:10m,pause,50%:10m", "10%:10m", "100%", "0.5%:1h30m"])
  func plans(text: String) throws {
    #expect(try StepPlan(parsing: text).description == text)
  }

  @Test("a last 100% is the promotion itself")
  func promotion() throws {
    #expect(try StepPlan(parsing: "10%:10m,100%") == StepPlan(parsing: "10%:10m"))
    #expect(try StepPlan(parsing: "100%") == .allAtOnce)
  }

  @Test(
    "a plan that breaks a rule is refused with the rule",
    arguments: [
      ("10%", "'10%' has no time"), ("10%:10", "has no unit"), ("10%:5m,5%:5m", "weights must rise"),
      ("pause,10%:5m", "a pause needs a weight before it"), ("100%,50%:5m", "nothing can follow 100%"),
      ("10%:0s", "takes no time"), ("0%:5m", "not a share of traffic"), ("", "not a share of traffic"),
      ("10%:5m,", "not a share of traffic"), ("50%:5m,100%:5m", "it is the bake"),
    ])
  func refusedPlans(text: String, reason: String) {
    let error = #expect(throws: UnitError.self) { try StepPlan(parsing: text) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test(
    "numbers are shown without noise",
    arguments: [
      (10.0, "10"), (0.5, "0.5"), (1.0 / 3, "0.33"), (-0.001, "0"), (99.999, "100"), (-1.5, "-1.5"),
    ])
  func numbers(value: Double, text: String) {
    #expect(value.formatted(digits: 2) == text)
  }

  @Test(
    "the nearest word is offered, a far one is not",
    arguments: [
      ("deplyo", "deploy"), ("rolback", "rollback"), ("stauts", "status"), ("xyzzy", nil),
      (String(repeating: "l", count: 256), String(repeating: "l", count: 255)),
      (String(repeating: "l", count: 257), nil),
    ])
  func suggestions(word: String, expected: String?) {
    let long = String(repeating: "l", count: 255)
    #expect(Suggestion.nearest(to: word, in: ["deploy", "rollback", "status", "plan", long]) == expected)
  }
}
