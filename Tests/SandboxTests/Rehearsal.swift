import Core
import Glibc
import Sandbox
import TestSupport

/// A sandbox in a folder of its own, and shorthands for what tests do with it.
final class Rehearsal: Sendable {
  let folder: TemporaryFolder
  let server: SandboxServer
  let client: SandboxClient

  init(
    folder: TemporaryFolder? = nil, speed: Double = 600, strict: Bool = false, traffic: [TrafficSource] = [],
    resources: SandboxResources = SandboxResources(), faults: SandboxFaults = SandboxFaults(),
    searchPath: String? = nil, log: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    self.folder = try folder ?? TemporaryFolder()
    let path = searchPath ?? Self.searchPath
    let home = getenv("HOME").map { String(cString: $0) } ?? "/tmp"
    server = SandboxServer(
      options: SandboxOptions(
        folder: self.folder.path, speed: speed, traffic: traffic, resources: resources, faults: faults,
        strict: strict, seed: 7,
        searchPath: path, home: home, log: log))
    try server.start()
    client = SandboxClient(server)
  }

  private static let searchPath = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"

  /// The path of an installed program.
  static func program(_ name: String) -> String? {
    searchPath.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// Runs `body` with a sandbox that is stopped afterwards whatever happens.
  static func run(
    speed: Double = 600, strict: Bool = false, traffic: [TrafficSource] = [],
    resources: SandboxResources = SandboxResources(), faults: SandboxFaults = SandboxFaults(),
    log: @escaping @Sendable (String) -> Void = { _ in },
    _ body: (Rehearsal) async throws -> Void
  ) async throws {
    let rehearsal = try Rehearsal(
      speed: speed, strict: strict, traffic: traffic, resources: resources, faults: faults, log: log)
    do {
      try await body(rehearsal)
    } catch {
      await rehearsal.server.stop()
      throw error
    }
    await rehearsal.server.stop()
  }

  func path(_ rest: String) -> String { "/2015-03-31/functions\(rest)" }

  func create(
    _ name: String, runtime: String = "python3.12", code: [UInt8], timeout: Int = 3,
    settings: JSONObject = JSONObject()
  ) -> SandboxClient.Answer {
    let body = JSONObject([
      ("FunctionName", .string(name)), ("Runtime", .string(runtime)), ("Handler", "app.handler"),
      ("Role", "arn:aws:iam::000000000000:role/r"), ("Timeout", .int(timeout)),
      ("Code", ["ZipFile": .string(Base64.encode(code))]),
    ])
    return client.send("POST", path(""), .object(body.merging(settings)))
  }

  /// Creates a function and waits until it is active.
  func install(_ name: String, runtime: String = "python3.12", code: [UInt8], timeout: Int = 3) async -> Bool
  {
    guard create(name, runtime: runtime, code: code, timeout: timeout).status == 201 else { return false }
    return await settled(name)
  }

  func settled(_ name: String) async -> Bool {
    await eventually { self.configuration(name)["LastUpdateStatus"] == "Successful" }
  }

  func configuration(_ name: String) -> JSON {
    client.send("GET", path("/\(name)")).json["Configuration"] ?? .null
  }

  func update(_ name: String, code: [UInt8]) async -> Bool {
    let body: JSON = ["ZipFile": .string(Base64.encode(code))]
    guard client.send("PUT", path("/\(name)/code"), body).status == 200 else { return false }
    return await settled(name)
  }

  func publish(_ name: String, _ body: JSON = [:]) -> SandboxClient.Answer {
    client.send("POST", path("/\(name)/versions"), body)
  }

  func alias(_ name: String, version: String, weights: JSON? = nil) -> SandboxClient.Answer {
    var body = JSONObject([("Name", "live"), ("FunctionVersion", .string(version))])
    body["RoutingConfig"] = weights.map { ["AdditionalVersionWeights": $0] }
    return client.send("POST", path("/\(name)/aliases"), .object(body))
  }

  func invoke(_ name: String, _ event: JSON = [:], headers: [String: String] = [:]) -> SandboxClient.Answer {
    client.send("POST", path("/\(name)/invocations"), body: Array(event.text().utf8), headers: headers)
  }

  /// A function of two versions, 1 and 2, whose answer is the version that ran.
  func installTwoVersions(_ name: String) async -> Bool {
    let code = { (text: String) in Package.python("def handler(e, c):\n  return c.function_version #\(text)")
    }
    guard await install(name, code: code("a")), publish(name).status == 201,
      await update(name, code: code("b")), publish(name).status == 201
    else { return false }
    return true
  }

  /// One metric over everything that happened; nil when it has no points.
  func sum(_ metric: String, _ dimensions: [(String, String)], stat: String = "Sum") -> Double? {
    let stat: JSON = [
      "Metric": [
        "Namespace": "AWS/Lambda", "MetricName": .string(metric),
        "Dimensions": .array(dimensions.map { ["Name": .string($0.0), "Value": .string($0.1)] }),
      ], "Period": 86_400, "Stat": .string(stat),
    ]
    let query: JSON = [
      "MetricDataQueries": [["Id": "q", "MetricStat": stat]],
      "StartTime": .double((server.clock.now() - .minutes(1_440)).seconds.rounded()),
      "EndTime": .double((server.clock.now() + .minutes(1_440)).seconds.rounded()),
    ]
    let answer = client.call("GraniteServiceVersion20100801.GetMetricData", query, service: "monitoring").json
    guard let values = answer["MetricDataResults"]?.array?.first?["Values"]?.array, !values.isEmpty else {
      return nil
    }
    return values.reduce(0) { $0 + ($1.double ?? 0) }
  }
}
