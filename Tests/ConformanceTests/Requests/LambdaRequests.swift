import Core

@testable import AWSClient

/// Everything the client can ask of Lambda, with as little and with as much as it can say.
enum LambdaRequests {
  private static let arn = "arn:aws:lambda:eu-central-1:123456789012:function:orders"
  private static let role = "arn:aws:iam::123456789012:role/service-role/orders"
  private static let revision = "a0e2214e-0c05-4b51-8968-1ccf447a006d"
  private static let digest = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="

  /// - Parameter zip: a file to send as code.
  static func all(zip: String) -> [RequestCase] {
    reads + functions(zip: zip) + layers(zip: zip) + versionsAndAliases + invocations + settings
  }

  private static let reads = [
    RequestCase("getFunction") { _ = try await $0.lambda.getFunction("orders") },
    RequestCase("getFunction, by ARN and alias") {
      _ = try await $0.lambda.getFunction(arn, qualifier: "live", priority: .rollback)
    },
    RequestCase("getFunction, by partial ARN") {
      _ = try await $0.lambda.getFunction("123456789012:function:orders", qualifier: "$LATEST")
    },
    RequestCase("getFunctionConfiguration") { _ = try await $0.lambda.getFunctionConfiguration("orders") },
    RequestCase("getFunctionConfiguration, by ARN") {
      _ = try await $0.lambda.getFunctionConfiguration(arn, qualifier: "12")
    },
    RequestCase("listFunctions") { _ = try await $0.lambda.listFunctions() },
    RequestCase("listFunctions, next page") { _ = try await $0.lambda.listFunctions(marker: "a/+ b=") },
    RequestCase("listAllFunctions") { _ = try await $0.lambda.listAllFunctions() }.inPages(),
    RequestCase("getAccountSettings") { _ = try await $0.lambda.getAccountSettings() },
  ]

