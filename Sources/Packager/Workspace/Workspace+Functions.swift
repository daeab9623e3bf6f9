internal import Core

extension Workspace {
  /// The functions of the repository as `environment` is to have them, in the order of their names.
  ///
  /// - Throws: ``PackagerError`` with all that is wrong: in files, in names that two functions have in AWS, in values that
  ///   are missing; and what the closures of `values` throw.
  package func functions(
    in environment: EnvironmentConfig, values: InterpolationValues
  ) async throws -> [FunctionDefinition] {
    let survey = try survey(hashes: true)
    var faults = survey.faults.map(\.error)
    if let nothing = survey.nothing { throw nothing }
    let merged = merged(survey, environment, values, faults: &faults)
    let interpolator = try await interpolator(
      for: merged.map(\.settings), in: environment, values: values, asks: faults.isEmpty, faults: &faults)
    let definitions = definitions(merged, survey, environment, interpolator, faults: &faults)
    checkNames(definitions, faults: &faults)
    checkBuilds(definitions, faults: &faults)
    faults += TriggerOverlap.faults(in: definitions)
    checkLayers(definitions, faults: &faults)
    if let error = PackagerError(all: faults) { throw error }
    hideValues(of: definitions)
    return definitions
  }

  /// Names first: sentences need them, whatever variables hold the same word.
  private func hideValues(of definitions: [FunctionDefinition]) {
    secrets.show(definitions.flatMap { [$0.name, $0.functionName] })
    for definition in definitions {
      for (name, value) in definition.configuration["Environment"]?["Variables"]?.object?.members ?? [] {
        value.string.map { secrets.hide($0, of: name) }
      }
      for (name, value) in definition.build.variables { value.map { secrets.hide($0, of: name) } }
    }
  }

  private typealias Merged = (function: DiscoveredFunction, settings: ConfigValue)

  /// The settings of all functions but those of units with a fault, which would lead to others.
  private func merged(
    _ survey: Survey, _ environment: EnvironmentConfig, _ values: InterpolationValues,
    faults: inout [PackagerError]
  ) -> [Merged] {
    let layers = Layers(
      workspace: self, survey: survey, environment: environment, overrides: values.overrides)
    let faulty = Set(survey.faults.compactMap(\.unit))
    var merged: [Merged] = []
    for function in survey.functions where !faulty.contains(function.unit) {
      PackagerError.collect(into: &faults) { () throws(PackagerError) in
        merged.append((function, try layers.settings(of: function)))
      }
    }
    return merged
  }

  /// - Parameter asks: whether AWS is asked for what only it knows; where something is wrong anyway, anything will do.
  private func interpolator(
    for settings: [ConfigValue], in environment: EnvironmentConfig, values: InterpolationValues, asks: Bool,
    faults: inout [PackagerError]
  ) async throws -> Interpolator {
    var references: Set<Template.Part> = []
    for value in settings {
      PackagerError.collect(into: &faults) { () throws(PackagerError) in
        references.formUnion(try Interpolator.references(in: value))
      }
    }
    let paths = references.compactMap { part -> String? in
      if case .parameter(let path) = part { path } else { nil }
    }
    var interpolator = Interpolator(environment: self.environment)
    interpolator.words = [.environment: environment.name, .project: config.project]
    interpolator.words[.region] = values.region ?? environment.region
    let isSet = references.allSatisfy { part in
      if case .variable(let name, nil) = part { self.environment[name] != nil } else { true }
    }
    let asks = asks && isSet && faults.isEmpty
    if references.contains(.word(.account)) {
      interpolator.words[.account] = asks ? try await values.account() : "000000000000"
    }
    if !paths.isEmpty {
      interpolator.parameters =
        asks
        ? try await values.parameters(paths.sorted())
        : Dictionary(paths.map { ($0, "") }, uniquingKeysWith: { first, _ in first })
      interpolator.parameters.values.forEach(secrets.hide)
    }
    return interpolator
  }

