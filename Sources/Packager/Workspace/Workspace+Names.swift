internal import Core

extension Workspace {
  /// The functions of the repository by their names alone, in the order of their logical names.
  ///
  /// Nothing is built, no parameter is read and no variable needed but those that a name itself refers to. A function
  /// whose file is wrong is found by its folder and the template of names.
  ///
  /// - Parameter account: the account's id; asked only when a name refers to it.
  /// - Throws: ``PackagerError`` when the folders cannot be listed, and what `account` throws.
  package func names(
    in environment: EnvironmentConfig, region: String?, account: @Sendable () async throws -> String
  ) async throws -> FunctionListing {
    let survey = try survey()
    let layers = Layers(
      workspace: self, survey: survey, environment: environment, overrides: JSONObject())
    let settings = survey.functions.map(layers.plainSettings)
    var interpolator = Interpolator(environment: self.environment)
    interpolator.words = [.environment: environment.name, .project: config.project]
    interpolator.words[.region] = region ?? environment.region
    if settings.contains(where: Self.namesAccount) { interpolator.words[.account] = try await account() }
    var listing = ListingMaker(
      workspace: self, survey: survey, environment: environment, interpolator: interpolator)
    for (function, settings) in zip(survey.functions, settings) { listing.add(function, settings) }
    return listing.listing
  }

  private static func namesAccount(_ settings: ConfigValue) -> Bool {
    guard let value = settings["functionName"] else { return false }
    return ((try? Interpolator.references(in: value)) ?? []).contains(.word(.account))
  }
}

/// Collects names, one function after the other.
private struct ListingMaker {
  let workspace: Workspace
  let survey: Survey
  let environment: EnvironmentConfig
  let interpolator: Interpolator
  private var functions: [NamedFunction] = []
  private var faults: [FunctionListing.Fault] = []

  init(workspace: Workspace, survey: Survey, environment: EnvironmentConfig, interpolator: Interpolator) {
    self.workspace = workspace
    self.survey = survey
    self.environment = environment
    self.interpolator = interpolator
  }

  var listing: FunctionListing {
    let general = survey.faults.filter { $0.unit == nil }.map {
      FunctionListing.Fault(function: nil, functionName: nil, error: $0.error)
    }
    return FunctionListing(functions: functions, faults: general + faults)
  }

  mutating func add(_ function: DiscoveredFunction, _ settings: ConfigValue) {
    let known = survey.faults(of: function.unit).first
    do throws(PackagerError) {
      let name = try functionName(of: function, settings)
      if let known { faults.append(.init(function: function.name, functionName: name, error: known)) }
      // Of two with one name the first has it; that they are two is a fault of its own.
      guard !functions.contains(where: { $0.name == function.name || $0.functionName == name }) else {
        return
      }
      functions.append(named(function, name, settings))
    } catch {
      faults.append(.init(function: function.name, functionName: nil, error: known ?? error))
    }
  }

  private func functionName(
    of function: DiscoveredFunction, _ settings: ConfigValue
  ) throws(PackagerError) -> String {
    let naming = FunctionNaming(config: workspace.config, environment: environment.name, function: function)
    guard var value = settings["functionName"], let text = value.string else {
      return try naming.functionName(nil)
    }
    value.kind = .scalar(.string(naming.fill(text)))
    return try naming.functionName(try resolved(value, for: function))
  }

  private func resolved(
    _ value: ConfigValue, for function: DiscoveredFunction
  ) throws(PackagerError) -> ConfigValue {
    var interpolator = interpolator
    interpolator.words[.function] = function.name
    var secrets: Set<[String]> = []
    return try interpolator.resolve(value, secrets: &secrets)
  }

  private func named(
    _ function: DiscoveredFunction, _ functionName: String, _ settings: ConfigValue
  ) -> NamedFunction {
    let smoke = settings["smoke"]?.elements ?? []
    let events = smoke.compactMap { $0["event"]?.string }
      .compactMap { function.unit.resolving($0)?.absolute(in: workspace.root) }
    let folder = function.unit.appending("events").absolute(in: workspace.root)
    func hook(_ key: String) -> [String]? {
      settings["hooks"]?[key].flatMap { try? resolved($0, for: function) }?.strings
    }
    return NamedFunction(
      name: function.name, functionName: functionName, smokeEvents: events.filter(Files.exists),
      isSmoked: !smoke.isEmpty, eventsFolder: Files.isFolder(folder) ? folder : nil,
      beforeTraffic: hook("beforeTraffic") ?? environment.beforeTraffic,
      afterTraffic: hook("afterTraffic") ?? environment.afterTraffic,
      neededVariables: ConfigReader(settings).strings("env"))
  }
}