  /// Every member that CreateFunction has for a zip, but those that a manifest has no use for.
  private static let configuration: JSONObject = [
    "Role": .string(role), "Runtime": "python3.13", "Handler": "app.handler", "Description": "Größe",
    "Timeout": 900, "MemorySize": 10240, "PackageType": "Zip", "Publish": false,
    "VpcConfig": ["SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"], "Ipv6AllowedForDualStack": false],
    "DeadLetterConfig": ["TargetArn": "arn:aws:sqs:eu-central-1:123456789012:dead"],
    "Environment": ["Variables": ["NAME": "value \" \\ é"]],
    "KMSKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/1", "TracingConfig": ["Mode": "Active"],
    "Tags": ["team": "shop"], "Layers": ["arn:aws:lambda:eu-central-1:123456789012:layer:base:3"],
    "FileSystemConfigs": [
      [
        "Arn": "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0123456789abcdef0",
        "LocalMountPath": "/mnt/data",
      ]
    ],
    "Architectures": ["arm64"], "EphemeralStorage": ["Size": 10240], "SnapStart": ["ApplyOn": "None"],
    "LoggingConfig": [
      "LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN",
      "LogGroup": "/shop/orders",
    ],
    "CodeSigningConfigArn":
      "arn:aws:lambda:eu-central-1:123456789012:code-signing-config:csc-0123456789abcdef0",
  ]

  private static let image: JSONObject = [
    "Role": .string(role),
    "ImageConfig": ["EntryPoint": ["/bin/run"], "Command": ["serve"], "WorkingDirectory": "/srv"],
  ]

  private static var changes: JSONObject {
    var changes = configuration
    for name in ["PackageType", "Publish", "Tags", "Architectures", "CodeSigningConfigArn"] {
      changes[name] = nil
    }
    return changes
  }

  private static func functions(zip: String) -> [RequestCase] {
    let uri =
      "123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders@sha256:" + String(repeating: "0", count: 64)
    return [
      RequestCase("createFunction") {
        _ = try await $0.lambda.createFunction(
          name: "orders", code: .zip(path: zip),
          configuration: ["Role": .string(role), "Runtime": "nodejs22.x", "Handler": "index.handler"])
      },
      RequestCase("createFunction, all of it") {
        _ = try await $0.lambda.createFunction(
          name: "orders", code: .zip(path: zip), configuration: configuration)
      },
      RequestCase("createFunction, from S3") {
        _ = try await $0.lambda.createFunction(
          name: "orders", code: .s3(bucket: "packages", key: "orders/é.zip", version: "3"),
          configuration: configuration)
      },
      RequestCase("createFunction, from an image") {
        _ = try await $0.lambda.createFunction(name: "orders", code: .image(uri: uri), configuration: image)
      },
      RequestCase("updateFunctionCode") {
        _ = try await $0.lambda.updateFunctionCode("orders", code: .zip(path: zip))
      },
      RequestCase("updateFunctionCode, all of it") {
        _ = try await $0.lambda.updateFunctionCode(
          arn, code: .zip(path: zip), architectures: ["arm64"], revisionID: revision)
      },
      RequestCase("updateFunctionCode, from S3") {
        _ = try await $0.lambda.updateFunctionCode(
          "orders", code: .s3(bucket: "packages", key: "a//b.zip", version: nil), architectures: ["x86_64"])
      },
      RequestCase("updateFunctionCode, from an image") {
        _ = try await $0.lambda.updateFunctionCode("orders", code: .image(uri: uri))
      },
      RequestCase("updateFunctionConfiguration") {
        _ = try await $0.lambda.updateFunctionConfiguration("orders", changes: ["Timeout": 3])
      },
      RequestCase("updateFunctionConfiguration, all of it") {
        _ = try await $0.lambda.updateFunctionConfiguration(arn, changes: changes, revisionID: revision)
      },
      RequestCase("deleteFunction") { try await $0.lambda.deleteFunction("orders") },
      RequestCase("deleteFunctionVersion") { try await $0.lambda.deleteFunctionVersion(arn, version: "7") },
    ]
  }

  private static func layers(zip: String) -> [RequestCase] {
    [
      RequestCase("publishLayerVersion") {
        _ = try await $0.lambda.publishLayerVersion(
          "common", content: .zip(path: zip), details: LayerDetails(description: ""))
      },
      RequestCase("publishLayerVersion, from a bucket") {
        _ = try await $0.lambda.publishLayerVersion(
          "shop-common_1", content: .s3(bucket: "packages", key: "a//b.zip", version: "v"),
          details: LayerDetails(
            description: "é", compatibleRuntimes: ["python3.13", "nodejs22.x"],
            compatibleArchitectures: ["arm64"]))
      },
      RequestCase("listLayerVersions") { _ = try await $0.lambda.listLayerVersions("common") }.inPages(),
      RequestCase("getLayerVersion") { _ = try await $0.lambda.getLayerVersion("common", version: 3) },
      RequestCase("deleteLayerVersion") {
        try await $0.lambda.deleteLayerVersion("common", version: 3)
      },
      RequestCase("listAllVersions") { _ = try await $0.lambda.listAllVersions() }.inPages(),
    ]
  }

  private static let versionsAndAliases = [
    RequestCase("publishVersion") { _ = try await $0.lambda.publishVersion("orders") },
    RequestCase("publishVersion, all of it") {
      _ = try await $0.lambda.publishVersion(
        arn, codeSHA256: digest, revisionID: revision, description: "lamctl/1 s=…")
    },
    RequestCase("listVersions") { _ = try await $0.lambda.listVersions("orders") },
    RequestCase("listVersions, in pages") { _ = try await $0.lambda.listVersions(arn) }.inPages(),
    RequestCase("getAlias") { _ = try await $0.lambda.getAlias("orders", name: "live") },
    RequestCase("getAlias, by ARN") {
      _ = try await $0.lambda.getAlias(arn, name: "blue-green_1", priority: .rollback)
    },
    RequestCase("createAlias") {
      _ = try await $0.lambda.createAlias("orders", name: "live", version: "1")
    },
    RequestCase("createAlias, all of it") {
      _ = try await $0.lambda.createAlias(arn, name: "live", version: "$LATEST", description: "p=1 \"é\"")
    },
    RequestCase("updateAlias") {
      _ = try await $0.lambda.updateAlias(
        "orders", name: "live", version: "2", weights: [:], description: "", revisionID: nil)
    },
    RequestCase("updateAlias, all of it") {
      _ = try await $0.lambda.updateAlias(
        arn, name: "live", version: "2", weights: ["3": 0.125], description: "p=1", revisionID: revision,
        priority: .rollback)
    },
    RequestCase("updateAlias, smallest and largest weight") {
      for weight in [0.001, 1] {
        _ = try await $0.lambda.updateAlias(
          "orders", name: "live", version: "2", weights: ["3": weight], description: "", revisionID: revision)
      }
    },
    RequestCase("listAliases") { _ = try await $0.lambda.listAliases("orders") },
    RequestCase("listAliases, in pages") { _ = try await $0.lambda.listAliases(arn) }.inPages(),
    RequestCase("deleteAlias") { try await $0.lambda.deleteAlias("orders", name: "live") },
  ]

  private static let invocations = [
    RequestCase("invoke") { _ = try await $0.lambda.invoke("orders", payload: Array("{}".utf8)) },
    RequestCase("invoke, all of it") {
      _ = try await $0.lambda.invoke(
        arn, qualifier: "$LATEST", payload: Array("{\"a\": \"é\"}".utf8), kind: .requestResponse, logs: true)
    },
    RequestCase("invoke, as an event") {
      _ = try await $0.lambda.invoke("orders", qualifier: "live", payload: [], kind: .event, logs: true)
    },
    RequestCase("invoke, dry") {
      _ = try await $0.lambda.invoke("orders", qualifier: "3", payload: [], kind: .dryRun)
    },
  ]

  private static let settings = [
    RequestCase("setFunctionConcurrency") {
      try await $0.lambda.setFunctionConcurrency("orders", reserved: 0)
      try await $0.lambda.setFunctionConcurrency(arn, reserved: nil)
    },
    RequestCase("getFunctionConcurrency") { _ = try await $0.lambda.getFunctionConcurrency(arn) },
    RequestCase("setProvisionedConcurrency") {
      try await $0.lambda.setProvisionedConcurrency("orders", qualifier: "live", provisioned: 1)
      try await $0.lambda.setProvisionedConcurrency(arn, qualifier: "3", provisioned: nil)
    },
    RequestCase("getProvisionedConcurrencyConfig") {
      _ = try await $0.lambda.getProvisionedConcurrencyConfig("orders", qualifier: "live")
    },
    RequestCase("listProvisionedConcurrencyConfigs, in pages") {
      _ = try await $0.lambda.listProvisionedConcurrencyConfigs(arn)
    }.inPages(),
    RequestCase("getFunctionCodeSigningConfig") {
      _ = try await $0.lambda.getFunctionCodeSigningConfig("orders")
    },
    RequestCase("setFunctionCodeSigningConfig") {
      let config = "arn:aws:lambda:eu-west-1:123456789012:code-signing-config:csc-0123456789abcdef0"
      try await $0.lambda.setFunctionCodeSigningConfig("orders", arn: config)
      try await $0.lambda.setFunctionCodeSigningConfig(arn, arn: nil)
    },
    RequestCase("getRuntimeManagementConfig") {
      _ = try await $0.lambda.getRuntimeManagementConfig("orders", qualifier: "3")
    },
    RequestCase("putRuntimeManagementConfig") {
      try await $0.lambda.putRuntimeManagementConfig(
        "orders", qualifier: "3",
        configuration: JSONObject([
          ("UpdateRuntimeOn", "Manual"),
          ("RuntimeVersionArn", "arn:aws:lambda:eu-west-1::runtime:0123456789abcdef"),
        ]))
    },
    RequestCase("getFunctionRecursionConfig") {
      _ = try await $0.lambda.getFunctionRecursionConfig("orders")
    },
    RequestCase("putFunctionRecursionConfig") {
      try await $0.lambda.putFunctionRecursionConfig("orders", loop: "Allow")
    },
    RequestCase("listTags") { _ = try await $0.lambda.listTags(arn) },
    RequestCase("tagResource") { try await $0.lambda.tagResource(arn, tags: ["a:b": "c", "é": ""]) },
    RequestCase("untagResource") { try await $0.lambda.untagResource(arn, keys: ["a:b", "é f"]) },
  ]
}
