internal import Core
internal import Packager
internal import Release
internal import Triggers

/// What a plan comes to: what would change, what deploy would do about everything that it finds, and what speaks against it.
struct PlanResult {
  let plan: ReleasePlan
  let course: Course
  let findings: [PreflightFinding]
  let forecasts: [PowerForecast]
  var leftovers: [Leftover] = []
  var edges: [EdgeSurvey] = []
  var powers: [TriggerForecast] = []

  /// Whether a deploy would end before it changes anything.
  var isRefused: Bool {
    !course.refusals.isEmpty || findings.contains { $0.severity == .refusal }
      || edges.contains { !$0.obstacles.isEmpty }
  }

  /// `2 of 3 functions would change in prod.`, and that deploy would refuse it.
  var headline: String {
    let bound = edges.reduce(0) { $0 + $1.steps.count { $0.change != .none } }
    let what: String
    if !plan.isEmpty {
      what =
        "\(plan.changed.count + plan.updated.count) of \(plan.functions.count) functions would change in "
        + plan.environment
    } else if bound > 0 {
      what =
        "Nothing but \(bound == 1 ? "1 trigger" : "\(bound) triggers") would change in \(plan.environment)"
    } else {
      return isRefused
        ? "Deploy would refuse, and nothing would change in \(plan.environment)."
        : "Nothing would change in \(plan.environment)."
    }
    return isRefused ? "\(what), and deploy would refuse it." : "\(what)."
  }
}

/// What a plan says beside its table: what would be the same for many functions is one line with their count. Pure.
enum PlanText {
  /// The most names in one line.
  private static let mostNames = 5

  /// Of the functions in which an update was put off; nil where there are none.
  static func ignored(_ plan: ReleasePlan) -> String? {
    let functions = plan.deferred
    guard !functions.isEmpty else { return nil }
    return "Ignored: other tools than built what serves, in \(names(functions))."
  }

  /// What speaks against a deploy, refusals first.
  static func findings(_ findings: [PreflightFinding]) -> [String] {
    var groups: [(finding: PreflightFinding, functions: [String])] = []
    for finding in findings {
      let index = groups.firstIndex {
        ($0.finding.severity, $0.finding.rule, $0.finding.fix) == (
          finding.severity, finding.rule, finding.fix
        )
      }
      if let index {
        groups[index].functions += [finding.function].compactMap { $0 }
      } else {
        groups.append((finding, [finding.function].compactMap { $0 }))
      }
    }
    let ordered =
      groups.filter { $0.finding.severity == .refusal } + groups.filter { $0.finding.severity != .refusal }
    return ordered.map { finding, functions in
      let head = finding.severity == .refusal ? "Deploy would refuse: " : "Deploy would warn: "
      let subject = functions.isEmpty ? "" : names(functions) + ": "
      return "\(head)\(subject)\(finding.rule); \(finding.fix)\n"
    }
  }

  /// What the canaries can be expected to see.
  static func forecasts(_ forecasts: [PowerForecast], minInvocations: Int) -> [String] {
    guard forecasts.count > 3 else {
      return forecasts.map { $0.sentence(minInvocations: minInvocations) + "\n" }
    }
    let low = forecasts.filter { $0.steps.contains { $0.expected < Double(minInvocations) } }
    let enough = forecasts.filter { forecast in !low.contains { $0.function == forecast.function } }
    var lines: [String] = []
    if !low.isEmpty {
      lines.append(
        "\(low.count) of \(forecasts.count) functions: by the last hour's traffic some step sees fewer than the "
          + "\(minInvocations) invocations of the canary that a verdict needs: \(names(low.map(\.function))).\n"
      )
    }
    if !enough.isEmpty {
      let worst = enough.compactMap(\.detectableRate).max()
      let caught =
        worst.map { ", enough to catch an error rate of \(Percent.text($0)) with 90 %" } ?? ""
      lines.append(
        "\(enough.count) of \(forecasts.count) functions: by the last hour's traffic every step sees enough"
          + "\(caught): \(names(enough.map(\.function))).\n")
    }
    return lines
  }

  /// What their triggers will let the canaries see.
  static func powers(_ forecasts: [TriggerForecast]) -> [String] {
    forecasts.map { PlainText.line($0.sentence) + "\n" }
  }

  /// `orders, refunds and 3 more`.
  static func names(_ names: [String]) -> String {
    guard names.count > mostNames else { return names.joined(separator: ", ") }
    return names.prefix(mostNames).joined(separator: ", ") + " and \(names.count - mostNames) more"
  }
}

extension PlanText {
  /// A plan as Markdown, for a comment on a request and the page of a CI run.
  static func markdown(_ result: PlanResult, settings: ReleaseSettings, facts: RunFacts) -> String {
    let plan = result.plan
    let isConcerned = { (function: FunctionPlan) in
      function.change != .none || !function.own.isEmpty || function.unfinished != nil
    }
    let concerned = plan.functions.filter(isConcerned)
    var origin: [String] = []
    if let commit = facts.commit {
      origin.append("commit \(Markdown.code(String(commit.prefix(12)) + (facts.isDirty ? "+" : "")))")
    }
    origin.append("steps \(Markdown.code("\(settings.plan)")), bake \(Markdown.code("\(settings.bake)"))")
    if let link = Markdown.link("run", facts.link) { origin.append(link) }
    var parts = [
      "### lamctl plan: \(Markdown.escaped(plan.environment))\(facts.isRehearsal ? ", a rehearsal" : "")",
      facts.isRehearsal ? Markdown.rehearsal : "",
      Markdown.escaped(result.headline),
      origin.joined(separator: " · "),
      Markdown.table(
        ["function", "change", "serves", "why"],
        concerned.map { function in
          [
            Markdown.cell(function.input.function),
            function.change != .none ? function.change.rawValue : function.own.isEmpty ? "-" : "settings",
            function.servingVersion ?? "-",
            Markdown.escaped(function.reasons(settings.drift).joined(separator: "; ")),
          ]
        }),
    ]
    let notes =
      [ignored(result.plan)].compactMap { $0 } + CourseText.lines(result.course)
      + TriggerText.lines(result.edges) + findings(result.findings)
      + forecasts(result.forecasts, minInvocations: settings.judge.minInvocations) + powers(result.powers)
    let list = notes.map {
      "- " + Markdown.escaped(PlainText.line($0.split(separator: "\n").joined(separator: " ")))
    }
    if !list.isEmpty { parts.append(list.joined(separator: "\n")) }
    let same = plan.functions.filter { !isConcerned($0) }.map(\.input.function)
    if !same.isEmpty {
      parts.append(
        "<details><summary>\(same.count) unchanged</summary>\n\n"
          + same.map(Markdown.code).joined(separator: ", ") + "\n\n</details>")
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n\n"
  }
}
