internal import Core
internal import LambdaSettings

/// Turns the merged settings of one function into its definition.
struct DefinitionMaker {
  let workspace: Workspace
  let environment: EnvironmentConfig
  let function: DiscoveredFunction
  let interpolator: Interpolator

  func definition(from settings: ConfigValue, closure: inout UseClosure) throws(PackagerError)
    -> FunctionDefinition
  {
    var secretPaths: Set<[String]> = []
    let templated = try templated(settings)
    let whole = try interpolator.resolve(templated, secrets: &secretPaths)
    let packageType = whole["packageType"]?.string ?? (function.isImage ? "Image" : "Zip")
    let resolved = ofItsKind(whole, isImage: packageType == "Image")
    // What digests are made of: it holds no secret, so that nothing that is stored does.
    var recording = interpolator
    recording.keepsReferences = true
    let recorded = try recording.resolve(templated, secrets: &secretPaths)
    try check(resolved, packageType: packageType)
    let reader = ConfigReader(resolved)
    let mode = EnvironmentMode(rawValue: resolved["environment"]?["mode"]?.string ?? "") ?? .replace
    let isImage = packageType == "Image"
    let stated = isImage ? nil : runtime(resolved["runtime"])
    let runtime = isImage ? nil : stated ?? function.runtime
    // A handler in `defaults` is for units whose handler no file shows.
    let configured = function.allowsCreate ? reader.string("handler") : nil
    let handler = isImage ? nil : configured ?? function.handler
    let architecture = reader.strings("architectures").first
    var configuration = Self.api(resolved, keys: ConfigTable.settings)
    let layers = try layers(resolved["layers"], index: closure.survey.index)
    if configuration["Layers"] != nil { configuration["Layers"] = .array(layers.map { .string($0.text) }) }
    if mode == .unmanaged { configuration["Environment"] = nil }
    configuration["Runtime"] = stated.map(JSON.string)
    configuration["Handler"] = isImage ? nil : configured.map(JSON.string)
    configuration["Architectures"] = architecture.map { .array([.string($0)]) }
    var inferred = JSONObject()
    if stated == nil { inferred["Runtime"] = runtime.map(JSON.string) }
    if configured == nil { inferred["Handler"] = handler.map(JSON.string) }
    if architecture == nil { inferred["Architectures"] = .array([.string(Self.standardArchitecture)]) }
    if configuration["PackageType"] == nil { inferred["PackageType"] = .string(packageType) }
    return FunctionDefinition(
      name: function.name, functionName: try naming.functionName(resolved["functionName"]), handler: handler,
      build: try build(
        resolved, recorded: recorded["build"]?.strings, runtime: runtime,
        architecture: architecture ?? Self.standardArchitecture,
        image: isImage ? try imageRecipe(resolved) : nil, closure: &closure),
      packageType: packageType, imageRepository: isImage ? try imageRepository(resolved) : nil,
      configuration: configuration, inferred: inferred,
      recordedSettings: Self.recorded(configuration, resolved, recorded), environmentMode: mode,
      secrets: mask(resolved, secretPaths),
      smoke: try smokeTests(resolved["smoke"]),
      beforeTraffic: resolved["hooks"]?["beforeTraffic"]?.strings ?? environment.beforeTraffic,
      afterTraffic: resolved["hooks"]?["afterTraffic"]?.strings ?? environment.afterTraffic,
      discovered: function,
      layerContents: resolved["layers"]?.elements.flatMap { $0["provides"]?.strings ?? [] } ?? [],
      triggers: try TriggerMaker.triggers(resolved["triggers"]),
      eventInvoke: TriggerMaker.eventInvoke(resolved["eventInvoke"]),
      layers: layers)
  }

  /// The layers that are named: those of the repository by their folders.
  private func layers(_ value: ConfigValue?, index: RepositoryIndex) throws(PackagerError) -> [LayerChoice] {
    var choices: [LayerChoice] = []
    for element in value?.elements ?? [] {
      let text = element["arn"]?.string ?? element.string ?? ""
      guard !text.hasPrefix("arn:") else {
        choices.append(.version(text))
        continue
      }
      let folder = try workspace.layerFolder(element, from: element.folder, index: index)
      guard !folder.isRoot else { throw element.error("\"layers\": the root folder cannot be a layer") }
      try workspace.requireInside(folder, at: element)
      let choice = LayerChoice.folder(folder, name: try naming.layerName(folder, at: element))
      guard !choices.contains(choice) else { throw element.error("\"layers\": '\(folder)' is there twice") }
      choices.append(choice)
    }
    return choices
  }

