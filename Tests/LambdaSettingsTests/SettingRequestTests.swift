import Core
import Testing

@testable import LambdaSettings

@Suite("Requests that bring settings to a function")
struct SettingRequestTests {
  private func update(_ wanted: String, _ present: String, _ variables: VariableOwnership = .all) throws
    -> JSON
  {
    .object(
      SettingRequest.update(
        try #require(try JSON(parsing: wanted).object), variables: variables,
        of: try #require(try JSON(parsing: present).object)))
  }

  @Test("what a manifest leaves out of an object stays as the function has it")
  func completion() throws {
    #expect(
      try update(
        #"{"VpcConfig":{"SubnetIds":["subnet-1"]}}"#,
        #"{"VpcConfig":{"SubnetIds":[],"SecurityGroupIds":["sg-1"],"VpcId":"v"}}"#)
        == ["VpcConfig": ["SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]]])
    #expect(
      try update(
        #"{"Environment":{"Variables":{"A":"2"}}}"#, #"{"Environment":{"Variables":{"A":"1","B":"1"}}}"#,
        .named)
        == ["Environment": ["Variables": ["A": "2", "B": "1"]]])
    #expect(
      try update(#"{"Environment":{"Variables":{"A":"2"}}}"#, #"{"Environment":{"Variables":{"B":"1"}}}"#)
        == ["Environment": ["Variables": ["A": "2"]]])
  }

  @Test("levels of a log in JSON are left out when its lines become text")
  func conditions() throws {
    #expect(
      try update(
        #"{"LoggingConfig":{"LogFormat":"Text"}}"#,
        #"{"LoggingConfig":{"LogFormat":"JSON","ApplicationLogLevel":"INFO","LogGroup":"/g"}}"#)
        == ["LoggingConfig": ["LogFormat": "Text", "LogGroup": "/g"]])
  }

  @Test("an empty object takes a setting away as a whole")
  func emptying() throws {
    #expect(try update(#"{"DeadLetterConfig":{}}"#, "{}") == ["DeadLetterConfig": ["TargetArn": ""]])
    #expect(
      try update(#"{"VpcConfig":{}}"#, #"{"VpcConfig":{"SubnetIds":["subnet-1"]}}"#)
        == [
          "VpcConfig": ["SubnetIds": [], "SecurityGroupIds": [], "Ipv6AllowedForDualStack": false]
        ])
  }

  @Test("settings that have other calls are not in it")
  func others() throws {
    #expect(
      try update(
        #"{"Timeout":9,"Architectures":["arm64"],"Tags":{"a":"b"},"ReservedConcurrentExecutions":1,"PackageType":"Zip"}"#,
        "{}") == ["Timeout": 9])
    let creation = SettingRequest.creation(
      JSONObject([
        ("Timeout", 9), ("Tags", ["a": "b"]), ("ReservedConcurrentExecutions", 1),
        ("CodeSigningConfigArn", .null),
      ]))
    #expect(creation == JSONObject([("Timeout", 9), ("Tags", ["a": "b"])]))
  }

  @Test("a version's settings come back as a request that Lambda takes")
  func restoration() throws {
    let version = try #require(
      try JSON(
        parsing: #"""
          {"FunctionName":"f","Layers":[{"Arn":"l:1","CodeSize":1}],"VpcConfig":{"SubnetIds":["subnet-1"],"VpcId":"v"},
          "SnapStart":{"ApplyOn":"None","OptimizationStatus":"Off"},"Environment":{"Variables":{"A":"1"}}}
          """#
      ).object)
    func restored(_ member: String) throws -> JSON {
      SettingRequest.restoration(try #require(SettingCatalogue[member]), of: version)
    }
    #expect(try restored("Layers") == ["l:1"])
    #expect(try restored("SnapStart") == ["ApplyOn": "None"])
    #expect(try restored("KMSKeyArn") == "")
    #expect(try restored("Timeout") == 3)
    #expect(try restored("Environment") == ["Variables": ["A": "1"]])
    #expect(try restored("FileSystemConfigs") == [])
    #expect(
      try restored("VpcConfig")
        == ["SubnetIds": ["subnet-1"], "SecurityGroupIds": [], "Ipv6AllowedForDualStack": false])
  }

  @Test("every setting has a key and a member of its own, and every pattern can be read")
  func catalogue() {
    #expect(Set(SettingCatalogue.all.map(\.key)).count == SettingCatalogue.all.count)
    #expect(Set(SettingCatalogue.all.map(\.member)).count == SettingCatalogue.all.count)
    #expect(Self.texts.allSatisfy { $0.words == nil || $0.pattern != nil })
  }

  /// The texts of all settings.
  private static var texts: [SettingText] {
    func texts(_ shape: SettingShape) -> [SettingText] {
      switch shape {
      case .text(let rule): [rule]
      case .list(let element, _): texts(element)
      case .object(let members): members.flatMap { texts($0.shape) }
      case .map(let rule): [rule.key, rule.value]
      case .optional(let inner): texts(inner)
      case .choice, .boolean, .integer, .number: []
      }
    }
    return SettingCatalogue.all.flatMap { texts($0.shape) }
  }
}
