package import Core

/// What a preview of a pull request is: `preview` of `lamctl.json`.
package struct PreviewConfig: Hashable, Sendable {
  /// The environment whose settings it has.
  package let from: String
  /// How long it stays after the last push; 10 minutes to 30 days.
  package let ttl: TimeSpan
  /// ARN of the role that EventBridge Scheduler assumes to take it away; nil where `prune` does.
  package let role: String?
  /// Settings of the address that every function gets, under the API's names and `callers`; nil for none.
  package let functionURL: JSONObject?

  private static let standard = TimeSpan.minutes(7 * 24 * 60)
  /// Below that the schedules could be due before the smoke tests are over; above it belongs into `environments`.
  private static let (shortest, longest) = (TimeSpan.minutes(10), TimeSpan.minutes(30 * 24 * 60))

  /// Reads an interpolated `preview` object that was checked before.
  init(_ value: ConfigValue) throws(PackagerError) {
    let reader = ConfigReader(value)
    from = reader.string("from") ?? ""
    ttl = try reader.time("ttl") ?? Self.standard
    role = reader.string("role")
    functionURL = value["functionUrl"].map { DefinitionMaker.api($0, keys: ConfigTable.functionURL.keys) }
    if let role, let fault = TextRule.role.fault(in: role), let place = value["role"] {
      throw place.error(fault)
    }
  }

  /// What no table can say against the object as it is written.
  ///
  /// - Parameter environments: those of `lamctl.json`; none where any name will do.
  static func faults(in value: ConfigValue?, environments: [String]) -> [PackagerError] {
    guard let value else { return [] }
    var faults: [PackagerError] = []
    if let from = value["from"], let name = from.string, !environments.isEmpty, !environments.contains(name) {
      let hint = Suggestion.nearest(to: name, in: environments).map { "did you mean '\($0)'?" }
      faults.append(
        from.error(
          "preview.from: there is no environment '\(name.escaped)'; "
            + (hint ?? "known: \(environments.joined(separator: ", "))")))
    }
    if let place = value["ttl"], let text = place.string, let span = try? TimeSpan(parsing: text),
      span < shortest || span > longest
    {
      faults.append(place.error("preview.ttl: '\(text.escaped)' is not between 10m and 30d"))
    }
    if let url = value["functionUrl"] {
      faults += TriggerMaker.reasons("functionUrl", url).map { url.error("preview.functionUrl\($0)") }
    }
    return faults
  }
}

extension Workspace {
  /// What a preview is; nil where `lamctl.json` does not say.
  ///
  /// - Throws: ``PackagerError`` when a value cannot be interpolated.
  package func preview() throws(PackagerError) -> PreviewConfig? {
    guard let value = config.value["preview"] else { return nil }
    let words: [Template.Word: String] = [
      .environment: value["from"]?.string ?? "", .project: config.project,
    ]
    var secrets: Set<[String]> = []
    return try PreviewConfig(
      try Interpolator(environment: environment, words: words).resolve(value, secrets: &secrets))
  }
}
