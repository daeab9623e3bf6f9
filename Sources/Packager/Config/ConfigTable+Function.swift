internal import LambdaSettings

extension ConfigTable {
  private static let strings = ConfigType.list(.string)

  /// The settings of Lambda, and the name of the function.
  static let settings: [ConfigKey] =
    SettingCatalogue.all.map(key(of:))
    + [ConfigKey("functionName", .string, "Name in AWS instead of the one that `name` of lamctl.json makes.")]

  private static func key(of setting: LambdaSetting) -> ConfigKey {
    var type = ConfigType(setting.shape, title: setting.key)
    if setting.key == "environment", case .object(let table) = type {
      type = .object(ConfigTable(title: "environmentVariables", keys: [mode] + table.keys))
    }
    if setting.key == "layers", case .counted(let element, let count) = type {
      type = .counted(.either(.text(.layer), layer(element)), count)
    }
    let doc =
      setting.key == "layers"
      ? "ARNs of layer versions, and folders of the repository that are published as layers, in order, at most five."
      : setting.doc
    return ConfigKey(setting.key, type, doc, api: setting.member)
  }

  /// A layer with what it brings. Only its ARN is the API's business.
  private static func layer(_ arn: ConfigType) -> ConfigTable {
    ConfigTable(
      title: "layer",
      keys: [
        ConfigKey("arn", arn, "ARN of the layer version.", isRequired: true),
        ConfigKey(
          "provides", strings,
          "What code of the package may import from it: top-level modules of Python, packages of Node."),
      ])
  }

  private static let mode = ConfigKey(
    "mode", .choice(["replace", "merge", "unmanaged"]),
    "replace: these variables are all there are (default); merge: others stay; unmanaged: never touched.")

  /// Keys that describe the build of a unit rather than a function.
  private static let unitKeys: [ConfigKey] = [
    ConfigKey(
      "uses", strings,
      "Folders of shared code that go into the package: from the root in lamctl.json, from the unit in function.json."
    ),
    ConfigKey("build", strings, "Program and arguments that build the unit; no shell."),
    ConfigKey("output", .string, "Folder, relative to the unit, whose content is the package."),
    ConfigKey(
      "artifact", .string,
      "Folder, zip or jar that something else has built, and that is the package; {function} stands for the name."
    ),
    ConfigKey("inputs", strings, "Further files and folders that the build reads."),
    ConfigKey("env", strings, "Environment variables that the build may see; their values count as inputs."),
    ConfigKey(
      "package",
      object(
        "package",
        [
          ConfigKey("include", strings, "Patterns of files to take although an ignore rule drops them."),
          ConfigKey("exclude", strings, "Patterns of files to leave out of the package."),
        ]), "What goes into the package."),
    ConfigKey(
      "image",
      object(
        "image",
        [
          ConfigKey(
            "repository", .text(.imageRepository),
            "ECR repository that the container image goes to: ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME; {function} stands for the name."
          ),
          ConfigKey("dockerfile", .string, "The Dockerfile, from the unit; Dockerfile is the default."),
          ConfigKey(
            "context", .string,
            "Folder that the Dockerfile copies from, from the unit; the unit is the default."),
          ConfigKey("stage", .string, "Stage of the Dockerfile that is the image; the last is the default."),
        ]), "How a container image is built, and where it goes."),
    ConfigKey(
      "python",
      object(
        "python",
        [
          ConfigKey(
            "bytecode", .choice(["none", "unchecked-hash"]),
            "Whether dependencies carry compiled bytecode; none is the default.")
        ]), "Settings of Python units."),
  ]

  /// Keys about releasing one function.
  private static let releaseKeys: [ConfigKey] = [
    ConfigKey(
      "smoke",
      .list(
        object(
          "smokeTest",
          [
            ConfigKey("event", .string, "File with the event, relative to the unit.", isRequired: true),
            ConfigKey("expect", .any, "What the answer must contain; objects match as subsets."),
          ])), "Events that the new version must answer before it gets any traffic."),
    ConfigKey("hooks", .object(hooks), "Programs to run around the shift of traffic."),
  ]

  static let hooks = ConfigTable(
    title: "hooks",
    keys: [
      ConfigKey(
        "beforeTraffic", strings,
        "Program and arguments to run before the first weight; failure stops. It has 10 minutes, or `--timeout`."
      ),
      ConfigKey(
        "afterTraffic", strings,
        "Program and arguments to run once all traffic has moved. It has 10 minutes, or `--timeout`."),
    ])

  /// `defaults` of lamctl.json and of an environment.
  static let defaults = ConfigTable(
    title: "defaults", keys: settings + unitKeys + releaseKeys + [eventInvoke])

  /// What is said of one function for one environment.
  static let function = ConfigTable(title: "functionSettings", keys: defaults.keys + [triggers])

  private static let functionEntry = ConfigTable(
    title: "function", keys: settings + releaseKeys + [eventInvoke, triggers])

  /// `function.json`.
  static let functionFile = ConfigTable(
    title: "function.json",
    keys: function.keys + [
      ConfigKey(
        "functions", .map(.object(functionEntry)),
        "Functions of this unit by name, each with settings of its own."),
      ConfigKey(
        "environments", .map(.object(function)), "Settings that hold in one environment only, by its name."),
      ConfigKey("$schema", .string, "Address of the schema, for editors."),
    ])
}
