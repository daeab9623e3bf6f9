internal import Core

extension Workspace {
  /// The functions of the repository as `environment` is to have them, in the order of their names.
  ///
  /// - Throws: ``PackagerError`` when a file is wrong, two functions have one name in AWS or a value is missing; and what
  ///   the closures of `values` throw.
  public func functions(
    in environment: EnvironmentConfig, values: InterpolationValues
  ) async throws -> [FunctionDefinition] {
    let survey = try survey()
    let layers = Layers(
      workspace: self, survey: survey, environment: environment, overrides: values.overrides)
    var merged: [(function: DiscoveredFunction, settings: ConfigValue)] = []
    var references: Set<Template.Part> = []
    for function in survey.functions {
      let settings = try layers.settings(of: function)
      references.formUnion(try Interpolator.references(in: settings))
      merged.append((function, settings))
    }
    let paths = references.compactMap { part -> String? in
      if case .parameter(let path) = part { path } else { nil }
    }
    var interpolator = Interpolator(environment: self.environment)
    interpolator.words = [.environment: environment.name, .project: config.project]
    interpolator.words[.region] = values.region ?? environment.region
    if references.contains(.word(.account)) { interpolator.words[.account] = try await values.account() }
    if !paths.isEmpty { interpolator.parameters = try await values.parameters(paths.sorted()) }
    var closure = UseClosure(workspace: self, survey: survey)
    var definitions: [FunctionDefinition] = []
    for (function, settings) in merged {
      interpolator.words[.function] = function.name
      let maker = DefinitionMaker(
        workspace: self, environment: environment, function: function, interpolator: interpolator,
        index: survey.index)
      definitions.append(try maker.definition(from: settings, closure: &closure))
    }
    try checkNames(definitions)
    try checkBuilds(definitions)
    return definitions
  }

  private func checkNames(_ definitions: [FunctionDefinition]) throws(PackagerError) {
    var owners: [String: FunctionDefinition] = [:]
    for definition in definitions {
      if let other = owners.updateValue(definition, forKey: definition.functionName) {
        throw .discovery(
          reason:
            "'\(other.name)' (\(other.discovered.path)) and '\(definition.name)' (\(definition.discovered.path))"
            + " would both be the function \(definition.functionName) in AWS",
          fix: "put {function} into \"name\" of lamctl.json, or give one of them another \"functionName\"")
      }
    }
  }

  /// One build serves all functions of a unit.
  private func checkBuilds(_ definitions: [FunctionDefinition]) throws(PackagerError) {
    for (_, group) in Dictionary(grouping: definitions, by: \.unit).sorted(by: { $0.key < $1.key }) {
      let kinds = Set(group.map { "\($0.runtime ?? "an image") on \($0.architectures[0])" })
      if kinds.count > 1 {
        throw .inputs(
          unit: group[0].unit, reason: "one build cannot serve \(kinds.sorted().joined(separator: " and "))",
          fix: "give the functions of the unit one runtime and architecture, or a folder each")
      }
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
    let base = workspace.config.value["defaults"] ?? .empty(file: workspace.config.value.file)
    let merged = base.merging(environment.defaults)
      .merging(own?.removing(["functions", "environments", "$schema"]))
      .merging(function.entry.flatMap { own?["functions"]?[$0] })
      .merging(own?["environments"]?[environment.name])
    guard !overrides.isEmpty else { return merged }
    let bytes = Array(JSON.object(overrides).text().utf8)
    return merged.merging(try ConfigFile.parse(bytes, name: "the command line", table: .defaults))
  }
}