  /// The settings without what `defaults` of lamctl.json say of the other kind of package: that is about other functions.
  private func ofItsKind(_ settings: ConfigValue, isImage: Bool) -> ConfigValue {
    let others: Set<String> =
      isImage ? ["runtime", "handler", "layers", "build", "output", "artifact"] : ["imageConfig", "image"]
    return settings.removing(others.filter { settings[$0]?.file == workspace.config.value.file })
  }

  /// Throws what Lambda would refuse by a rule that is known, with the place of each.
  private func check(_ resolved: ConfigValue, packageType: String) throws(PackagerError) {
    var faults: [PackagerError] = []
    PackagerError.collect(into: &faults) { () throws(PackagerError) in
      try ConfigFile.check(resolved, .object(.function), what: "the settings")
    }
    var members = Self.api(resolved, keys: ConfigTable.settings)
    members["PackageType"] = .string(packageType)
    for conflict in SettingConflicts.find(in: members) {
      faults.append((resolved[conflict.key] ?? resolved).error(conflict.reason))
    }
    let foreign = packageType == "Image" ? ["build", "output", "artifact"] : ["image"]
    for key in foreign {
      guard let value = resolved[key] else { continue }
      faults.append(
        value.error(
          packageType == "Image"
            ? "\"\(key)\" does not go with \"packageType\": \"Image\": the Dockerfile builds it; "
              + "set \"packageType\": \"Zip\" for a package"
            : "\"image\" needs \"packageType\": \"Image\", or a Dockerfile in the unit"))
    }
    for tag in resolved["tags"]?.members ?? [] where tag.key.hasPrefix("lamctl:") {
      faults.append(
        tag.value.error("tags: \"\(tag.key.escaped)\": names that begin with lamctl: are lamctl's own"))
    }
    if let error = PackagerError(all: faults) { throw error }
  }

  /// What a new function gets where nobody says: Lambda's own default.
  private static let standardArchitecture = "x86_64"

  /// The runtime that the manifest states; one in `defaults` is for the functions of its language only.
  private func runtime(_ configured: ConfigValue?) -> String? {
    guard let configured, let identifier = configured.string else { return nil }
    let isGeneral = configured.file == workspace.config.value.file
    guard isGeneral, let found = Languages.named(function.language) ?? Languages.of(runtime: function.runtime)
    else { return identifier }
    return found.runs(on: identifier) ? identifier : nil
  }

  /// The settings with `{project}`, `{function}` and `{environment}` filled into names and the role, where a brace
  /// could mean nothing else.
  private func templated(_ settings: ConfigValue) throws(PackagerError) -> ConfigValue {
    guard case .object(var members) = settings.kind else { return settings }
    for index in members.indices where ["role", "functionName"].contains(members[index].key) {
      members[index].value = filled(members[index].value)
    }
    if let image = members.firstIndex(where: { $0.key == "image" }),
      case .object(var parts) = members[image].value.kind
    {
      for index in parts.indices where parts[index].key == "repository" {
        parts[index].value = filled(parts[index].value)
      }
      members[image].value.kind = .object(parts)
    }
    var filled = settings
    filled.kind = .object(members)
    return filled
  }

  private func filled(_ value: ConfigValue) -> ConfigValue {
    guard let text = value.string else { return value }
    var filled = value
    filled.kind = .scalar(.string(naming.fill(text)))
    return filled
  }

  private var naming: FunctionNaming {
    FunctionNaming(config: workspace.config, environment: environment.name, function: function)
  }

  /// `configuration` with the references of `recorded` where those stand for something that `resolved` holds.
  private static func recorded(
    _ configuration: JSONObject, _ resolved: ConfigValue, _ recorded: ConfigValue
  ) -> JSONObject {
    let values = api(resolved, keys: ConfigTable.settings)
    var result = configuration
    for (key, value) in api(recorded, keys: ConfigTable.settings).members
    where configuration[key] != nil && value != values[key] {
      result[key] = value
    }
    return result
  }

