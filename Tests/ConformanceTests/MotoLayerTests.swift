import Core
import Glibc
import TestSupport
import Testing

/// Layers against an emulator that other people wrote.
@Suite("Layers of the repository against moto", .serialized, .enabled(if: Python.isInstalled, Python.missing))
struct MotoLayerTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      "lamctl.json",
      """
      { "project": "shop", "functions": ["greet"],
        "environments": { "prod": { "region": "eu-west-1", "account": "123456789012" } } }
      """)
    try folder.write(
      "greet/function.json",
      """
      { "handler": "app.handler", "runtime": "python3.11", "layers": ["layers/common"],
        "role": "arn:aws:iam::${account}:role/greet" }
      """)
    try folder.write("greet/app.py", "import words\ndef handler(event, context):\n    return words.HELLO\n")
    try folder.write("layers/common/python/words.py", "HELLO = 'hello'\n")
  }

  private func deploy(_ moto: MotoServer) async throws -> BuiltBinary.Outcome {
    var environment = moto.environment
    environment["PATH"] = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    environment["LD_LIBRARY_PATH"] = getenv("LD_LIBRARY_PATH").map { String(cString: $0) }
    environment["HOME"] = folder.path
    return try await BuiltBinary.start(
      ["deploy", "--all-at-once", "--json", "--speed", "60"], in: folder.path, environment: environment
    ).outcome()
  }

  @Test("a layer is published once for each content, and the function's versions have it")
  func story() async throws {
    let moto = try await MotoServer()
    _ = try await moto.boto3(
      """
      aws("iam").create_role(RoleName="greet", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
      print(json.dumps({}))
      """)
    let first = try await deploy(moto)
    #expect(first.exit == .code(0), "\(first.errors)")
    let same = try await deploy(moto)
    #expect(try same.document()["outcome"] == "unchanged", "\(same.errors)")
    try folder.write("layers/common/python/words.py", "HELLO = 'hi'\n")
    let second = try await deploy(moto)
    #expect(second.exit == .code(0), "\(second.errors)")
    let found = try await moto.boto3(
      """
      client = aws("lambda")
      versions = client.list_layer_versions(LayerName="shop-common")["LayerVersions"]
      functions = client.list_versions_by_function(FunctionName="shop-greet")["Versions"]
      print(json.dumps({
          "layers": sorted(v["Version"] for v in versions),
          "descriptions": [v["Description"] for v in versions],
          "functions": {v["Version"]: [l["Arn"] for l in v.get("Layers", [])] for v in functions}}))
      """)
    #expect(found["layers"] == [1, 2], "\(found)")
    #expect(
      found["descriptions"]?.array?.allSatisfy { $0.string?.hasPrefix("lamctl/1 s=") == true } == true,
      "\(found)"
    )
    #expect(
      found["functions"]?["$LATEST"] == ["arn:aws:lambda:eu-west-1:123456789012:layer:shop-common:2"],
      "\(found)")
  }
}
