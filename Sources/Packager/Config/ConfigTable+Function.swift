extension ConfigTable {
  private static let strings = ConfigType.list(.string)

  private static func object(_ title: String, _ keys: [ConfigKey]) -> ConfigType {
    .object(ConfigTable(title: title, keys: keys))
  }

  /// What CreateFunction and UpdateFunctionConfiguration take, but what lamctl itself supplies (code, publishing).
  static let settings: [ConfigKey] = [
    .setting(
      "runtime", .string, "Identifier of the runtime, such as python3.13, nodejs22.x or provided.al2023."),
    .setting(
      "handler", .string, "File and symbol that Lambda calls, relative to the unit, without the extension."),
    .setting("role", .string, "ARN of the execution role."),
    .setting("description", .string, "Description of the function, at most 256 characters."),
    .setting("timeout", .integer(1...900), "Longest run of one invocation in seconds."),
    .setting("memorySize", .integer(128...32_768), "Memory in MB."),
    .setting("packageType", .choice(["Zip", "Image"]), "Zip archive or container image."),
    .setting(
      "architectures", .list(.choice(["x86_64", "arm64"])), "Instruction set: one of x86_64 and arm64."),
    .setting("layers", strings, "ARNs of layer versions, in order."),
    .setting("tags", .map(.string), "Tags of the function."),
    .setting(
      "kmsKeyArn", .string, "Key that encrypts environment variables and SnapStart snapshots.",
      api: "KMSKeyArn"),
    .setting("codeSigningConfigArn", .string, "ARN of a code signing configuration."),
    .setting("environment", .object(environmentVariables), "Environment variables and how lamctl owns them."),
    .setting(
      "vpcConfig",
      object(
        "vpcConfig",
        [
          .setting("subnetIds", strings, "Subnets."),
          .setting("securityGroupIds", strings, "Security groups."),
          .setting("ipv6AllowedForDualStack", .boolean, "Whether IPv6 may leave through dual-stack subnets."),
        ]), "Network of the function."),
    .setting(
      "deadLetterConfig", object("deadLetterConfig", [.setting("targetArn", .string, "Queue or topic.")]),
      "Where failed asynchronous events go."),
    .setting(
      "tracingConfig",
      object("tracingConfig", [.setting("mode", .choice(["Active", "PassThrough"]), "Sampling of traces.")]),
      "X-Ray tracing."),
    .setting(
      "fileSystemConfigs",
      .list(
        object(
          "fileSystemConfig",
          [
            .setting("arn", .string, "Access point."),
            .setting("localMountPath", .string, "Path below /mnt."),
          ])), "File systems to mount."),
    .setting(
      "imageConfig",
      object(
        "imageConfig",
        [
          .setting("entryPoint", strings, "Entry point of the image."),
          .setting("command", strings, "Arguments of the entry point."),
          .setting("workingDirectory", .string, "Folder the image runs in."),
        ]), "What overrides the container image's own settings."),
    .setting(
      "ephemeralStorage",
      object("ephemeralStorage", [.setting("size", .integer(512...10_240), "Size of /tmp in MB.")]),
      "Size of /tmp."),
    .setting(
      "snapStart",
      object(
        "snapStart", [.setting("applyOn", .choice(["PublishedVersions", "None"]), "When to snapshot.")]),
      "SnapStart."),
    .setting("loggingConfig", .object(logging), "Format, levels and group of the logs."),
    .setting("capacityProviderConfig", .object(capacityProvider), "Managed instances to run on."),
    .setting(
      "durableConfig",
      object(
        "durableConfig",
        [
          .setting("retentionPeriodInDays", .integer(1...90), "How long histories are kept."),
          .setting("executionTimeout", .integer(1...31_622_400), "Longest durable execution in seconds."),
        ]), "Durable executions."),
    .setting(
      "tenancyConfig",
      object(
        "tenancyConfig",
        [.setting("tenantIsolationMode", .choice(["PER_TENANT"]), "How tenants are kept apart.")]),
      "Tenant isolation."),
    ConfigKey("functionName", .string, "Name in AWS instead of the one that `name` of lamctl.json makes."),
    ConfigKey("reservedConcurrency", .integer(0...1_000_000), "Reserved concurrent executions."),
  ]

  private static let environmentVariables = ConfigTable(
    title: "environmentVariables",
    keys: [
      ConfigKey(
        "mode", .choice(["replace", "merge", "unmanaged"]),
        "replace: these variables are all there are (default); merge: others stay; unmanaged: never touched."),
      .setting("variables", .map(.string), "Names and values."),
    ])

  private static let logging = ConfigTable(
    title: "loggingConfig",
    keys: [
      .setting("logFormat", .choice(["JSON", "Text"]), "Format of log lines."),
      .setting(
        "applicationLogLevel", .choice(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]),
        "Least level of the function's own lines."),
      .setting("systemLogLevel", .choice(["DEBUG", "INFO", "WARN"]), "Least level of Lambda's lines."),
      .setting("logGroup", .string, "Log group."),
    ])

  private static let capacityProvider = ConfigTable(
    title: "capacityProviderConfig",
    keys: [
      .setting(
        "lambdaManagedInstancesCapacityProviderConfig",
        object(
          "lambdaManagedInstancesCapacityProviderConfig",
          [
            .setting("capacityProviderArn", .string, "The provider."),
            .setting(
              "perExecutionEnvironmentMaxConcurrency", .integer(1...1_600),
              "Invocations one environment takes at a time."),
            .setting("executionEnvironmentMemoryGiBPerVCpu", .number(2...8), "GiB of memory a processor."),
          ]), "Lambda managed instances.")
    ])

  /// Keys that describe the build of a unit rather than a function.
  private static let unitKeys: [ConfigKey] = [
    ConfigKey(
      "uses", strings,
      "Folders of shared code that go into the package: from the root in lamctl.json, from the unit in function.json."
    ),
    ConfigKey("build", strings, "Program and arguments that build the unit; no shell."),
    ConfigKey("output", .string, "Folder, relative to the unit, whose content is the package."),
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
        "beforeTraffic", strings, "Program and arguments to run before the first weight; failure stops."),
      ConfigKey("afterTraffic", strings, "Program and arguments to run once all traffic has moved."),
    ])

  /// `defaults` of lamctl.json and of an environment.
  static let defaults = ConfigTable(title: "defaults", keys: settings + unitKeys + releaseKeys)

  private static let functionEntry = ConfigTable(title: "function", keys: settings + releaseKeys)

  /// `function.json`.
  static let functionFile = ConfigTable(
    title: "function.json",
    keys: defaults.keys + [
      ConfigKey(
        "functions", .map(.object(functionEntry)),
        "Functions of this unit by name, each with settings of its own."),
      ConfigKey(
        "environments", .map(.object(defaults)), "Settings that hold in one environment only, by its name."),
      ConfigKey("$schema", .string, "Address of the schema, for editors."),
    ])
}
