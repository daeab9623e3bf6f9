internal import Core

/// Triggers that would take the same thing: S3 refuses the one that comes second, and a route has one target.
enum TriggerOverlap {
  /// What is wrong among all functions of an environment.
  static func faults(in definitions: [FunctionDefinition]) -> [PackagerError] {
    let triggers = definitions.flatMap { definition in
      (definition.triggers ?? []).map { (function: definition.name, trigger: $0) }
    }
    var faults: [PackagerError] = []
    for (index, second) in triggers.enumerated() {
      for first in triggers[..<index] where first.trigger.kind == second.trigger.kind {
        guard let reason = overlap(first.trigger.settings, second.trigger.settings, second.trigger.kind)
        else { continue }
        let names =
          first.function == second.function
          ? [first.trigger.name, second.trigger.name]
          : ["\(first.function).\(first.trigger.name)", "\(second.function).\(second.trigger.name)"]
        faults.append(
          .config(
            location: second.trigger.location, reason: "\(names[0]) and \(names[1]) both take \(reason)"))
      }
    }
    return faults
  }

  private static func overlap(_ first: JSONObject, _ second: JSONObject, _ kind: String) -> String? {
    switch kind {
    case "s3": notifications(first, second)
    case "httpApi": routes(first, second)
    default: nil
    }
  }

  /// Two configurations of a bucket overlap where an event, the prefixes *and* the suffixes do.
  private static func notifications(_ first: JSONObject, _ second: JSONObject) -> String? {
    guard first["bucket"] == second["bucket"], first["via"]?.string ?? "notification" == "notification",
      second["via"]?.string ?? "notification" == "notification"
    else { return nil }
    let prefixes = [first, second].map { $0["prefix"]?.string ?? "" }.sorted { $0.count < $1.count }
    let suffixes = [first, second].map { $0["suffix"]?.string ?? "" }.sorted { $0.count < $1.count }
    guard prefixes[1].hasPrefix(prefixes[0]), suffixes[1].hasSuffix(suffixes[0]),
      let event = shared(events(first), events(second))
    else { return nil }
    return
      "\(event) of \(prefixes[1])*\(suffixes[1]) in \(second["bucket"]?.string ?? ""): narrow prefix or suffix"
  }

  private static func events(_ settings: JSONObject) -> [String] {
    settings["events"]?.array?.compactMap(\.string) ?? []
  }

  private static func shared(_ first: [String], _ second: [String]) -> String? {
    for one in first {
      for other in second {
        let (wide, narrow) = one.count <= other.count ? (one, other) : (other, one)
        if wide == narrow { return narrow }
        for event in [(wide, narrow), (narrow, wide)]
        where event.0.hasSuffix("*") && event.1.hasPrefix(event.0.dropLast()) {
          return event.1
        }
      }
    }
    return nil
  }

  private static func routes(_ first: JSONObject, _ second: JSONObject) -> String? {
    guard first["api"] == second["api"] else { return nil }
    let taken = Set((first["routes"]?.array ?? []).compactMap(\.string).map(shape))
    let route = (second["routes"]?.array ?? []).compactMap(\.string).first { taken.contains(shape($0)) }
    return route.map { "\($0) of the API \(second["api"]?.string ?? ""): a route has one target" }
  }

  /// Variables of one name or another take the same paths.
  private static func shape(_ route: String) -> String {
    route.split(separator: "/", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("{") ? ($0.hasSuffix("+}") ? "{+}" : "{}") : String($0) }
      .joined(separator: "/")
  }
}
