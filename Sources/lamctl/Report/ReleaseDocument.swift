internal import Core
internal import Release
internal import Triggers

/// The documents of `deploy`, `plan` and `rollback`: fields once published keep their names and types.
enum ReleaseDocument {
  /// `lamctl.deploy/1` and `lamctl.rollback/1`.
  static func report(
    _ report: ReleaseReport, schema: String, exitCode: ExitCode, facts: RunFacts, duration: TimeSpan,
    failure: Failure?, signal: Interruption.Signal? = nil, secrets: Secrets
  ) -> JSON {
    var document = head(schema, environment: report.environment, alias: report.alias)
    document["release"] = .optional(report.release?.description)
    document["outcome"] = .string(report.outcome.rawValue)
    if let preview = report.preview { document["preview"] = PreviewText.json(preview) }
    document["exitCode"] = .int(Int(exitCode.rawValue))
    document["commit"] = .optional(facts.commit)
    document["owner"] = .string(facts.owner)
    document["link"] = .optional(facts.link)
    document["durationSeconds"] = .double((duration.seconds * 10).rounded() / 10)
    document["functions"] = .array(
      report.functions.map { function($0, alias: report.alias, secrets: secrets) })
    if report.functions.count > 1, let verdict = report.verdict {
      document["verdict"] = .object(verdict.json)
    }
    if let evidence = report.evidence { document["evidence"] = evidence.json }
    if !report.warnings.isEmpty { document["warnings"] = .array(report.warnings.map(JSON.string)) }
    if report.wasInterrupted { document["signal"] = .optional(signal?.name) }
    document["error"] = failure?.json ?? .null
    return .object(document)
  }

  /// `lamctl.plan/1`.
  static func plan(
    _ plan: ReleasePlan, drift: DriftPolicy, course: Course, findings: [PreflightFinding],
    forecasts: [PowerForecast], powers: [TriggerForecast], edges: [EdgeSurvey], leftovers: [JSON],
    commit: String?, exitCode: ExitCode, secrets: Secrets
  ) -> JSON {
    let bound = Dictionary(edges.map { ($0.subject.scope.function, $0) }) { first, _ in first }
    let isEmpty = plan.isEmpty && !edges.contains(where: \.differs)
    let expected = Dictionary(forecasts.map { ($0.function, $0) }) { first, _ in first }
    let seen = Dictionary(powers.map { ($0.function, $0) }) { first, _ in first }
    var document = head("lamctl.plan/1", environment: plan.environment, alias: plan.alias)
    document["outcome"] = .string(isEmpty ? "unchanged" : "changes")
    document["exitCode"] = .int(Int(exitCode.rawValue))
    document["commit"] = .optional(commit)
    document["functions"] = .array(
      plan.functions.map { plan in
        var entry = JSONObject()
        entry["function"] = .string(plan.input.function)
        entry["functionName"] = .string(plan.input.functionName)
        entry["change"] = .string(plan.change.rawValue)
        entry["reasons"] = .array(plan.reasons(drift).map(JSON.string))
        entry["drift"] = Self.drift(plan.foreign)
        entry["fromVersion"] = .optional(plan.servingVersion)
        entry["toVersion"] = .null
        entry["digests"] = digests(plan.input.sourceDigest, nil, plan.input.configurationDigest)
        if plan.input.isDeferred { entry["ignored"] = [.string(Deferral.tools.rawValue)] }
        entry["settings"] = SettingLines(secrets).json(plan.differences + plan.own)
        entry["rollout"] = .optional(plan.unfinished?.record.state.word)
        if let adoption = plan.adoption {
          entry["adoption"] = [
            "stage": .string(adoption.stage.rawValue),
            "callers": .array(adoption.callers.map { .string($0.description) }),
            "lastCall": .optional(adoption.lastCall?.iso8601),
          ]
        }
        if let survey = bound[plan.input.function] { entry["triggers"] = TriggerText.json(survey) }
        if let forecast = expected[plan.input.function] { entry["canary"] = canary(forecast) }
        if let forecast = seen[plan.input.function] { entry["power"] = TriggerText.json(forecast) }
        return .object(entry)
      })
    document["course"] = CourseText.json(course)
    if !leftovers.isEmpty { document["leftovers"] = .array(leftovers) }
    if !findings.isEmpty {
      document["warnings"] = .array(findings.map { .string($0.description) })
      document["findings"] = .array(
        findings.map { finding in
          [
            "function": .optional(finding.function),
            "severity": finding.severity == .refusal ? "refusal" : "warning",
            "rule": .string(finding.rule), "fix": .string(finding.fix),
          ]
        })
    }
    document["error"] = .null
    return .object(document)
  }

