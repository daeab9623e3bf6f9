import Core
import Glibc
import Sandbox
import TestSupport
import Testing

/// The sandbox as the clients see it that people use with it.
@Suite("The sandbox against botocore", .enabled(if: Python.isInstalled, Python.missing))
struct SandboxConformanceTests {
  /// Runs `body` with a sandbox that is stopped afterwards whatever happens.
  private func withSandbox(_ body: (SandboxServer) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    let server = SandboxServer(
      options: SandboxOptions(
        folder: folder.path, speed: 600, seed: 7,
        searchPath: getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin",
        home: getenv("HOME").map { String(cString: $0) } ?? "/tmp"))
    try server.start()
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(server))
    } catch {
      result = .failure(error)
    }
    await server.stop()
    try result.get()
  }

  private func environment(_ server: SandboxServer) -> [String: String] {
    let place = ["AWS_ENDPOINT_URL": server.endpoint, "AWS_DEFAULT_REGION": server.region]
    return server.credentials.merging(place) { $1 }
  }

  @Test("boto3 can call everything and understands every answer and error")
  func boto3() async throws {
    try await withSandbox { server in
      let answer = try await Python.run(
        file: "call_sandbox.py",
        input: [
          "endpoint": .string(server.endpoint), "region": .string(server.region), "account": "000000000000",
          "words": .array(try Sources.words(in: "Sandbox/Services").map(JSON.string)),
        ], environment: environment(server))
      for problem in answer["problems"]?.array ?? [] { Issue.record("\(problem.string ?? "")") }
      let offered = Set(answer["offered"]?.array?.compactMap(\.string) ?? [])
      let called = Set(answer["called"]?.array?.compactMap(\.string) ?? [])
      #expect(!offered.isEmpty)
      #expect(offered.subtracting(called) == [], "the sandbox offers operations that nobody calls")
    }
  }

  @Test(
    "the AWS CLI shows an alias",
    .enabled("the interpreter of LAMCTL_TEST_PYTHON has no awscli") { try await Python.has("awscli") })
  func commandLine() async throws {
    try await withSandbox { server in
      let program = """
        import boto3, io, json, zipfile
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("app.py", "def handler(event, context): return 1")
        client = boto3.client("lambda", region_name="\(server.region)")
        client.create_function(FunctionName="orders", Runtime="python3.12", Handler="app.handler",
            Role="arn:aws:iam::000000000000:role/orders", Code={"ZipFile": file.getvalue()})
        client.get_waiter("function_active_v2").wait(FunctionName="orders", WaiterConfig={"Delay": 0.05})
        client.publish_version(FunctionName="orders")
        client.create_alias(FunctionName="orders", Name="live", FunctionVersion="1", Description="p=1")
        print("{}")
        """
      let environment = environment(server)
      _ = try await Python.run(program, environment: environment)
      let alias = try await Python.run(
        arguments: ["-m", "awscli", "lambda", "get-alias"]
          + ["--function-name", "orders", "--name", "live", "--output", "json"],
        environment: environment)
      #expect(alias["FunctionVersion"] == "1")
      #expect(alias["Description"] == "p=1")
      #expect(alias["AliasArn"]?.string?.hasSuffix(":function:orders:live") == true)
      #expect(alias["RevisionId"]?.string?.isEmpty == false)
    }
  }
}