  private func definitions(
    _ merged: [Merged], _ survey: Survey, _ environment: EnvironmentConfig, _ interpolator: Interpolator,
    faults: inout [PackagerError]
  ) -> [FunctionDefinition] {
    let common = UseClosure(workspace: self, survey: survey)
    // A stretch of the functions a thread: what a closure remembers serves those beside one another.
    let workers = Threads.processorCount
    let stretch = max(32, (merged.count + workers - 1) / workers)
    let count = (merged.count + stretch - 1) / stretch
    let results = Threads.map(count: count, workers: workers) { number in
      var closure = common
      var interpolator = interpolator
      return merged[(number * stretch)..<min(merged.count, (number + 1) * stretch)].map {
        function, settings in
        interpolator.words[.function] = function.name
        let maker = DefinitionMaker(
          workspace: self, environment: environment, function: function, interpolator: interpolator)
        return Result { () throws(PackagerError) in
          try maker.definition(from: settings, closure: &closure)
        }
      }
    }
    var definitions: [FunctionDefinition] = []
    for result in results.joined() {
      PackagerError.collect(into: &faults) { () throws(PackagerError) in definitions.append(try result.get())
      }
    }
    return definitions
  }

  private func checkNames(_ definitions: [FunctionDefinition], faults: inout [PackagerError]) {
    var owners: [String: FunctionDefinition] = [:]
    for definition in definitions {
      guard let other = owners.updateValue(definition, forKey: definition.functionName) else { continue }
      faults.append(
        .discovery(
          reason:
            "'\(other.name)' (\(other.discovered.path)) and '\(definition.name)' (\(definition.discovered.path))"
            + " would both be the function \(definition.functionName) in AWS",
          fix: "put {function} into \"name\" of lamctl.json, or give one of them another \"functionName\""))
    }
  }

  /// Two folders must not be versions of one layer.
  private func checkLayers(_ definitions: [FunctionDefinition], faults: inout [PackagerError]) {
    var owners: [String: RepositoryPath] = [:]
    for case .folder(let folder, let name) in definitions.flatMap(\.layers) {
      let owner = owners[name] ?? folder
      owners[name] = owner
      guard owner != folder else { continue }
      faults.append(
        .discovery(
          reason: "'\(owner)' and '\(folder)' would both be the layer \(name) in AWS",
          fix: "give one of the folders another name"))
    }
  }

  /// One build serves all functions that are built alike: those of one language in a unit.
  private func checkBuilds(_ definitions: [FunctionDefinition], faults: inout [PackagerError]) {
    let groups = Dictionary(grouping: definitions.filter { $0.packageType != "Image" }) { definition in
      [definition.unit.text, definition.build.language ?? "", definition.build.target ?? ""]
    }
    for (_, group) in groups.sorted(by: { $0.value[0].unit < $1.value[0].unit }) {
      let kinds = Set(group.map { "\($0.runtime ?? "an image") on \($0.architectures[0])" })
      guard kinds.count > 1 else { continue }
      faults.append(
        .inputs(
          unit: group[0].unit, reason: "one build cannot serve \(kinds.sorted().joined(separator: " and "))",
          fix: "give the functions of the unit one runtime and architecture, or a folder each"))
    }
  }
}

/// Lays the settings of a function over one another, the most general at the bottom.
struct Layers {
  let workspace: Workspace
  let survey: Survey
  let environment: EnvironmentConfig
  let overrides: JSONObject

  /// `defaults`, those of the environment, `function.json`, the function's entry in it, its part for the environment,
  /// and the overrides of the caller.
  ///
  /// - Throws: ``PackagerError`` when `function.json` is about an environment that there is none of, or the overrides are
  ///   wrong.
  func settings(of function: DiscoveredFunction) throws(PackagerError) -> ConfigValue {
    let own = survey.functionFiles[function.unit]
    for member in own?["environments"]?.members ?? [] {
      let names = workspace.config.environmentNames
      guard !names.isEmpty, !names.contains(member.key), let own else { continue }
      let hint = Suggestion.nearest(to: member.key, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
      throw .config(
        location: "\(own.file):\(member.keyPlace.line):\(member.keyPlace.column)",
        reason: "there is no environment \"\(member.key)\" in lamctl.json\(hint)")
    }
    let merged = plainSettings(of: function)
    guard !overrides.isEmpty else { return merged }
    let bytes = Array(JSON.object(overrides).text().utf8)
    let reading = ConfigFile.parse(bytes, name: "the command line", table: .defaults)
    if let error = PackagerError(all: reading.faults) { throw error }
    return merged.merging(reading.value)
  }

  /// The settings that the files have, whatever else they say.
  func plainSettings(of function: DiscoveredFunction) -> ConfigValue {
    let own = survey.functionFiles[function.unit]
    let base = workspace.config.value["defaults"] ?? .empty(file: workspace.config.value.file)
    return base.merging(environment.defaults)
      .merging(own?.removing(["functions", "environments", "$schema"]))
      .merging(function.entry.flatMap { own?["functions"]?[$0] })
      .merging(own?["environments"]?[environment.name])
  }
}
