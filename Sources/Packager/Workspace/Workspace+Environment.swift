internal import Core

/// An environment as far as it can be read.
package struct EnvironmentReading: Sendable {
  /// The environment, with defaults for what could not be read.
  package let environment: EnvironmentConfig
  /// What is wrong with it; empty when nothing is.
  package let faults: [PackagerError]
  /// Its keys, such as `alias` and `region`, whose values are not known.
  package let unknown: Set<String>
}

extension Workspace {
  /// The environment called `name`; for nil the default one, or the only one.
  ///
  /// Where no environments are configured, any name will do and has the defaults.
  ///
  /// - Throws: ``PackagerError`` listing the environments when it cannot tell, or when a value cannot be interpolated.
  package func environment(named name: String?) throws(PackagerError) -> EnvironmentConfig {
    let reading = try readEnvironment(named: name)
    if let error = PackagerError(all: reading.faults) { throw error }
    return reading.environment
  }

  /// The same for what needs only names: values that cannot be read are left out.
  ///
  /// - Throws: ``PackagerError`` listing the environments when it cannot tell which is meant.
  package func readEnvironment(named name: String?) throws(PackagerError) -> EnvironmentReading {
    let chosen = try chosenEnvironment(name)
    var faults: [PackagerError] = []
    let words: [Template.Word: String] = [.environment: chosen, .project: config.project]
    let interpolator = Interpolator(environment: environment, words: words)
    let written = config.value["environments"]?[chosen] ?? .empty(file: config.value.file)
    let resolved = self.resolved(written, with: interpolator, faults: &faults)
    let base = config.value["rollout"] ?? .empty(file: config.value.file)
    let hooks = (config.value["hooks"] ?? .empty(file: config.value.file)).merging(resolved["hooks"])
    if config.environmentNames.isEmpty, let fault = TextRule.alias.fault(in: chosen) {
      faults.append(.discovery(reason: fault, fix: "name an environment whose name can be that of its alias"))
    }
    var rollout = RolloutConfig()
    PackagerError.collect(into: &faults) { () throws(PackagerError) in
      var secrets: Set<[String]> = []
      rollout = try RolloutConfig(
        try interpolator.resolve(base.merging(resolved["rollout"]), secrets: &secrets))
    }
    var companions = CompanionConfig()
    PackagerError.collect(into: &faults) { () throws(PackagerError) in
      companions = try CompanionConfig(
        resolved["companions"], alias: ConfigReader(resolved).string("alias") ?? chosen)
    }
    return EnvironmentReading(
      environment: EnvironmentConfig(
        name: chosen, value: resolved, rollout: rollout, hooks: hooks, companions: companions),
      faults: faults,
      unknown: unknownKeys(of: chosen, written: written).subtracting(resolved.members.map(\.key)))
  }

  /// The keys of an environment that the file has, or may have had, whatever became of their values.
  private func unknownKeys(of name: String, written: ConfigValue) -> Set<String> {
    let keys = ConfigTable.environmentKeys
    let isWhole =
      reading.dropped.isDisjoint(with: [["environments"], ["environments", name]])
      && reading.lost.isDisjoint(with: ["environments", name])
    guard isWhole else { return keys }
    let dropped = reading.dropped.filter { $0.count >= 3 && $0.starts(with: ["environments", name]) }
    return Set(written.members.map(\.key)).union(dropped.map { $0[2] })
      // A line that made no sense may have been one of this environment's.
      .union(reading.lost.intersection(keys))
  }

  private func chosenEnvironment(_ name: String?) throws(PackagerError) -> String {
    let names = config.environmentNames
    let thereAre = "there \(names.count == 1 ? "is" : "are") \(names.joined(separator: ", "))"
    guard let chosen = name ?? config.defaultEnvironment ?? (names.count == 1 ? names[0] : nil) else {
      throw .discovery(
        reason: !names.isEmpty
          ? "no environment is named; \(thereAre)"
          : isConfigured
            ? "no environment is named and none is configured"
            : "no environment is named, and there is no lamctl.json in \(root) or above",
        fix: "name one behind the command, such as '\(names.first ?? "prod")', or "
          + (isConfigured
            ? "set \"defaultEnvironment\" in lamctl.json"
            : "have lamctl init write a lamctl.json for what is here"))
    }
    guard names.isEmpty || names.contains(chosen) else {
      let hint =
        Suggestion.nearest(to: chosen, in: names).map { "did you mean '\($0)'?" } ?? thereAre
      throw .discovery(reason: "there is no environment '\(chosen)'; \(hint)", fix: "")
    }
    return chosen
  }

  /// The entry with its values put in, less those that cannot be; `defaults`, which belong to functions, as they are.
  private func resolved(
    _ value: ConfigValue, with interpolator: Interpolator, faults: inout [PackagerError]
  ) -> ConfigValue {
    var members: [ConfigValue.Member] = []
    var secrets: Set<[String]> = []
    for var member in value.members where member.key != "defaults" {
      PackagerError.collect(into: &faults) { () throws(PackagerError) in
        member.value = try interpolator.resolve(member.value, secrets: &secrets)
        members.append(member)
      }
    }
    var plain = value
    plain.kind = .object(members)
    // Interpolated values have not been held against their rules yet.
    var findings = ConfigFile.Findings()
    let type = ConfigTable.root["environments"]?.type.element ?? .any
    let examined = ConfigFile.examine(plain, type, what: "the environment", into: &findings) ?? plain
    faults += findings.faults
    plain.kind = .object(examined.members + value.members.filter { $0.key == "defaults" })
    return plain
  }
}

extension ConfigType {
  /// The type of a map's values.
  fileprivate var element: ConfigType? {
    guard case .map(let element) = self else { return nil }
    return element
  }
}

extension ConfigTable {
  /// The keys of an environment.
  fileprivate static var environmentKeys: Set<String> {
    guard case .object(let table)? = root["environments"]?.type.element else { return [] }
    return Set(table.keys.map(\.name))
  }
}
