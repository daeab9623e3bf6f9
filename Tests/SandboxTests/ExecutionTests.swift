import Core
import Glibc
import Sandbox
import TestSupport
import Testing

@Suite struct ExecutionTests {
  private static let python = """
    import os, time
    def handler(event, context):
        print("seen", event.get("do"))
        if event.get("do") == "raise": raise ValueError("boom")
        if event.get("do") == "exit": os._exit(3)
        if event.get("do") == "sleep": time.sleep(30)
        return {"home": os.environ.get("HOME"), "user": os.environ.get("USER"), "pid": os.getpid()}
    """

  @Test("a Python handler's answer, error, exit and time limit are told apart, and count as they should")
  func python() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python(Self.python), timeout: 1))
      let good = rehearsal.invoke("f")
      #expect(good.status == 200)
      #expect(good.headers["x-amz-function-error"] == nil)
      #expect(good.json["home"] == "/tmp")
      #expect(good.json["user"] == .null)
      #expect(rehearsal.invoke("f").json["pid"] == good.json["pid"])
      for (action, text) in [
        ("raise", "boom"), ("exit", "Runtime exited with error: exit status 3"),
        ("sleep", "Task timed out after 1.00 seconds"),
      ] {
        let bad = rehearsal.invoke("f", ["do": .string(action)], headers: ["x-amz-log-type": "Tail"])
        #expect(bad.headers["x-amz-function-error"] == "Unhandled")
        #expect(bad.json["errorMessage"]?.string?.contains(text) == true)
        let log = Base64.decode(bad.headers["x-amz-log-result"] ?? "").map {
          String(decoding: $0, as: UTF8.self)
        }
        #expect(log?.contains("seen \(action)\n") == true)
        #expect(log?.contains("REPORT RequestId") == true)
      }
      #expect(rehearsal.sum("Invocations", [("FunctionName", "f")]) == 5)
      #expect(rehearsal.sum("Errors", [("FunctionName", "f"), ("Resource", "f")]) == 3)
      #expect(rehearsal.sum("Duration", [("FunctionName", "f")], stat: "TC(900:)") == 1)
      #expect(rehearsal.sum("Invocations", [("Resource", "f")]) == nil)
    }
  }

  @Test("a handler that cannot be loaded counts as an error and says why")
  func brokenModule() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python("import no_such_module")))
      let answer = rehearsal.invoke("f")
      #expect(answer.headers["x-amz-function-error"] == "Unhandled")
      #expect(answer.json["errorType"] == "Runtime.ImportModuleError")
      #expect(rehearsal.sum("Errors", [("FunctionName", "f")]) == 1)
    }
  }

  @Test(
    "Node handlers run as CommonJS and as modules, with promises and with callbacks",
    arguments: [
      ("app.js", "exports.handler = async (event) => ({ got: event.n })"),
      (
        "app.mjs",
        "export const handler = (event, context, done) => setTimeout(() => done(null, { got: event.n }), 1)"
      ),
    ])
  func node(file: String, source: String) async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", runtime: "nodejs22.x", code: Package.zip(file, source)))
      let answer = rehearsal.invoke("f", ["n": 5])
      #expect(answer.headers["x-amz-function-error"] == nil)
      #expect(answer.json["got"] == 5)
    }
  }

  @Test(
    "a function that keeps tenants apart runs each in a process of its own, and is told whom it runs for",
    arguments: [
      (
        "python3.12", "app.py",
        "import os\ndef handler(event, context):\n  return [context.tenant_id, os.getpid()]"
      ),
      (
        "nodejs22.x", "app.mjs",
        "export const handler = async (event, context) => [context.tenantId, process.pid]"
      ),
    ])
  func tenants(runtime: String, file: String, source: String) async throws {
    try await Rehearsal.run { rehearsal in
      let code = Package.zip(file, source)
      let apart: JSON = ["TenantIsolationMode": "PER_TENANT"]
      #expect(
        rehearsal.create(
          "apart", runtime: runtime, code: code, settings: JSONObject([("TenancyConfig", apart)])
        ).status == 201)
      #expect(await rehearsal.settled("apart"))
      func process(_ tenant: String) -> JSON? {
        let answer = rehearsal.invoke("apart", headers: ["x-amz-tenant-id": tenant])
        #expect(answer.json.array?.first == .string(tenant), "\(answer.json)")
        return answer.json.array?.last
      }
      let blue = process("blue")
      #expect(process("green / 2") != blue)
      #expect(process("blue") == blue)

      let missing = rehearsal.invoke("apart")
      #expect(missing.status == 400)
      #expect(missing.message.contains("Add a valid tenant ID"), "\(missing.message)")
      #expect(rehearsal.invoke("apart", headers: ["x-amz-tenant-id": "a,b"]).code == "ValidationException")
      #expect(await rehearsal.install("f", runtime: runtime, code: code))
      let needless = rehearsal.invoke("f", headers: ["x-amz-tenant-id": "blue"])
      #expect(needless.status == 400)
      #expect(needless.message.contains("Remove the tenant ID"), "\(needless.message)")
    }
  }

  @Test("an executable named bootstrap serves provided runtimes; what cannot run fails with the reason")
  func provided() async throws {
    let script = """
      #!/usr/bin/env python3
      import http.client, os
      while True:
        c = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        c.request("GET", "/2018-06-01/runtime/invocation/next"); r = c.getresponse(); body = r.read()
        path = "/2018-06-01/runtime/invocation/" + r.headers["Lambda-Runtime-Aws-Request-Id"] + "/response"
        c.request("POST", path, body); c.getresponse().read(); c.close()
      """
    try await Rehearsal.run { rehearsal in
      let code = Package.zip("bootstrap", script, mode: 0o755)
      #expect(await rehearsal.install("f", runtime: "provided.al2023", code: code))
      #expect(rehearsal.invoke("f", ["echo": 1]).json["echo"] == 1)
      #expect(await rehearsal.install("g", runtime: "provided.al2023", code: Package.zip("x", "y")))
      let failed = rehearsal.invoke("g")
      #expect(failed.json["errorMessage"]?.string?.contains("no file named bootstrap") == true)
      #expect(await rehearsal.install("h", runtime: "java21", code: Package.zip("x", "y")))
      #expect(rehearsal.invoke("h").json["errorMessage"]?.string?.contains("cannot run java21") == true)
    }
  }

  @Test("an alias's traffic splits by its weights, and every version's share is counted as its own")
  func weights() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      #expect(rehearsal.alias("f", version: "1", weights: ["2": .double(0.25)]).status == 201)
      var seen: [String: Int] = [:]
      for _ in 0..<400 {
        let answer = rehearsal.invoke("f:live")
        #expect(answer.json.string == answer.headers["x-amz-executed-version"])
        seen[answer.json.string ?? "", default: 0] += 1
      }
      // Binomial with 400 draws of 0.25: 100 expected, 35 is four standard deviations.
      #expect(abs((seen["2"] ?? 0) - 100) < 35)
      for version in ["1", "2"] {
        let dimensions = [("FunctionName", "f"), ("Resource", "f:live"), ("ExecutedVersion", version)]
        #expect(rehearsal.sum("Invocations", dimensions) == seen[version].map(Double.init))
        #expect(rehearsal.sum("Errors", dimensions) == 0)
      }
    }
  }

  @Test("reserved concurrency of 0 throttles, and throttles are no invocations")
  func reserved() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python(Self.python)))
      let path = "/2017-10-31/functions/f/concurrency"
      #expect(rehearsal.client.send("PUT", path, ["ReservedConcurrentExecutions": 0]).status == 200)
      let answer = rehearsal.invoke("f")
      #expect(answer.status == 429)
      #expect(answer.json["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded")
      #expect(rehearsal.sum("Throttles", [("FunctionName", "f")]) == 1)
      #expect(rehearsal.sum("Invocations", [("FunctionName", "f")]) == nil)
    }
  }

  @Test("a failed asynchronous event is tried three times in all")
  func retries() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python(Self.python)))
      #expect(
        rehearsal.invoke("f", ["do": "raise"], headers: ["x-amz-invocation-type": "Event"]).status == 202)
      #expect(await eventually { rehearsal.sum("Errors", [("FunctionName", "f")]) == 3 })
    }
  }

  @Test("traffic begins when its alias exists, and its events reach the handler in turn")
  func traffic() async throws {
    let source = TrafficSource(
      functionName: "f", alias: "live", ratePerSecond: 0.1,
      events: [Array(#"{"do":"raise"}"#.utf8), Array("{}".utf8)])
    try await Rehearsal.run(traffic: [source]) { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python(Self.python)))
      #expect(rehearsal.publish("f").status == 201)
      #expect(rehearsal.sum("Invocations", [("FunctionName", "f")]) == nil)
      #expect(rehearsal.alias("f", version: "1").status == 201)
      let alias = [("FunctionName", "f"), ("Resource", "f:live")]
      #expect(await eventually { rehearsal.sum("Invocations", alias) ?? 0 >= 20 })
      let errors = try #require(rehearsal.sum("Errors", alias))
      let all = try #require(rehearsal.sum("Invocations", alias))
      #expect((0.3...0.7).contains(errors / all))
    }
  }

  @Test("a rate is of the sandbox's own seconds, at whatever pace they pass", arguments: [20.0, 100])
  func pace(speed: Double) async throws {
    let source = TrafficSource(functionName: "f", alias: "live", ratePerSecond: 0.5, events: [])
    try await Rehearsal.run(speed: speed, traffic: [source]) { rehearsal in
      let code = Package.python("def handler(event, context): return 1")
      #expect(await rehearsal.install("f", code: code))
      #expect(rehearsal.publish("f").status == 201)
      #expect(rehearsal.alias("f", version: "1").status == 201)
      let alias = [("FunctionName", "f"), ("Resource", "f:live")]
      let clock = rehearsal.server.clock
      #expect(await eventually { rehearsal.sum("Invocations", alias) ?? 0 >= 5 })
      let (began, first) = (clock.now(), rehearsal.sum("Invocations", alias) ?? 0)
      #expect(await eventually { rehearsal.sum("Invocations", alias) ?? 0 >= first + 30 })
      let rate = ((rehearsal.sum("Invocations", alias) ?? 0) - first) / (clock.now() - began).seconds
      // A busy machine may fall behind, and never runs ahead.
      #expect((0.1...0.6).contains(rate), "\(rate)")
    }
  }

  @Test("Python sees what Lambda's runtime brings, and nothing else that is installed here")
  func installed() async throws {
    let host = try TemporaryFolder()
    let python = try #require(Rehearsal.program("python3"))
    let make = ChildProcess.Specification(
      arguments: [python, "-m", "venv", "--without-pip", "\(host.path)/host"],
      environment: .exactly(["PATH": "/usr/bin:/bin", "HOME": host.path]))
    try #require(try await ChildProcess.run(make) { _, _ in } == .code(0))
    let libraries = try Files.names(in: "\(host.path)/host/lib").filter { $0.hasPrefix("python") }
    let place = "host/lib/\(try #require(libraries.first))/site-packages"
    try host.write("\(place)/hostonly.py", "")
    try host.write("\(place)/boto3/__init__.py", "from . import session")
    try host.write("\(place)/boto3/session.py", "")
    try host.write("stated/given.py", "")
    let rehearsal = try Rehearsal(searchPath: "\(host.path)/host/bin:/usr/bin:/bin")
    let code = Package.python(
      """
      import importlib, json, sqlite3
      def handler(event, context):
        seen = []
        for name in ["boto3", "boto3.session", "given", "hostonly"]:
          try:
            importlib.import_module(name)
            seen.append(name)
          except ImportError:
            pass
        return seen
      """)
    let variables: JSON = ["Variables": ["PYTHONPATH": .string("\(host.path)/stated")]]
    #expect(
      rehearsal.create("f", code: code, settings: JSONObject([("Environment", variables)])).status == 201)
    #expect(await rehearsal.settled("f"))
    #expect(rehearsal.invoke("f").json == ["boto3", "boto3.session", "given"])
    await rehearsal.server.stop()
  }

  @Test("log events carry the version, and can be filtered")
  func logs() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python(Self.python)))
      _ = rehearsal.publish("f")
      _ = rehearsal.invoke("f:1", ["do": "raise"], headers: ["x-amz-log-type": "Tail"])
      let query: JSON = ["logGroupName": "/aws/lambda/f", "filterPattern": "ValueError"]
      let answer = rehearsal.client.call("Logs_20140328.FilterLogEvents", query, service: "logs").json
      let event = try #require(answer["events"]?.array?.first)
      #expect(event["message"]?.string?.contains("boom") == true)
      #expect(event["logStreamName"]?.string?.contains("/[1]") == true)
    }
  }

  @Test("stopping leaves no process behind")
  func noOrphans() async throws {
    let rehearsal = try Rehearsal()
    #expect(await rehearsal.install("f", code: Package.python(Self.python)))
    let pid = try #require(rehearsal.invoke("f").json["pid"]?.int)
    #expect(kill(pid_t(pid), 0) == 0)
    await rehearsal.server.stop()
    #expect(await eventually { kill(pid_t(pid), 0) != 0 })
  }
}
