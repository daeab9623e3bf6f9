import Core
import Testing

@testable import Packager

@Suite("Settings that Lambda would refuse")
struct SettingRefusalTests {
  /// What a setting breaks, where it stands, and what is said of it.
  private static let refused: [(settings: String, message: String)] = [
    (#"{"environment": {"variables": {"AWS_REGION": "x"}}}"#, "is reserved: Lambda sets it itself"),
    (#"{"environment": {"variables": {"MY-VAR": "x"}}}"#, "must be a name of two letters or more"),
    (#"{"environment": {"variables": {"1ABC": "x"}}}"#, "must be a name of two letters or more"),
    (#"{"role": "shop-role"}"#, #""role" must be the ARN of a role"#),
    (#"{"memorySize": 64}"#, "must be between 128 and 32768, not 64"),
    (#"{"timeout": 5401}"#, "must be between 1 and 5400, not 5401"),
    (
      #"{"layers": ["mylayer"]}"#,
      "there is no folder 'a/mylayer' with files, and none 'mylayer' from the root"
    ),
    (
      #"{"fileSystemConfigs": [{"arn": "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-0123456789abcdef0", "localMountPath": "/data"}]}"#,
      "must be a path with one component below /mnt"
    ),
    (#"{"fileSystemConfigs": [{"localMountPath": "/mnt/a"}]}"#, #""arn" is missing"#),
    (#"{"architectures": ["x86_64", "arm64"]}"#, #""architectures" must have at most 1 element, and has 2"#),
    (#"{"runtime": "pyton3.13"}"#, #""runtime" must be the identifier of a runtime"#),
    (
      #"{"loggingConfig": {"logFormat": "Text", "systemLogLevel": "WARN"}}"#,
      #"goes with "logFormat": "JSON" only"#
    ),
    (#"{"tags": {"aws:x": "y"}}"#, "names that begin with aws: are AWS's own"),
    (#"{"tracingConfig": {"mode": "active"}}"#, #"did you mean "Active"?"#),
    (
      #"{"snapStart": {"applyOn": "PublishedVersions"}, "ephemeralStorage": {"size": 1024}}"#,
      #""snapStart" takes at most 512 MB"#
    ),
  ]

  @Test("what Lambda refuses by a fixed rule is refused at load, with its place", arguments: refused)
  func refusals(settings: String, message expected: String) async throws {
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["a"], "environments": {"prod": {}}}"#, "a/handler.py": pythonHandler,
      "a/function.json": settings,
    ])
    let text = await message { _ = try await repository.functions() }
    #expect(text.hasPrefix("a/function.json:1:"), "\(text)")
    #expect(text.contains(expected), "\(text)")
  }

  @Test("what defaults say of zips is not about an image, and what its own file says is")
  func otherKind() async throws {
    let files = { (own: String) in
      [
        "lamctl.json":
          #"{"functions": ["a", "b"], "defaults": {"runtime": "python3.13", "layers": ["arn:aws:lambda:eu-west-1:123456789012:layer:c:3"]}, "environments": {"prod": {}}}"#,
        "a/handler.py": pythonHandler, "b/function.json": #"{"packageType": "Image"\#(own)}"#,
      ]
    }
    let functions = try await Repository(files("")).functions()
    let image = try #require(functions.first { $0.name == "b" })
    #expect(image.configuration["Layers"] == nil)
    #expect(functions.first { $0.name == "a" }?.configuration["Layers"]?.array?.count == 1)
    let repository = try Repository(
      files(#", "imageConfig": {}, "layers": ["arn:aws:lambda:eu-west-1:123456789012:layer:c:3"]"#))
    let text = await message { _ = try await repository.functions() }
    #expect(text.contains(#""layers" does not go with "packageType": "Image""#), "\(text)")
  }

  @Test("all that is wrong is told in one run, in files and in environments that are not meant too")
  func everyFault() async throws {
    let repository = try Repository([
      "lamctl.json":
        #"{"functions": ["*"], "defaults": {"role": "r"}, "environments": {"prod": {}, "other": {"alias": "42", "defaults": {"timeout": 0}}}}"#,
      "a/handler.py": pythonHandler, "a/function.json": #"{"memorySize": 1}"#,
      "b/handler.py": pythonHandler,
      "b/function.json": #"{"handler": "handler.lambda_handler", "kmsKeyArn": "k"}"#,
    ])
    let text = await message { _ = try await repository.functions() }
    for part in [
      "\"role\" must be the ARN", "'42' cannot be the name of an alias", "\"timeout\" must be between",
      "a/function.json:1:16: \"memorySize\"", "\"kmsKeyArn\" must be an ARN",
    ] { #expect(text.contains(part), "\(part) is not in \(text)") }
  }

  @Test("4 KB of variables are all that Lambda takes, and no value is in the sentence")
  func largeEnvironment() async throws {
    let big = String(repeating: "x", count: 4_090)
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["a"], "environments": {"prod": {}}}"#, "a/handler.py": pythonHandler,
      "a/function.json": #"{"environment": {"variables": {"BIG": "\#(big)", "NAME": "${function}"}}}"#,
    ])
    let text = await message { _ = try await repository.functions() }
    #expect(text.contains("bytes as JSON, and Lambda takes at most 4096"), "\(text)")
    #expect(!text.contains("xxxx"))
  }

  @Test(
    "the name of an alias is one to 128 letters, digits, - and _, and no number",
    arguments: [
      ("prod", true), ("pr-1_x", true), (String(repeating: "a", count: 128), true), ("42", false),
      ("$LATEST", false), ("", false), ("a.b", false), (String(repeating: "a", count: 129), false),
    ])
  func aliases(alias: String, isRight: Bool) async throws {
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["a"], "environments": {"prod": {"alias": "\#(alias)"}}}"#,
      "a/handler.py": pythonHandler,
    ])
    let text = await message { _ = try await repository.functions() }
    #expect(text.contains("cannot be the name of an alias") == !isRight, "\(text)")
  }
}
