internal import Core

/// Every setting of a Lambda function that a manifest may state.
///
/// All that deals with settings reads this: the parser and the schema of configuration files, the digest, comparison and
/// restoration, requests, and the sandbox's rules.
package enum SettingCatalogue {
  /// The settings, those of a version first.
  package static let all = versioned + network + runtimes + ownCalls

  /// The setting whose name in the API is `member`.
  package static subscript(member: String) -> LambdaSetting? { byMember[member] }

  private static let byMember = Dictionary(all.map { ($0.member, $0) }) { first, _ in first }

  /// Members of CreateFunction, UpdateFunctionConfiguration and UpdateFunctionCode that are no settings, and why.
  package static let exclusions: [String: String] = [
    "FunctionName": "it names the function that the call is about",
    "RevisionId": "it guards the write",
    "Code": "lamctl sends the package that it has built",
    "ZipFile": "lamctl sends the package that it has built",
    "S3Bucket": "lamctl uploads packages to the bucket of the environment",
    "S3Key": "lamctl names what it uploads after its content",
    "S3ObjectVersion": "lamctl names what it uploads after its content",
    "S3ObjectStorageMode": "a package that stays in its bucket is not frozen by the version that runs it",
    "ImageUri": "lamctl sends the image that it has built",
    "SourceKMSKeyArn":
      "Lambda encrypts packages with a key of its own; one of the user's would have to be there on every"
      + " upload, and no answer of a version tells it",
    "Publish": "it publishes without the Description that tells where a version comes from",
    "PublishTo": "it publishes without the Description that tells where a version comes from",
    "DryRun": "plan asks nothing of Lambda that writes",
  ]

  static let texts = SettingShape.list(.text(.anything), count: 0...1_500)

  private static let versioned: [LambdaSetting] = [
    LambdaSetting(
      "runtime", .text(.runtime),
      "Identifier of the runtime, such as python3.13, nodejs22.x or provided.al2023."),
    LambdaSetting(
      "handler", .text(.handler),
      "File and symbol that Lambda calls, relative to the unit, without the extension."),
    LambdaSetting("role", .text(.role), "ARN of the execution role."),
    LambdaSetting(
      "description", .text(SettingText(0...256)), "Description of the function, at most 256 characters."),
    LambdaSetting("timeout", .integer(1...5_400), "Longest run of one invocation in seconds.", standard: 3),
    LambdaSetting("memorySize", .integer(128...32_768), "Memory in MB.", standard: 128),
    LambdaSetting(
      "packageType", .choice(["Zip", "Image"]), "Zip archive or container image.", call: .creation,
      standard: "Zip"),
    LambdaSetting(
      "architectures", .list(.choice(["x86_64", "arm64"]), count: 1...1),
      "Instruction set: one of x86_64 and arm64.", call: .code, standard: ["x86_64"]),
    LambdaSetting(
      "layers", .list(.text(.layer), count: 0...5), "ARNs of layer versions, in order, at most five.",
      isLeftOut: true),
    LambdaSetting(
      "kmsKeyArn", .text(.arn), "Key that encrypts environment variables and SnapStart snapshots.",
      api: "KMSKeyArn", isLeftOut: true),
    LambdaSetting(
      "environment", .object([SettingMember("variables", .map(.variables), "Names and values.")]),
      "Environment variables and how lamctl owns them.", isLeftOut: true),
    LambdaSetting(
      "tracingConfig",
      .object([SettingMember("mode", .choice(["Active", "PassThrough"]), "Sampling of traces.")]),
      "X-Ray tracing.", standard: ["Mode": "PassThrough"]),
    LambdaSetting(
      "ephemeralStorage",
      .object([SettingMember("size", .integer(512...32_768), "Size of /tmp in MB.", isRequired: true)]),
      "Size of /tmp.", standard: ["Size": 512]),
    LambdaSetting(
      "snapStart",
      .object([SettingMember("applyOn", .choice(["PublishedVersions", "None"]), "When to snapshot.")]),
      "SnapStart.", standard: ["ApplyOn": "None"]),
    LambdaSetting(
      "loggingConfig", .object(logging), "Format, levels and group of the logs.",
      standard: ["LogFormat": "Text", "LogGroup": "/aws/lambda/{functionName}"]),
  ]

  private static let logging = [
    SettingMember("logFormat", .choice(["JSON", "Text"]), "Format of log lines."),
    SettingMember(
      "applicationLogLevel", .choice(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]),
      "Least level of the function's own lines; with logFormat JSON only.", condition: ("LogFormat", "JSON")),
    SettingMember(
      "systemLogLevel", .choice(["DEBUG", "INFO", "WARN"]),
      "Least level of Lambda's lines; with logFormat JSON only.", condition: ("LogFormat", "JSON")),
    SettingMember("logGroup", .text(.logGroup), "Log group."),
  ]
}
