import Core
import Testing

@testable import Release
@testable import lamctl

@Suite("What a plan says beside its table")
struct PlanTextTests {
  private static let names = (10..<50).map { "fn-\($0)" }

  private static func forecasts(_ names: [String], throughAlias: Int) throws -> [PowerForecast] {
    let plan = try StepPlan(parsing: "10%:10m")
    let hour = HourOfTraffic(invocations: throughAlias, throughAlias: throughAlias, mostConcurrent: 1)
    return names.compactMap { PowerForecast(function: $0, hour: hour, plan: plan, functions: names.count) }
  }

  @Test("what 40 functions can be expected to see is a line for the quiet ones and one for the others")
  func many() throws {
    let quiet = try Self.forecasts(Array(Self.names.dropFirst(3)), throughAlias: 60)
    let busy = try Self.forecasts(Array(Self.names.prefix(3)), throughAlias: 600_000)
    let lines = PlanText.forecasts(busy + quiet, minInvocations: 30)
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("37 of 40 functions: by the last hour's traffic some step sees fewer than"))
    #expect(lines[0].hasSuffix("needs: fn-13, fn-14, fn-15, fn-16, fn-17 and 32 more.\n"))
    #expect(lines[1].hasPrefix("3 of 40 functions: by the last hour's traffic every step sees enough"))
    #expect(lines[1].hasSuffix(": fn-10, fn-11, fn-12.\n"))
    #expect(PlanText.forecasts(Array(quiet.prefix(2)), minInvocations: 30).count == 2)
  }

  @Test("what speaks against all of them is one line with a count, refusals first")
  func findings() {
    let findings =
      Self.names.map { PreflightFinding.warning($0, "callers use the bare name", fix: "run lamctl adopt") }
      + [.refusal("fn-10", "its role is missing", fix: "make it")]
    #expect(
      PlanText.findings(findings) == [
        "Deploy would refuse: fn-10: its role is missing; make it\n",
        "Deploy would warn: fn-10, fn-11, fn-12, fn-13, fn-14 and 35 more: callers use the bare name; run lamctl adopt\n",
      ])
  }
}
