internal import Core

extension SettingCatalogue {
  /// What a function reaches: networks, queues, file systems.
  static let network: [LambdaSetting] = [
    LambdaSetting(
      "vpcConfig",
      .object([
        SettingMember("subnetIds", .list(.text(.subnet), count: 0...16), "Subnets."),
        SettingMember("securityGroupIds", .list(.text(.securityGroup), count: 0...5), "Security groups."),
        SettingMember(
          "ipv6AllowedForDualStack", .boolean, "Whether IPv6 may leave through dual-stack subnets."),
      ]), "Network of the function.", standard: ["Ipv6AllowedForDualStack": false], isLeftOut: true),
    LambdaSetting(
      "deadLetterConfig", .object([SettingMember("targetArn", .text(.arn), "Queue or topic.")]),
      "Where failed asynchronous events go.", isLeftOut: true),
    LambdaSetting(
      "fileSystemConfigs",
      .list(
        .object([
          SettingMember("arn", .text(.accessPoint), "Access point.", isRequired: true),
          SettingMember("localMountPath", .text(.mountPath), "Path below /mnt.", isRequired: true),
          SettingMember(
            "s3FilesConfig",
            .object([
              SettingMember(
                "directS3Read", .choice(["ENABLED", "DISABLED", "AUTO"]),
                "Whether reads go to the bucket itself.")
            ]), "How files in S3 are read."),
        ]), count: 0...1), "File systems to mount, at most one.", isLeftOut: true),
  ]

  /// What a function runs on.
  static let runtimes: [LambdaSetting] = [
    LambdaSetting(
      "imageConfig",
      .object([
        SettingMember("entryPoint", texts, "Entry point of the image."),
        SettingMember("command", texts, "Arguments of the entry point."),
        SettingMember(
          "workingDirectory", .text(SettingText(0...1_000)), "Folder the image runs in."),
      ]), "What overrides the container image's own settings.", place: ["ImageConfigResponse", "ImageConfig"]),
    LambdaSetting(
      "capacityProviderConfig",
      .object([
        SettingMember(
          "lambdaManagedInstancesCapacityProviderConfig", .object(managedInstances),
          "Lambda managed instances.",
          isRequired: true)
      ]), "Managed instances to run on."),
    LambdaSetting(
      "durableConfig",
      .object([
        SettingMember("kmsKeyArn", .text(.arn), "Key that encrypts histories.", api: "KMSKeyArn"),
        SettingMember("retentionPeriodInDays", .integer(1...90), "How long histories are kept."),
        SettingMember(
          "executionTimeout", .integer(1...31_622_400), "Longest durable execution in seconds."),
      ]), "Durable executions."),
    LambdaSetting(
      "tenancyConfig",
      .object([
        SettingMember(
          "tenantIsolationMode", .choice(["PER_TENANT"]), "How tenants are kept apart.", isRequired: true)
      ]), "Tenant isolation, from the function's creation on.", call: .creation),
    LambdaSetting(
      "runtimeConfig",
      .object([
        SettingMember("runtimeArn", .text(.customRuntime), "ARN of the runtime.", isRequired: true),
        SettingMember(
          "runtimeAlias", .text(SettingText(1...128)), "Alias of the runtime.", isRequired: true),
      ]), "A runtime of one's own, with runtime custom."),
    LambdaSetting(
      "acceleratorConfig",
      .object([
        SettingMember(
          "acceleratorMemorySize", .integer(0...Int.max), "Memory of the accelerator in MB.", isRequired: true
        )
      ]), "Accelerator of the function."),
  ]

  private static let managedInstances = [
    SettingMember("capacityProviderArn", .text(.capacityProvider), "The provider.", isRequired: true),
    SettingMember(
      "perExecutionEnvironmentMaxConcurrency", .integer(1...1_600),
      "Invocations one environment takes at a time."),
    SettingMember("executionEnvironmentMemoryGiBPerVCpu", .number(2...8), "GiB of memory a processor."),
  ]

  /// Settings that have calls of their own and need no version.
  static let ownCalls: [LambdaSetting] = [
    LambdaSetting(
      "tags", .map(.tags), "Tags of the function; others that it has stay.", call: .tags, isCreated: true),
    LambdaSetting(
      "reservedConcurrency", .optional(.integer(0...1_000_000)),
      "Reserved concurrent executions; null for none.",
      api: "ReservedConcurrentExecutions", call: .reservedConcurrency),
    LambdaSetting(
      "codeSigningConfigArn", .optional(.text(.codeSigningConfig)),
      "ARN of a code signing configuration; null for none.", call: .codeSigning, isCreated: true),
    LambdaSetting(
      "runtimeManagement",
      .object([
        SettingMember(
          "updateRuntimeOn", .choice(["Auto", "Manual", "FunctionUpdate"]),
          "When the runtime's patches are taken.", isRequired: true),
        SettingMember(
          "runtimeVersionArn", .text(.runtimeVersion), "The runtime version to stay at.",
          condition: ("UpdateRuntimeOn", "Manual")),
      ]), "How the runtime of a version is kept up to date.", api: "RuntimeManagementConfig",
      call: .runtimeManagement, standard: ["UpdateRuntimeOn": "Auto"]),
    LambdaSetting(
      "recursiveLoop", .choice(["Allow", "Terminate"]),
      "What Lambda does about a function that calls itself.",
      call: .recursion, standard: "Terminate"),
    LambdaSetting(
      "provisionedConcurrency", .integer(0...1_000_000),
      "Environments that are kept ready for the version that serves; 0 for none.",
      api: "ProvisionedConcurrentExecutions", call: .provisionedConcurrency, standard: 0),
  ]
}
