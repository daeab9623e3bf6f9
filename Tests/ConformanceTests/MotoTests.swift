import Core
import Glibc
import TestSupport
import Testing

/// The main job against an emulator that other people wrote. It runs no function, so the test puts the metrics there.
@Suite(
  "The main job against moto", .serialized, .enabled(if: Python.isInstalled, Python.missing))
struct MotoTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      "lamctl.json",
      """
      {
        "functions": ["greet"],
        "environments": {
          "prod": { "region": "eu-west-1", "account": "123456789012", "rollout": { "steps": "10%:10m", "bake": "10m" } }
        }
      }
      """)
    try folder.write(
      "greet/function.json",
      """
      { "handler": "app.handler", "runtime": "python3.11", "memorySize": 256,
        "role": "arn:aws:iam::${account}:role/greet" }
      """)
    try write(greeting: "hello")
  }

  private func write(greeting: String) throws {
    try folder.write("greet/app.py", "def handler(event, context):\n    return {'greeting': '\(greeting)'}\n")
  }

  private func lamctl(_ moto: MotoServer, _ arguments: String...) async throws -> BuiltBinary.Outcome {
    var environment = moto.environment
    environment["PATH"] = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    environment["LD_LIBRARY_PATH"] = getenv("LD_LIBRARY_PATH").map { String(cString: $0) }
    environment["HOME"] = folder.path
    // A ten-minute step takes ten seconds: moto has no time of its own.
    let run = try BuiltBinary.start(
      arguments + ["--json", "--speed", "60"], in: folder.path, environment: environment)
    return await run.outcome()
  }

  /// Puts an hour of minutes there, from half an hour ago on.
  private func putMetrics(_ moto: MotoServer, version: String, invocations: Int, errors: Int) async throws {
    _ = try await moto.boto3(
      """
      now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
      dimensions = [{"Name": "FunctionName", "Value": "greet"}, {"Name": "Resource", "Value": "greet:prod"},
                    {"Name": "ExecutedVersion", "Value": "\(version)"}]
      data = [{"MetricName": name, "Dimensions": dimensions, "Value": value, "Unit": "Count",
               "Timestamp": now + datetime.timedelta(minutes=minute)}
              for minute in range(-30, 90) for name, value in (("Invocations", \(invocations)), ("Errors", \(errors)))]
      for start in range(0, len(data), 100):
          aws("cloudwatch").put_metric_data(Namespace="AWS/Lambda", MetricData=data[start:start + 100])
      print(json.dumps({}))
      """)
  }

  private func readBack(_ moto: MotoServer) async throws -> JSON {
    try await moto.boto3(
      """
      client = aws("lambda")
      alias = client.get_alias(FunctionName="greet", Name="prod")
      versions = client.list_versions_by_function(FunctionName="greet")["Versions"]
      print(json.dumps({
          "version": alias["FunctionVersion"],
          "weights": alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {}),
          "alias": alias["Description"],
          "versions": {v["Version"]: v["Description"] for v in versions if v["Version"] != "$LATEST"},
          "memory": {v["Version"]: v["MemorySize"] for v in versions}}))
      """)
  }

  @Test("create, change by canary, promote, take a bad one back, roll back")
  func story() async throws {
    let moto = try await MotoServer()
    _ = try await moto.boto3(
      """
      aws("iam").create_role(RoleName="greet", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
      print(json.dumps({}))
      """)
    let first = try await lamctl(moto, "deploy")
    #expect(first.exit == .code(0), "\(first.errors)")
    #expect(try first.document()["functions"]?.array?.first?["change"] == "create")
    var there = try await readBack(moto)
    #expect(there["version"] == "1")
    #expect(there["versions"]?["1"]?.string?.hasPrefix("lamctl/1 s=") == true)
    #expect(there["memory"]?["1"] == 256)

    let second = try await lamctl(moto, "deploy")
    #expect(try second.document()["outcome"] == "unchanged", "\(second.errors)")

    try await putMetrics(moto, version: "1", invocations: 300, errors: 0)
    try await putMetrics(moto, version: "2", invocations: 33, errors: 0)
    try write(greeting: "good day")
    let third = try await lamctl(moto, "deploy", "--canary", "10%")
    #expect(third.exit == .code(0), "\(third.errors)")
    #expect(try third.document()["outcome"] == "promoted")
    there = try await readBack(moto)
    #expect(there["version"] == "2")
    #expect(there["weights"] == [:])
    #expect(there["alias"]?.string?.contains(" p=1 ") == true, "\(there)")

    try await putMetrics(moto, version: "3", invocations: 33, errors: 11)
    try write(greeting: "good grief")
    let bad = try await lamctl(moto, "deploy", "--canary", "10%")
    #expect(bad.exit == .code(10), "\(bad.errors)")
    there = try await readBack(moto)
    #expect(there["version"] == "2")
    #expect(there["weights"] == [:])
    #expect(there["alias"]?.string?.contains(" bad=3 ") == true, "\(there)")
    #expect(there["versions"]?["3"] != nil)

    try write(greeting: "welcome")
    #expect(try await lamctl(moto, "deploy", "--all-at-once").exit == .code(0))
    #expect(try await readBack(moto)["version"] == "4")
    let back = try await lamctl(moto, "rollback", "prod")
    #expect(back.exit == .code(0), "\(back.errors)")
    #expect(try await readBack(moto)["version"] == "2")
    await moto.stop()
  }

  @Test("the weights of a canary under way are where boto3 sees them")
  func weights() async throws {
    let moto = try await MotoServer()
    _ = try await moto.boto3(
      """
      aws("iam").create_role(RoleName="greet", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
      print(json.dumps({}))
      """)
    #expect(try await lamctl(moto, "deploy").exit == .code(0))
    try await putMetrics(moto, version: "1", invocations: 300, errors: 0)
    try await putMetrics(moto, version: "2", invocations: 33, errors: 0)
    try write(greeting: "good day")
    let held = try await lamctl(moto, "deploy", "--steps", "12.5%:3m", "--no-promote")
    #expect(held.exit == .code(11), "\(held.errors)")
    let there = try await readBack(moto)
    #expect(there["version"] == "1")
    #expect(there["weights"] == ["2": .number("0.125")])
    #expect(try await lamctl(moto, "rollback", "prod").exit == .code(0))
    #expect(try await readBack(moto)["weights"] == [:])
    await moto.stop()
  }
}
