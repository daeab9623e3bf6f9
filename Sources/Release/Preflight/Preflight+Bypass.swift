internal import Core

extension Preflight {
  /// A smaller share, or fewer invocations, may be a person trying the function out.
  private static let toleratedShare = 0.05
  private static let toleratedCount = 10
  /// From so many invocations on, none through the alias means that nothing calls it.
  private static let tellingCount = 30

  static func bypass(_ facts: PreflightFacts) -> PreflightFinding? {
    guard facts.heaviest != nil, !facts.isAdopted, let traffic = facts.traffic else { return nil }
    return bypass(traffic, of: facts.name.function, alias: facts.alias)
  }

  /// Whether a share of the traffic does not come through the alias, where nothing can shift it.
  package static func bypass(
    _ traffic: HourOfTraffic, of function: String, alias: String
  ) -> PreflightFinding? {
    let past = traffic.invocations - traffic.throughAlias
    let fix = "point its triggers at the alias \(alias)"
    if traffic.throughAlias == 0, past >= tellingCount {
      return .warning(
        function,
        "none of the \(past) invocations of the last hour went through the alias \(alias): the canary will see no "
          + "traffic", fix: fix)
    }
    guard past >= toleratedCount, Double(past) > toleratedShare * Double(traffic.invocations) else {
      return nil
    }
    let percent = (100 * Double(past) / Double(traffic.invocations)).formatted(digits: 0)
    return .warning(
      function,
      "\(percent) % of the invocations of the last hour did not go through the alias \(alias): the canary does not "
        + "see them", fix: fix)
  }

  /// Who calls a function by its bare name: they run `$LATEST`, which is the new code as soon as it is uploaded.
  package static func bareCallers(
    _ callers: [BareCaller], of function: String, alias: String
  ) -> PreflightFinding {
    let unread = callers.compactMap { caller -> String? in
      if case .unreadable(let what, let why) = caller { "\(what) cannot be read (\(why))" } else { nil }
    }
    // Nobody was seen, and nobody is to be moved.
    guard unread.count < callers.count else {
      return .warning(
        function, "whether its bare name has callers is not known: \(unread.joined(separator: ", "))",
        fix: "allow what lamctl doctor --policy lists for doctor")
    }
    return .warning(
      function,
      "its bare name has callers, which get no canary: \(callers.map(\.description).joined(separator: ", "))",
      fix: "point them at the alias \(alias): lamctl adopt does that, and shows how with --plan")
  }
}
