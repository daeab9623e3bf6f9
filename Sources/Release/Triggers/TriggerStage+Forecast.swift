internal import AWSClient
package import Core
package import Triggers

extension TriggerStage {
  /// What the functions of a plan are to have that have no alias yet.
  ///
  /// - Parameter arn: tells by which ARN a function will be known that does not exist yet.
  package func planned(
    _ plan: ReleasePlan, arn: (FunctionName) async throws(ReleaseError) -> String
  ) async throws(ReleaseError) -> [EdgeSurvey] {
    guard !settings.isSkipped else { return [] }
    var subjects: [EdgeSubject] = []
    var beside: Set<String> = []
    for function in plan.functions where function.input.edges != nil {
      switch function.deployed {
      case .serving(let serving): beside.insert(serving.description.configuration.unqualifiedARN)
      case .withoutAlias(let latest):
        subjects.append(subject(function, arn: latest.configuration.unqualifiedARN, tags: [:]))
      case .missing:
        let name = FunctionName(function: function.input.function, functionName: function.input.functionName)
        subjects.append(subject(function, arn: try await arn(name), tags: [:]))
      }
    }
    do throws(EdgeError) {
      return try await EdgeSurveyor(edges, parallel: settings.edges.parallel)
        .planned(subjects, beside: beside)
    } catch {
      throw .edge(error, isBefore: true)
    }
  }

  /// What each trigger of functions with a canary will let it see.
  ///
  /// - Parameters:
  ///   - functions: those that are released; without an alias they have no canary.
  ///   - surveys: what is known of their edges; those of others are as they are wanted.
  ///   - zone: the rules of a time zone; nil for one that nobody here knows.
  /// - Returns: nothing where CloudWatch cannot be read: that is told elsewhere.
  package func forecasts(
    _ functions: [FunctionPlan], _ surveys: [EdgeSurvey], plan: StepPlan, zone: (String) -> ZoneRules?
  ) async -> [TriggerForecast] {
    let known = functions.compactMap { function -> (FunctionName, EdgeScope, [TriggerForecast.Bound])? in
      guard case .serving(let serving) = function.deployed, let wish = function.input.edges,
        let triggers = wish.triggers, !triggers.isEmpty
      else { return nil }
      let scope = subject(function, arn: serving.description.configuration.unqualifiedARN, tags: [:]).scope
      let survey = surveys.first { $0.subject.scope == scope }
      let name = FunctionName(function: function.input.function, functionName: function.input.functionName)
      return (name, scope, triggers.map { Self.bound($0, survey) })
    }
    let isMoved = plan.steps.contains { if case .traffic = $0 { true } else { false } }
    guard !known.isEmpty, isMoved else { return [] }
    let series = known.map { name, scope, triggers in
      (name, Set(triggers.filter(\.isBound).compactMap { TriggerPace($0.trigger, in: scope).series }))
    }
    let now = services.serverTime()
    let counts = try? await TriggerTraffic(metrics: services.metrics, alias: alias)
      .day(before: now, of: Dictionary(series) { first, _ in first })
    return known.compactMap { name, scope, triggers in
      TriggerForecast(
        function: name.function, scope: scope, triggers: triggers, plan: plan, begin: now,
        counts: counts?[name.function] ?? TriggerForecast.Counts(), zone: zone)
    }
  }

  /// A trigger as it stands while the canary has traffic: what changes, changes after the bake.
  private static func bound(_ trigger: Trigger, _ survey: EdgeSurvey?) -> TriggerForecast.Bound {
    let step = survey?.steps.first { $0.trigger == trigger.name && $0.kind == trigger.kind }
    let present = step?.inForce.map { Trigger(name: trigger.name, kind: trigger.kind, settings: $0) }
    return TriggerForecast.Bound(present ?? trigger, isBound: step?.change != .add)
  }
}

extension TriggerPace {
  fileprivate var series: TriggerSeries? {
    if case .series(let series) = self { return series }
    return nil
  }
}
