// The patterns are those of AWS's model, letter by letter: a conformance test compares them.
extension SettingText {
  static let anything = SettingText(0...Int.max)

  static let arn = SettingText(
    0...10_000, "(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()",
    "an ARN, such as arn:aws:sqs:eu-west-1:123456789012:queue"
  )

  static let role = SettingText(
    0...10_000, #"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"#,
    "the ARN of a role, such as arn:aws:iam::123456789012:role/NAME")

  static let handler = SettingText(
    0...128, #"[^\s]+"#, "a file and a symbol without blanks, such as index.handler")

  /// Not AWS's list of the day: a runtime of tomorrow is one of these families.
  static let runtime = SettingText(
    1...128,
    #"nodejs([0-9]{1,2}\.x|4\.3|4\.3-edge|6\.10|8\.10)?|python[0-9]\.[0-9]{1,2}|java[0-9]{1,2}(\.al[0-9]{1,4})?|dotnet(core)?[0-9]{1,2}(\.[0-9])?|ruby[0-9]\.[0-9]|go1\.x|provided(\.al[0-9]{1,4})?|custom"#,
    "the identifier of a runtime, such as python3.13, nodejs22.x or provided.al2023")

  static let subnet = SettingText(
    0...1_024, "subnet-[0-9a-z]*", "the id of a subnet, such as subnet-0a1b2c3d")

  static let securityGroup = SettingText(
    0...1_024, "sg-[0-9a-zA-Z]*", "the id of a security group, such as sg-0a1b2c3d")

  static let layer = SettingText(
    1...2_048,
    #"((arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+))"#,
    "the ARN of a layer version, such as arn:aws:lambda:eu-west-1:123456789012:layer:NAME:3")

  static let accessPoint = SettingText(
    0...256,
    #"arn:aws[a-zA-Z-]*:elasticfilesystem:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:access-point/fsap-[a-f0-9]{17}$|^arn:aws[-a-z]*:s3files:[0-9a-z-:]+:file-system/fs-[0-9a-f]{17,40}/access-point/fsap-[0-9a-f]{17,40}"#,
    "the ARN of an access point, such as arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-0123456789abcdef0"
  )

  static let mountPath = SettingText(
    0...160, "/mnt/[a-zA-Z0-9-_.]+", "a path with one component below /mnt, such as /mnt/data")

  static let codeSigningConfig = SettingText(
    0...200,
    #"arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:code-signing-config:csc-[a-z0-9]{17}"#,
    "the ARN of a code signing configuration, such as arn:aws:lambda:eu-west-1:123456789012:code-signing-config:csc-0123456789abcdef0"
  )

  static let logGroup = SettingText(
    1...512, #"[\.\-_/#A-Za-z0-9]+"#, "the name of a log group: letters, digits and . - _ / #")

  static let capacityProvider = SettingText(
    1...140,
    #"arn:aws[a-zA-Z-]*:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:capacity-provider:[a-zA-Z0-9-_]+"#,
    "the ARN of a capacity provider, such as arn:aws:lambda:eu-west-1:123456789012:capacity-provider:NAME")

  static let customRuntime = SettingText(
    48...2_048, #"arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:runtime/.+"#,
    "the ARN of a runtime, such as arn:aws:lambda:eu-west-1:123456789012:runtime/NAME")

  static let runtimeVersion = SettingText(
    26...2_048,
    #"((arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}::runtime:.+)|(arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:runtime/[A-Za-z0-9_.-]{1,128}/version/[A-Za-z0-9_.-]{1,128}))"#,
    "the ARN of a runtime version, such as arn:aws:lambda:eu-west-1::runtime:0123abcd")

  static let variableName = SettingText(
    0...Int.max, "[a-zA-Z]([a-zA-Z0-9_])+",
    "a name of two letters or more: letters, digits and _, a letter first")

  static let tagKey = SettingText(
    1...128, #"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"#,
    "the key of a tag: letters, digits, blanks and _ . : / = + - @")

  static let tagValue = SettingText(
    0...256, #"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"#,
    "the value of a tag: letters, digits, blanks and _ . : / = + - @")
}

extension SettingMap {
  /// The names of variables that Lambda keeps for itself.
  package static var reservedVariables: Set<String> { variables.reserved }

  /// Source of the names, and of the 4 KB: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
  static let variables = SettingMap(
    key: .variableName, value: .anything, count: 0...Int.max,
    reserved: [
      "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION",
      "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME",
      "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
      "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY",
      "AWS_SECRET_KEY", "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN", "AWS_XRAY_CONTEXT_MISSING",
      "AWS_XRAY_DAEMON_ADDRESS", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "TZ",
    ],
    totalBytes: 4_096)

  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html
  static let tags = SettingMap(key: .tagKey, value: .tagValue, count: 0...50, reservedPrefix: "aws:")
}
