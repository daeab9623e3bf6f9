import Core
import Testing

@testable import Release
@testable import Triggers
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

  @Test("where deploy would refuse, the headline does not say that all is well")
  func refused() async throws {
    let plan = ReleasePlan(environment: "prod", alias: "prod", functions: [])
    let settings = ReleaseSettings(
      plan: try StepPlan(parsing: "10%:10m"), bake: .minutes(10), judge: JudgeSettings())
    var result = PlanResult(
      plan: plan, course: Course(plan, settings: settings, at: Timestamp(seconds: 0)), findings: [],
      forecasts: [])
    #expect(result.headline == "Nothing would change in prod.")
    let scope = EdgeScope(
      project: "shop", function: "orders", functionName: "shop-orders",
      functionARN: "arn:aws:lambda:eu-west-1:123456789012:function:shop-orders", alias: "prod")
    var survey = EdgeSurvey(EdgeSubject(scope: scope, triggers: [], eventInvoke: nil, recorded: nil))
    survey.obstacles = [EdgeError(scope, "api", "there is no HTTP API nope", fix: "make it")]
    result.edges = [survey]
    #expect(result.headline == "Deploy would refuse, and nothing would change in prod.")
    #expect(
      TriggerText.lines(result.edges) == [
        "Deploy would refuse: orders, trigger api: there is no HTTP API nope; make it"
      ])
    var step = EdgeStep("jobs", .eventSource, .remove, source: "arn")
    step.loss = "taking it away loses the place"
    survey.steps = [step]
    result.edges = [survey]
    #expect(result.headline == "Nothing but 1 trigger would change in prod, and deploy would refuse it.")
    #expect(
      TriggerText.lines(result.edges).prefix(2) == [
        "orders - jobs  eventSource  arn",
        "Deploy would ask for --yes: orders, trigger jobs: taking it away loses the place",
      ])
    let facts = await RunFacts(root: "/nowhere", in: World().context([]))
    let page = PlanText.markdown(result, settings: settings, facts: facts)
    #expect(!page.contains("Nothing would change.") && page.contains("Deploy would refuse"), "\(page)")
  }
}