  private func build(
    _ settings: ConfigValue, recorded command: [String]?, runtime: String?, architecture: String,
    image: ImageRecipe?, closure: inout UseClosure
  ) throws(PackagerError) -> UnitBuild {
    let reader = ConfigReader(settings)
    var inputs: [RepositoryPath] = []
    for element in settings["inputs"]?.elements ?? [] {
      let path = try element.path(from: element.folder)
      guard Files.exists(path.absolute(in: workspace.root)) else {
        throw element.error("\"inputs\": there is no '\(path)'")
      }
      try workspace.requireInside(path, at: element)
      inputs.append(path)
    }
    if let output = settings["output"], RepositoryPath(output.string ?? "") == nil {
      throw output.error("\"output\" must be a folder inside the unit")
    }
    if let build = settings["build"], build.elements.isEmpty {
      throw build.error("\"build\" must name a program")
    }
    var variables: [String: String?] = [:]
    for name in reader.strings("env") { variables[name] = .some(workspace.environment[name]) }
    let uses = try closure.uses(settings["uses"], unit: function.unit)
    let isWhole =
      settings["artifact"] != nil || settings["output"] != nil && settings["build"] == nil || image != nil
    let sources =
      isWhole
      ? .unit
      : closure.sources.closure(
        of: function, uses: uses, hasCommand: settings["build"] != nil,
        hasLayers: settings["layers"]?.elements.isEmpty == false)
    return UnitBuild(
      unit: function.unit,
      language: image != nil ? Image().name : function.language ?? Languages.of(runtime: runtime)?.name,
      project: function.project, root: function.root, sources: sources, target: function.target,
      command: settings["build"]?.strings,
      recordedCommand: command,
      output: reader.string("output").flatMap { RepositoryPath($0) }, inputs: inputs, variables: variables,
      include: settings["package"]?["include"]?.strings ?? [],
      exclude: settings["package"]?["exclude"]?.strings ?? [],
      uses: uses, runtime: runtime,
      architecture: architecture,
      compilesBytecode: settings["python"]?["bytecode"]?.string == "unchecked-hash",
      artifact: try artifact(settings), events: events(in: closure.survey),
      entries: closure.handlerFiles[function.unit] ?? [], image: image)
  }

  private func artifact(_ settings: ConfigValue) throws(PackagerError) -> RepositoryPath? {
    guard let value = settings["artifact"], let text = value.string else { return nil }
    if let other = settings["build"] ?? settings["output"] {
      throw other.error("\"artifact\" is built elsewhere: \"build\" and \"output\" cannot stand beside it")
    }
    guard let path = value.folder.resolving(naming.fill(text)), !path.isRoot else {
      throw value.error("\"artifact\" must be a folder, zip or jar inside the repository")
    }
    guard Files.exists(path.absolute(in: workspace.root)) else {
      throw value.error("\"artifact\": there is no '\(path)'; build it first, or correct the path")
    }
    try workspace.requireInside(path, at: value)
    return path
  }

  /// The events that smoke tests of the unit's functions name, in whatever environment.
  private func events(in survey: Survey) -> [RepositoryPath] {
    var values: [ConfigValue] = [workspace.config.value["defaults"]].compactMap { $0 }
    if let file = survey.functionFiles[function.unit] {
      values += [file] + ["functions", "environments"].flatMap { file[$0]?.members.map(\.value) ?? [] }
    }
    values += workspace.config.value["environments"]?.members.compactMap { $0.value["defaults"] } ?? []
    let named = values.flatMap { $0["smoke"]?.elements ?? [] }.compactMap { $0["event"]?.string }
    return Set(named.compactMap { function.unit.resolving($0) }).sorted()
  }

  private func mask(_ settings: ConfigValue, _ paths: Set<[String]>) -> SecretMask {
    var secret = Set(paths.map(Self.apiPath))
    for member in settings["environment"]?["variables"]?.members ?? [] where Secrets.isSecretName(member.key)
    {
      secret.insert("Environment.Variables.\(member.key)")
    }
    return SecretMask(paths: secret, secrets: workspace.secrets)
  }

  private func smokeTests(_ value: ConfigValue?) throws(PackagerError) -> [SmokeTestConfig] {
    var tests: [SmokeTestConfig] = []
    for element in value?.elements ?? [] {
      guard let event = element["event"] else { continue }
      let path = try event.path(from: function.unit)
      guard Files.exists(path.absolute(in: workspace.root)) else {
        throw event.error("there is no event file \(path)")
      }
      // It is sent to AWS: a link must not make it a file of the user's.
      try workspace.requireInside(path, at: event)
      tests.append(
        SmokeTestConfig(eventFile: path.absolute(in: workspace.root), expect: element["expect"]?.json))
    }
    return tests
  }
}
