import AWSClient
import Core
import LambdaSettings
import Sandbox
import TestSupport
import Testing

@Suite("Every setting, with the built binary against the sandbox", .serialized)
struct SettingJobTests {
  /// A setting and the values that it goes through, as a manifest states them.
  private struct Trial: Sendable {
    let key: String
    let set: String
    let other: String
    /// What AWS has where nobody has set it; nil where nothing brings a setting back to that.
    var standard: String?

    init(_ key: String, _ set: String, _ other: String, _ standard: String? = nil) {
      self.key = key
      self.set = set
      self.other = other
      self.standard = standard
    }

    /// The values after one another; the last is that of a manifest without the key.
    var stages: [String?] { [set, other, standard ?? other, nil] }
  }

  private static let trials = [
    Trial("runtime", #""python3.11""#, #""python3.12""#),
    Trial("handler", #""handler.other_handler""#, #""handler.handler""#),
    // The last one is that of the defaults, which a function without the key has.
    Trial("role", #""arn:aws:iam::000000000000:role/one""#, #""arn:aws:iam::000000000000:role/many""#),
    Trial("description", #""one""#, #""two""#, #""""#),
    Trial("timeout", "7", "5400", "3"), Trial("memorySize", "256", "512", "128"),
    Trial("architectures", #"["arm64"]"#, #"["x86_64"]"#, #"["x86_64"]"#),
    Trial("layers", "[\(layer(1))]", "[\(layer(2)), \(layer(1))]", "[]"),
    Trial(
      "kmsKeyArn", #""arn:aws:kms:eu-west-1:000000000000:key/a""#,
      #""arn:aws:kms:eu-west-1:000000000000:key/b""#, #""""#),
    Trial(
      "environment", #"{"variables": {"AA": "1"}}"#, #"{"variables": {"AA": "2", "BB": "3"}}"#,
      #"{"variables": {}}"#),
    Trial("tracingConfig", #"{"mode": "Active"}"#, #"{"mode": "PassThrough"}"#, #"{"mode": "PassThrough"}"#),
    Trial("ephemeralStorage", #"{"size": 1024}"#, #"{"size": 32768}"#, #"{"size": 512}"#),
    Trial(
      "snapStart", #"{"applyOn": "PublishedVersions"}"#, #"{"applyOn": "None"}"#, #"{"applyOn": "None"}"#),
    Trial(
      "loggingConfig", #"{"logFormat": "JSON", "applicationLogLevel": "WARN"}"#,
      #"{"logFormat": "JSON", "logGroup": "/x"}"#,
      "{}"),
    Trial(
      "vpcConfig", #"{"subnetIds": ["subnet-a"], "securityGroupIds": ["sg-a"]}"#,
      #"{"subnetIds": ["subnet-b", "subnet-a"]}"#, "{}"),
    Trial(
      "deadLetterConfig", #"{"targetArn": "arn:aws:sqs:eu-west-1:000000000000:a"}"#,
      #"{"targetArn": "arn:aws:sqs:eu-west-1:000000000000:b"}"#, "{}"),
    Trial("fileSystemConfigs", "[\(mount("one"))]", "[\(mount("two"))]", "[]"),
    Trial(
      "durableConfig", #"{"retentionPeriodInDays": 7}"#,
      #"{"retentionPeriodInDays": 14, "executionTimeout": 60}"#),
    Trial("capacityProviderConfig", capacity(2), capacity(3)),
    Trial("runtimeConfig", customRuntime("a"), customRuntime("b")),
    Trial("acceleratorConfig", #"{"acceleratorMemorySize": 1024}"#, #"{"acceleratorMemorySize": 2048}"#),
    Trial("tags", #"{"team": "blue"}"#, #"{"team": "red", "cost": "7"}"#),
    Trial("reservedConcurrency", "5", "50", "null"),
    Trial("codeSigningConfigArn", signing("a"), signing("b"), "null"),
    Trial(
      "runtimeManagement", #"{"updateRuntimeOn": "FunctionUpdate"}"#,
      #"{"updateRuntimeOn": "Manual", "runtimeVersionArn": "arn:aws:lambda:eu-west-1::runtime:0123456789abcdef"}"#,
      #"{"updateRuntimeOn": "Auto"}"#),
    Trial("recursiveLoop", #""Allow""#, #""Terminate""#, #""Terminate""#),
    Trial("provisionedConcurrency", "1", "2", "0"),
  ]

  private static func layer(_ number: Int) -> String {
    #""arn:aws:lambda:eu-west-1:111122223333:layer:common:\#(number)""#
  }

  private static func mount(_ name: String) -> String {
    #"{"arn": "arn:aws:elasticfilesystem:eu-west-1:000000000000:access-point/fsap-0123456789abcdef0", "localMountPath": "/mnt/\#(name)"}"#
  }

  private static func capacity(_ number: Int) -> String {
    #"{"lambdaManagedInstancesCapacityProviderConfig": {"capacityProviderArn": "arn:aws:lambda:eu-west-1:000000000000:capacity-provider:p", "executionEnvironmentMemoryGiBPerVCpu": \#(number)}}"#
  }

  private static func customRuntime(_ alias: String) -> String {
    #"{"runtimeArn": "arn:aws:lambda:eu-west-1:000000000000:runtime/mine", "runtimeAlias": "\#(alias)"}"#
  }

  private static func signing(_ letter: String) -> String {
    #""arn:aws:lambda:eu-west-1:000000000000:code-signing-config:csc-\#(String(repeating: letter, count: 17))""#
  }

  @Test("each setting of the catalogue is tried, or cannot be with a zip that exists")
  func completeness() {
    let untried = Set(SettingCatalogue.all.map(\.key)).subtracting(Self.trials.map(\.key))
    #expect(untried == ["packageType", "tenancyConfig", "imageConfig"])
  }

  /// Writes the sources of the function for `trial`, `value` among its settings.
  private func write(
    _ repository: CountedRepository, _ trial: Trial, _ value: String?, answer: Int?
  ) throws {
    let name = trial.key.lowercased() + (answer == nil ? "-alone" : "-code")
    try repository.folder.write(
      "functions/\(name)/handler.py",
      "def handler(event, context):\n    return {'answer': \(answer ?? 0)}\n\n\n"
        + "def other_handler(event, context):\n    return {'other': \(answer ?? 0)}\n")
    // Two functions could be meant where nothing says which.
    let handler = trial.key == "handler" ? value : nil
    var members = ["\"handler\": \(handler ?? "\"handler.handler\"")"]
    if let value, trial.key != "handler" { members.append("\"\(trial.key)\": \(value)") }
    try repository.folder.write("functions/\(name)/function.json", "{\(members.joined(separator: ", "))}")
  }

  private func writeAll(_ repository: CountedRepository, stage: Int?) throws {
    for trial in Self.trials {
      let value = stage.flatMap { trial.stages[$0] }
      try write(repository, trial, value, answer: nil)
      try write(repository, trial, value, answer: stage.map { $0 + 1 } ?? 0)
    }
  }

  /// What AWS has of a setting, in the form of a request.
  private func present(_ setting: LambdaSetting, _ name: String, _ lambda: LambdaClient) async throws -> JSON?
  {
    let found = try await lambda.getFunction(name, qualifier: "prod")
    switch setting.call {
    case .tags:
      return .object(JSONObject(found.tags.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    case .reservedConcurrency: return found.reservedConcurrency.map(JSON.int)
    case .codeSigning: return try await lambda.getFunctionCodeSigningConfig(name).map(JSON.string)
    case .recursion: return try await lambda.getFunctionRecursionConfig(name).map(JSON.string)
    case .runtimeManagement:
      return .object(
        try await lambda.getRuntimeManagementConfig(name, qualifier: found.configuration.version))
    case .provisionedConcurrency:
      let version = found.configuration.version
      return try await lambda.getProvisionedConcurrencyConfig(name, qualifier: version).map {
        .int($0.requested)
      }
    case .creation, .code, .configuration:
      guard setting.member == "Description" else {
        return SettingValue.shown(setting, in: found.configuration.members)
      }
      return try await lambda.getFunction(name).configuration.members["Description"]
    }
  }

  @Test("absent, set, other, default, removed, alone and beside code: AWS has it, and the next plan is empty")
  func everySetting() async throws {
    let repository = try CountedRepository(functions: 0)
    let text = try repository.folder.read("lamctl.json")
    try repository.folder.write(
      "lamctl.json", text.replacing(#""architectures": ["x86_64"], "runtime": "python3.11","#, with: ""))
    try writeAll(repository, stage: nil)
    try repository.start(speed: 200)
    try await repository.deployFirst()
    let aws = try AWS(
      settings: AWSSettings(region: "eu-west-1", endpointURL: repository.endpoint, parallel: 8),
      environment: repository.credentials, clock: SystemClock())
    var versions: [String: Int] = [:]
    for stage in 0..<4 {
      try writeAll(repository, stage: stage)
      let deploy = try await repository.run("deploy", "--all-at-once", "--bake", "0s")
      #expect(deploy.exit == .code(0), "stage \(stage): \(deploy.output)\(deploy.errors)")
      let plan = try await repository.run("plan", "--detailed-exitcode")
      #expect(plan.exit == .code(0), "stage \(stage): \(plan.output)")
      for trial in Self.trials {
        let setting = try #require(SettingCatalogue.all.first { $0.key == trial.key })
        for (suffix, hasCode) in [("alone", false), ("code", true)] {
          let name = "many-\(trial.key.lowercased())-\(suffix)"
          // The last value that was stated.
          let stated = trial.stages[0...stage].compactMap { $0 }.last ?? "null"
          let wanted = try inAPI(stated, setting)
          let there = try await present(setting, name, aws.lambda)
          #expect(
            isThere(wanted, there, setting),
            "\(name), stage \(stage): \(wanted) is \(there?.text() ?? "nothing")")
          let count = try await aws.lambda.listVersions(name).count - 1
          let before = versions[name] ?? 1
          let isNew = hasCode || (setting.call.needsVersion && differs(trial, stage))
          #expect(count == before + (isNew ? 1 : 0), "\(name), stage \(stage)")
          versions[name] = count
        }
      }
    }
    aws.shutdown()
    await repository.stop()
  }

  /// Whether a stage asks for something else than the one before.
  private func differs(_ trial: Trial, _ stage: Int) -> Bool {
    guard let value = trial.stages[stage] else { return false }
    return stage == 0 || value != trial.stages[stage - 1]
  }

  /// A manifest's value as the API spells it.
  private func inAPI(_ text: String, _ setting: LambdaSetting) throws -> JSON {
    func spelled(_ value: JSON, _ shape: SettingShape) -> JSON {
      switch (shape, value) {
      case (.object(let members), .object(let object)):
        .object(
          JSONObject(
            members.compactMap { member in
              object[member.key].map { (member.member, spelled($0, member.shape)) }
            }))
      case (.list(let element, _), .array(let elements)): .array(elements.map { spelled($0, element) })
      case (.optional(let inner), _): spelled(value, inner)
      default: value
      }
    }
    return spelled(try JSON(parsing: text), setting.shape)
  }

  private func isThere(_ wanted: JSON, _ there: JSON?, _ setting: LambdaSetting) -> Bool {
    // Nothing takes a function's own log group away but its name.
    if setting.member == "LoggingConfig", wanted == .object(JSONObject()) {
      return there?["LogFormat"] == "Text"
    }
    return SettingComparison.difference(setting, wanted: wanted, present: there).isEmpty
  }

  @Test(
    "two environments as aliases of one function: each version has its own settings, and each deploy is a no-op after"
  )
  func twoAliases() async throws {
    let repository = try CountedRepository(functions: 1)
    try repository.folder.write(
      "lamctl.json",
      """
      { "project": "many", "functions": ["functions/*"],
        "defaults": { "role": "arn:aws:iam::${account}:role/many" },
        "environments": {
          "prod": { "endpoint": "sandbox", "region": "eu-west-1", "defaults": { "memorySize": 1024, "timeout": 9, "description": "p" } },
          "staging": { "endpoint": "sandbox", "region": "eu-west-1", "defaults": { "memorySize": 256 } } },
        "rollout": { "settle": "1s", "maxWait": "0s" } }
      """)
    try repository.start(speed: 200)
    let aws = try AWS(
      settings: AWSSettings(region: "eu-west-1", endpointURL: repository.endpoint, parallel: 4),
      environment: repository.credentials, clock: SystemClock())
    for round in 0..<10 {
      let environment = round.isMultiple(of: 2) ? "staging" : "prod"
      try repository.write(0, answer: round)
      let options = round < 2 ? ["--create"] : []
      let deploy = try await repository.begin(["deploy", environment, "--all-at-once"] + options).outcome()
      #expect(deploy.exit == .code(0), "round \(round): \(deploy.output)\(deploy.errors)")
      let plan = try await repository.run("plan", environment, "--detailed-exitcode")
      #expect(plan.exit == .code(0), "round \(round): \(plan.output)")
      let members = try await aws.lambda.getFunction("many-f000", qualifier: environment).configuration
        .members
      #expect(members["MemorySize"] == (environment == "prod" ? 1_024 : 256), "round \(round)")
      #expect(members["Timeout"] == (environment == "prod" ? 9 : 3), "round \(round)")
    }
    aws.shutdown()
    await repository.stop()
  }
}