  /// What others have changed: the version since when, settings that go on, settings that are set back, and whether
  /// there is other code.
  static func drift(_ changes: ForeignChanges?) -> JSON {
    guard let changes else { return .null }
    return [
      "since": .string(changes.since), "settings": .array(changes.settings.map(JSON.string)),
      "overridden": .array(changes.overridden.map(JSON.string)), "code": .bool(changes.hasOtherCode),
    ]
  }

  private static func canary(_ forecast: PowerForecast) -> JSON {
    [
      "expectedInvocations": .double(rounded(forecast.expected)),
      "detectableErrorRate": forecast.detectableRate.map(JSON.double) ?? .null,
      "steps": .array(
        forecast.steps.map { step in
          [
            "weight": .double(step.weight.fraction), "seconds": .double(step.duration.seconds),
            "expectedInvocations": .double(rounded(step.expected)),
          ]
        }),
    ]
  }

  private static func head(_ schema: String, environment: String, alias: String) -> JSONObject {
    JSONObject([
      ("schema", .string(schema)), ("environment", .string(environment)), ("alias", .string(alias)),
    ])
  }

  private static func function(_ report: FunctionReport, alias: String, secrets: Secrets) -> JSON {
    var entry = JSONObject()
    entry["function"] = .string(report.function)
    entry["functionName"] = .string(report.functionName)
    entry["change"] = .string(report.change.rawValue)
    entry["reasons"] = .array(report.reasons.map(JSON.string))
    entry["settings"] = SettingLines(secrets).json(report.settings)
    entry["fromVersion"] = .optional(report.fromVersion)
    entry["toVersion"] = .optional(report.toVersion)
    entry["alias"] = .string(alias)
    entry["codeSha256"] = .optional(report.codeSHA256)
    entry["digests"] = report.digests.map { digests($0.source, $0.package, $0.configuration) } ?? .null
    entry["outcome"] = .string(report.outcome.rawValue)
    entry["weights"] = .object(
      JSONObject(report.serving.sorted { $0.key < $1.key }.map { ($0.key, .double($0.value)) }))
    entry["moved"] = report.moved.map { ["from": .string($0.from), "to": .string($0.to)] } ?? .null
    entry["driver"] = .optional(report.driver)
    entry["error"] = report.failure.map { Failure($0).json } ?? .null
    entry["verdict"] = report.verdict.map { .object($0.json) } ?? .null
    if let url = report.url { entry["url"] = .string(url) }
    if let edges = report.edges { entry["triggers"] = TriggerText.json(edges.survey, result: edges) }
    if report.outcome == .rolledBack {
      entry["verified"] = .bool(report.isVerified)
      entry["errors"] = .array(
        report.errors.map { ["message": .string($0.message), "count": .int($0.count)] })
      entry["cost"] = report.cost.map(cost) ?? .null
    }
    return .object(entry)
  }

  private static func cost(_ comparison: CostComparison) -> JSON {
    func entry(_ cost: RunningCost) -> JSON {
      [
        "meanMilliseconds": .double(rounded(cost.milliseconds)), "memorySize": .int(cost.memorySize),
        "gigabyteSeconds": .double(cost.gigabyteSeconds),
      ]
    }
    return [
      "canary": entry(comparison.canary), "stable": entry(comparison.stable),
      "ratio": .double(rounded(comparison.ratio)),
    ]
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  private static func digests(_ source: String, _ package: String?, _ configuration: String) -> JSON {
    ["src": .string(source), "pkg": .optional(package), "cfg": .string(configuration)]
  }
}
