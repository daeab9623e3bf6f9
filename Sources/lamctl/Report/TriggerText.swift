internal import Core
internal import Release
internal import Triggers

/// What calls functions, for people and in documents.
enum TriggerText {
  /// `+ jobs    eventSource arn:…`, one line a trigger that changes, or every one; then what needs `--yes`, and what is in
  /// the way.
  static func lines(_ surveys: [EdgeSurvey], all: Bool = false) -> [String] {
    var lines: [String] = []
    for survey in surveys {
      let function = survey.subject.scope.function
      for step in survey.steps where all || step.change != .none {
        let differs = step.change == .modify ? " (\(step.differs.joined(separator: ", ")))" : ""
        let detail = PlainText.line(step.detail)
        lines.append(
          "\(function) \(sign(step.change)) \(step.trigger)  \(step.kind.rawValue)  \(detail)\(differs)")
      }
      for edge in survey.foreign where all {
        lines.append(
          "\(function) ? \(PlainText.line(edge.id))  \(edge.kind.rawValue)  \(PlainText.line(edge.source)): not lamctl's"
        )
      }
      lines += survey.steps.compactMap { step in
        step.loss.map {
          PlainText.line("Deploy would ask for --yes: \(function), trigger \(step.trigger): \($0)")
        }
      }
      lines += survey.obstacles.map { obstacle in
        let sentence = [obstacle.description, obstacle.fix].compactMap(\.self).joined(separator: "; ")
        return PlainText.line("Deploy would refuse: \(sentence)")
      }
    }
    return lines
  }

  /// The member `obstacles`: what keeps a function's triggers from being written.
  static func obstacles(_ survey: EdgeSurvey) -> JSON {
    .array(
      survey.obstacles.map { obstacle in
        [
          "trigger": .optional(obstacle.trigger), "reason": .string(obstacle.reason),
          "fix": .optional(obstacle.fix),
        ]
      })
  }

  private static func sign(_ change: EdgeChange) -> String {
    switch change {
    case .none: "="
    case .add: "+"
    case .modify: "~"
    case .remove: "-"
    }
  }

  /// The member `triggers` of a function in documents.
  ///
  /// - Parameter result: what became of them; nil where nothing was to be written.
  static func json(_ survey: EdgeSurvey, result: EdgeResult? = nil) -> JSON {
    let failed = Set(result?.errors.compactMap(\.trigger) ?? [])
    let isWhole = result?.errors.isEmpty ?? true
    return .array(
      survey.steps.map { step in
        let outcome = Self.outcome(
          of: step, failed: result.map { _ in failed.contains(step.trigger) }, isWhole: isWhole)
        return [
          "name": .string(step.trigger), "kind": .string(step.kind.rawValue), "source": .string(step.source),
          "id": .optional(step.id), "change": .string(step.change.rawValue),
          "differs": .array(step.differs.map(JSON.string)), "outcome": .string(outcome),
        ]
      })
  }

  /// - Parameter failed: nil where nothing was to be written.
  private static func outcome(of step: EdgeStep, failed: Bool?, isWhole: Bool) -> String {
    if step.change == .none { return "unchanged" }
    guard let failed else { return "planned" }
    if failed { return "failed" }
    return step.change == .remove && !isWhole ? "skipped" : "applied"
  }

  /// The member `power` of a function: what each trigger will let its canary see.
  static func json(_ forecast: TriggerForecast) -> JSON {
    [
      "invocations": rounded(forecast.invocations), "canary": rounded(forecast.canary),
      "triggers": .array(
        forecast.lines.map { line in
          var entry = JSONObject([("name", .string(line.name)), ("kind", .string(line.kind.rawValue))])
          entry["unit"] = line.isBatched ? "batches" : "invocations"
          var (basis, range, next): (String?, ClosedRange<Double>?, Timestamp?) = (nil, nil, nil)
          switch line.sight {
          case .expected(let expected, let source): (basis, range) = (source.rawValue, expected)
          case .scheduled(let canary, _, let time): (basis, range, next) = ("schedule", canary...canary, time)
          case .later: (basis, range) = ("later", 0...0)
          case .off: (basis, range) = ("off", 0...0)
          case .unknown: break
          }
          entry["basis"] = .optional(basis)
          entry["least"] = rounded(range?.lowerBound)
          entry["most"] = rounded(range?.upperBound)
          entry["next"] = .optional(next?.iso8601)
          return .object(entry)
        }),
    ]
  }

  private static func rounded(_ value: Double?) -> JSON {
    value.map { .double(($0 * 10).rounded() / 10) } ?? .null
  }

  /// The member `foreign` of a function.
  static func foreign(_ survey: EdgeSurvey) -> JSON {
    .array(
      survey.foreign.map {
        [
          "kind": .string($0.kind.rawValue), "source": .string($0.source), "target": .string($0.target),
          "id": .string($0.id),
        ]
      })
  }
}
