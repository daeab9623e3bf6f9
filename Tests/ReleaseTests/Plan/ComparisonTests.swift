import AWSClient
import Core
import LambdaSettings
import Testing

@testable import Release

@Suite("Settings beside those of the version that serves")
struct ComparisonTests {
  private static let provenance = VersionProvenance(
    source: String(repeating: "a", count: 32), package: String(repeating: "b", count: 32),
    configuration: String(repeating: "c", count: 32), commit: nil, isDirty: false,
    release: ReleaseID(time: Timestamp(seconds: 0), commit: "3f2a1c9", random: []), by: "x")

  private func input(_ members: JSONObject, mode: EnvironmentMode = .replace, digest: String = "")
    -> FunctionInput
  {
    FunctionInput(
      function: "a", functionName: "a", sourceDigest: Self.provenance.source, configurationDigest: digest,
      configuration: FunctionSettings(members, environmentMode: mode), mayCreate: false)
  }

  private func differences(
    _ wanted: String, _ present: String, mode: EnvironmentMode = .replace, isRecorded: Bool = false
  ) throws -> [String] {
    let wanted = try #require(try JSON(parsing: wanted).object)
    let present = FunctionConfiguration(try #require(try JSON(parsing: present).object))
    return Comparison.differences(
      of: input(wanted, mode: mode, digest: isRecorded ? Self.provenance.configuration : ""), from: present,
      latest: present, provenance: Self.provenance
    ).map(\.key)
  }

  @Test(
    "variables are compared by name and value, as the manifest owns them",
    arguments: [
      (#"{"A":"1"}"#, EnvironmentMode.replace, #"{"A":"1"}"#, []),
      (#"{"A":"1"}"#, .replace, #"{"A":"2"}"#, ["environment.variables.A"]),
      (#"{"A":"1"}"#, .replace, #"{"A":"1","B.C":"2"}"#, ["environment.variables.B.C"]),
      (#"{"A":"1","B":"2"}"#, .replace, #"{"A":"1"}"#, ["environment.variables.B"]),
      (#"{"A":"1"}"#, .merge, #"{"A":"1","B":"2"}"#, []),
      (#"{"A":"1"}"#, .merge, #"{"B":"2"}"#, ["environment.variables.A"]),
      (#"{"A":"1"}"#, .unmanaged, #"{"A":"2"}"#, []),
      ("{}", .replace, #"{"A":"2"}"#, ["environment.variables.A"]),
    ] as [(String, EnvironmentMode, String, [String])])
  func variables(wanted: String, mode: EnvironmentMode, present: String, expected: [String]) throws {
    let found = try differences(
      "{\"Environment\":{\"Variables\":\(wanted)}}", "{\"Environment\":{\"Variables\":\(present)}}",
      mode: mode)
    #expect(found == expected)
  }

  @Test(
    "a difference is put off where it is of the named part alone, whatever else differs by its digits counts",
    arguments: [
      ("0000000000", 5..<10 as Range<Int>?, true), ("0000011111", 5..<10, true),
      ("0000100000", 5..<10, false),
      ("1000011111", 5..<10, false), ("0000011111", nil, false), ("00000", 5..<10, false),
    ])
  func deferred(wanted: String, digits: Range<Int>?, isDeferred: Bool) {
    let rest = String(repeating: "0", count: 20)
    var present = Self.provenance
    present.parts = "0000000000" + rest
    let source = String(repeating: "e", count: 32)
    let input = FunctionInput(
      function: "a", functionName: "a", sourceDigest: source, configurationDigest: "",
      partDigests: wanted + rest, deferredDigits: digits,
      configuration: FunctionSettings(JSONObject()), mayCreate: false)
    let settled = input.deferred(to: present)
    #expect(settled.isDeferred == isDeferred)
    #expect(settled.sourceDigest == (isDeferred ? present.source : source))
    #expect(settled.partDigests == (isDeferred ? present.parts : wanted + rest))
    present.parts = nil
    #expect(input.deferred(to: present) == input)
    #expect(input.deferred(to: nil) == input)
  }

  @Test("what may not be decrypted is not guessed, and what nobody states is not compared")
  func unknown() throws {
    #expect(
      try differences(
        #"{"Environment":{"Variables":{"A":"1"}}}"#,
        #"{"Environment":{"Error":{"ErrorCode":"AccessDeniedException"}}}"#
      ).isEmpty)
    #expect(try differences("{}", #"{"Timeout":9,"Environment":{"Variables":{"A":"1"}}}"#).isEmpty)
  }

  @Test(
    "a setting that equals what AWS has by itself is no change, and one that is set back to it is",
    arguments: [
      (#"{"Timeout":3}"#, "{}", []), (#"{"MemorySize":128}"#, #"{"MemorySize":128}"#, []),
      (#"{"TracingConfig":{"Mode":"PassThrough"}}"#, "{}", []), (#"{"Layers":[]}"#, "{}", []),
      (#"{"FileSystemConfigs":[]}"#, "{}", []), (#"{"DeadLetterConfig":{"TargetArn":""}}"#, "{}", []),
      (
        #"{"DeadLetterConfig":{}}"#, #"{"DeadLetterConfig":{"TargetArn":"q"}}"#,
        ["deadLetterConfig.targetArn"]
      ),
      (#"{"EphemeralStorage":{"Size":512}}"#, "{}", []), (#"{"SnapStart":{"ApplyOn":"None"}}"#, "{}", []),
      (#"{"LoggingConfig":{"LogGroup":"/aws/lambda/f"}}"#, #"{"FunctionName":"f"}"#, []),
      (#"{"Timeout":3}"#, #"{"Timeout":9}"#, ["timeout"]),
      (#"{"Layers":["l:2"]}"#, #"{"Layers":[{"Arn":"l:1","CodeSize":1}]}"#, ["layers"]),
      (
        #"{"VpcConfig":{"SubnetIds":["subnet-b","subnet-a"]}}"#,
        #"{"VpcConfig":{"SubnetIds":["subnet-a","subnet-b"],"SecurityGroupIds":["sg-1"],"VpcId":"v"}}"#, []
      ),
      (
        #"{"ImageConfig":{"Command":["a"]}}"#, #"{"ImageConfigResponse":{"ImageConfig":{"Command":["a"]}}}"#,
        []
      ),
    ] as [(String, String, [String])])
  func standards(wanted: String, present: String, expected: [String]) throws {
    #expect(try differences(wanted, present) == expected)
  }

  @Test(
    "what an endpoint does not show is as it was written by the version that was made of just these settings")
  func notShown() throws {
    let wanted = #"{"LoggingConfig":{"LogFormat":"JSON"}}"#
    #expect(try differences(wanted, "{}") == ["loggingConfig.logFormat"])
    #expect(try differences(wanted, "{}", isRecorded: true).isEmpty)
    #expect(try differences(wanted, #"{"LoggingConfig":{"LogFormat":"Text"}}"#, isRecorded: true).count == 1)
  }
}
