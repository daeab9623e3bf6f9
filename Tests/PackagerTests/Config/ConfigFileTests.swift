import Core
import Testing

@testable import Packager

@Suite("configuration files")
struct ConfigFileTests {
  @Test(
    "a wrong lamctl.json is refused at its place with the way out",
    arguments: [
      (
        "{\n  \"enviroments\": {}\n}",
        "lamctl.json:2:3: unknown key \"enviroments\"; did you mean \"environments\"?"
      ),
      ("{\"rollout\": {\"bake\": \"10\"}}", "lamctl.json:1:22: '10' has no unit: write 10s, 10m or 10h"),
      (
        "{\"rollout\": {\"steps\": \"50%:5m,10%:5m\"}}",
        "lamctl.json:1:23: '50%:5m,10%:5m' is not a list of steps: weights must rise; write for example 1%:5m,10%:10m,50%:10m"
      ),
      ("{\"rollout\": {\"bake\": 10}}", "lamctl.json:1:22: \"bake\" must be a string, not a number"),
      ("{\"keepVersions\": 0}", "lamctl.json:1:18: \"keepVersions\" must be between 1 and 10000, not 0"),
      ("{\"keepVersions\": 2.5}", "lamctl.json:1:18: \"keepVersions\" must be a whole number, not 2.5"),
      ("{\"project\": \"a\", \"project\": \"b\"}", "lamctl.json:1:18: the key \"project\" stands here twice"),
      ("{\"project\": \"a\",}", "lamctl.json:1:17: JSON has no comma after the last value"),
      ("{\"functions\": \"services/*\"}", "lamctl.json:1:15: \"functions\" must be an array, not a string"),
      (
        "{\"functions\": [1]}", "lamctl.json:1:16: an element of \"functions\" must be a string, not a number"
      ),
      (
        "{\"environments\": {\"prod\": {\"account\": \"12\"}}}",
        "lamctl.json:1:39: '12' is not an account: write its 12 digits in quotes"
      ),
      (
        "{\"environments\": {\"prod\": {\"endpoint\": \"sandbx\"}}}",
        "lamctl.json:1:40: 'sandbx' is not an endpoint: write \"sandbox\" or a URL such as http://127.0.0.1:9400"
      ),
      (
        "{\"rollout\": {\"onLowTraffic\": \"promote\"}}",
        "lamctl.json:1:30: \"onLowTraffic\" must be one of \"promote-if-smoked\", \"hold\", \"rollback\", not \"promote\""
      ),
      (
        "{\"rollout\": {\"onInterrupt\": \"leav\"}}",
        "lamctl.json:1:29: \"onInterrupt\" must be one of \"rollback\", \"leave\", not \"leav\"; did you mean \"leave\"?"
      ),
      (
        "{\"rollout\": {\"maxErrorRate\": \"5\"}}",
        "lamctl.json:1:30: '5' is not a share: write a percentage above 0 % and up to 100 %, such as 5% or 0.5%"
      ),
      (
        "{\"sandbox\": {\"traffic\": {\"a\": \"20\"}}}",
        "lamctl.json:1:31: '20' is not a rate: write for example 20/s, 5/m or 100/h"
      ),
      (
        "{\"lamctl\": \"latest\"}",
        "lamctl.json:1:12: 'latest' is not a version requirement: write for example >=0.1 or =0.3.2"
      ),
      (
        "{\"defaults\": {\"memorysize\": 1}}",
        "lamctl.json:1:15: unknown key \"memorysize\"; did you mean \"memorySize\"?"
      ),
      (
        "{\"defaults\": {\"timeout\": 5401}}",
        "lamctl.json:1:26: \"timeout\" must be between 1 and 5400, not 5401"
      ),
      (
        "{\"defaults\": {\"vpcConfig\": {\"subnetId\": []}}}",
        "lamctl.json:1:29: unknown key \"subnetId\"; did you mean \"subnetIds\"?"
      ),
      (
        "{\"rollout\": {\"metrics\": [{\"name\": \"x\", \"namespace\": \"y\"}]}}",
        "lamctl.json:1:26: \"versionDimension\" is missing"
      ),
      (
        "{\"defaultEnvironment\": \"prd\", \"environments\": {\"prod\": {}}}",
        "lamctl.json:1:24: there is no environment 'prd'; known: prod"
      ),
      ("{\"shared\": {\"../x\": {}}}", "lamctl.json:1:21: '../x' must be a path inside the repository"),
      ("[]", "lamctl.json:1:1: the file must be an object, not an array"),
    ])
  func refusal(_ text: String, _ expected: String) throws {
    let repository = try Repository(["lamctl.json": text])
    #expect(message { _ = try repository.open() } == expected)
  }

  @Test("a file above 1 MiB is refused")
  func size() throws {
    let repository = try Repository([
      "lamctl.json": "{\"project\": \"" + String(repeating: "x", count: 1 << 20) + "\"}"
    ])
    #expect(message { _ = try repository.open() }.contains("larger than 1 MiB"))
  }

  @Test("a bad value in function.json is named with that file")
  func functionFile() throws {
    let repository = try Repository(["a/function.json": "{\n \"handlr\": \"x.y\" }", "a/x.py": pythonHandler])
    #expect(
      message { _ = try repository.discover() }
        == "a/function.json:2:2: unknown key \"handlr\"; did you mean \"handler\"?")
  }

  @Test("the schema has a property for every key, and refuses others")
  func schema() {
    let schema = ConfigSchema.json
    #expect(schema["properties"]?["environments"]?["additionalProperties"]?["$ref"] == "#/$defs/environment")
    #expect(schema["additionalProperties"] == false)
    #expect(schema["$defs"]?["rollout"]?["properties"]?["bake"]?["pattern"] != nil)
    #expect(schema["$defs"]?["function.json"]?["properties"]?["memorySize"]?["minimum"] == 128)
    #expect(schema["properties"]?.object?.keys == ConfigTable.root.keys.map(\.name))
    #expect(ConfigSchema.functionFile["$defs"]?["smokeTest"]?["required"] == ["event"])
  }

  @Test(
    "a version requirement compares numbers, not text",
    arguments: [
      (">=0.1", "0.1.0", true), (">=0.1", "0.10.2", true), (">=0.2", "0.10.0", true),
      (">=0.2", "0.1.9", false),
      ("=0.3", "0.3.7", true), ("0.3.1", "0.3.2", false), (">=1", "0.9.9", false),
      (">=0.1", "0.1.0-dev", true),
    ])
  func requirement(_ requirement: String, _ version: String, _ allowed: Bool) throws {
    #expect(try #require(VersionRequirement(parsing: requirement)).allows(version) == allowed)
  }
}
