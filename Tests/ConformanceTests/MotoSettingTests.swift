import Core
import Glibc
import TestSupport
import Testing

/// The settings that moto keeps, through set, other, default and removed.
@Suite("Settings against moto", .serialized, .enabled(if: Python.isInstalled, Python.missing))
struct MotoSettingTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      "lamctl.json",
      """
      { "functions": ["greet"],
        "environments": { "prod": { "region": "eu-west-1", "account": "123456789012", "rollout": { "steps": "100%", "bake": "0s" } } } }
      """)
    try folder.write("greet/app.py", "def handler(event, context):\n    return {}\n")
  }

  private func write(_ settings: String) throws {
    try folder.write(
      "greet/function.json",
      #"{ "handler": "app.handler", "runtime": "python3.11", "role": "arn:aws:iam::${account}:role/greet"\#(settings) }"#
    )
  }

  private func lamctl(_ moto: MotoServer, _ arguments: String...) async throws -> BuiltBinary.Outcome {
    var environment = moto.environment
    environment["PATH"] = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    environment["LD_LIBRARY_PATH"] = getenv("LD_LIBRARY_PATH").map { String(cString: $0) }
    environment["HOME"] = folder.path
    let run = try BuiltBinary.start(
      arguments + ["--speed", "60"], in: folder.path, environment: environment)
    return await run.outcome()
  }

  /// What is stated, how AWS then has it, and how many versions there are.
  private static let stages:
    [(settings: String, timeout: Int, variable: String?, team: String?, reserved: Int?, count: Int)] = [
      ("", 3, nil, nil, nil, 1),
      (
        #", "timeout": 7, "memorySize": 256, "description": "one", "environment": {"variables": {"AA": "1"}}, "tags": {"team": "blue"}, "reservedConcurrency": 5"#,
        7, "1", "blue", 5, 2
      ),
      (
        #", "timeout": 9, "memorySize": 512, "description": "two", "environment": {"variables": {"AA": "2"}}, "tags": {"team": "red"}, "reservedConcurrency": 6"#,
        9, "2", "red", 6, 3
      ),
      (
        #", "timeout": 3, "memorySize": 128, "description": "", "environment": {"variables": {}}, "tags": {"team": "red"}, "reservedConcurrency": null"#,
        3, nil, "red", nil, 4
      ),
      ("", 3, nil, "red", nil, 4),
      (#", "tags": {"team": "green"}"#, 3, nil, "green", nil, 4),
    ]

  @Test("each deploy brings them to moto, the next plan is empty, and only what a version fixes makes one")
  func stages() async throws {
    let moto = try await MotoServer()
    _ = try await moto.boto3(
      """
      aws("iam").create_role(RoleName="greet", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
      print(json.dumps({}))
      """)
    for (index, stage) in Self.stages.enumerated() {
      try write(stage.settings)
      let deploy = try await lamctl(moto, "deploy", "--all-at-once")
      #expect(deploy.exit == .code(0), "stage \(index): \(deploy.output)\(deploy.errors)")
      let plan = try await lamctl(moto, "plan", "--detailed-exitcode")
      #expect(plan.exit == .code(0), "stage \(index): \(plan.output)")
      let there = try await moto.boto3(
        """
        client = aws("lambda")
        found = client.get_function(FunctionName="greet", Qualifier="prod")
        versions = client.list_versions_by_function(FunctionName="greet")["Versions"]
        print(json.dumps({
            "timeout": found["Configuration"]["Timeout"],
            "variable": found["Configuration"].get("Environment", {}).get("Variables", {}).get("AA"),
            "team": found.get("Tags", {}).get("team"),
            "reserved": found.get("Concurrency", {}).get("ReservedConcurrentExecutions"),
            "count": len(versions) - 1}))
        """)
      #expect(there["timeout"] == .int(stage.timeout), "stage \(index)")
      #expect(there["variable"] == .optional(stage.variable), "stage \(index)")
      #expect(there["team"] == .optional(stage.team), "stage \(index)")
      #expect(there["reserved"] == (stage.reserved.map(JSON.int) ?? .null), "stage \(index)")
      #expect(there["count"] == .int(stage.count), "stage \(index)")
    }
    await moto.stop()
  }
}
