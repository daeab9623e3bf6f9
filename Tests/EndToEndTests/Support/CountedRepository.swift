import Core
import Glibc
import Sandbox
import TestSupport
import Testing

/// Small Python functions in a folder of their own, released to a sandbox inside the test that counts what is asked.
final class CountedRepository: Sendable {
  /// A request that has reached the sandbox.
  struct Call: Sendable {
    /// Such as `UpdateAlias many-f000`, and how it was answered.
    let line: String
    /// When it was, by this machine's clock.
    let time: Timestamp

    /// Such as `UpdateAlias`.
    var operation: String { String(line.prefix { $0 != " " }) }
  }

  let folder: TemporaryFolder
  private let calls = Lock<[Call]>([])
  private let watcher = Lock<(@Sendable (Call) -> Void)?>(nil)
  private let sandbox = Lock<SandboxServer?>(nil)

  /// Writes `count` functions of three lines each: `f000`, `f001` and so on.
  ///
  /// - Parameter smoke: whether each has an event that new versions are tested with.
  init(functions count: Int, smoke: Bool = false) throws {
    folder = try TemporaryFolder()
    for index in 0..<count {
      try write(index, answer: 0)
      guard smoke else { continue }
      try folder.write("functions/\(Self.name(index))/events/ask.json", "{}")
      try folder.write(
        "functions/\(Self.name(index))/function.json",
        #"{"smoke": [{"event": "events/ask.json"}]}"#)
    }
    try folder.write(
      "lamctl.json",
      """
      {
        "project": "many",
        "functions": ["functions/*"],
        "defaults": {
          "architectures": ["x86_64"], "runtime": "python3.11",
          "role": "arn:aws:iam::${account}:role/many"
        },
        "environments": { "prod": { "endpoint": "sandbox", "region": "eu-west-1", "account": "000000000000" } },
        "rollout": { "settle": "1s", "maxWait": "0s" }
      }
      """)
  }

  /// The logical name of a function.
  static func name(_ index: Int) -> String {
    let digits = String(index)
    return "f" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  /// Makes a function answer something else.
  func write(_ index: Int, answer: Int) throws {
    try folder.write(
      "functions/\(Self.name(index))/handler.py",
      """
      ANSWER = \(answer)

      def handler(event, context):
          return {"function": \(index), "answer": ANSWER}

      """)
  }

  /// Starts the sandbox; ``stop()`` has to follow.
  ///
  /// - Parameter traffic: invocations per second of real time of `f000`, `f001` and so on.
  func start(
    speed: Double = 60, strict: Bool = false, traffic: [Double] = [],
    resources: SandboxResources = SandboxResources()
  ) throws {
    var options = SandboxOptions(folder: "\(folder.path)/.lamctl/sandbox")
    options.speed = speed
    options.strict = strict
    options.resources = resources
    options.region = "eu-west-1"
    options.searchPath = Self.searchPath
    options.home = folder.path
    options.traffic = traffic.enumerated().map { index, rate in
      TrafficSource(
        functionName: "many-\(Self.name(index))", alias: "prod", ratePerSecond: rate / speed, events: [])
    }
    options.log = { [calls, watcher] line in
      let call = Call(line: line, time: SystemClock().now())
      calls.withLock { $0.append(call) }
      watcher.withLock { $0 }?(call)
    }
    let server = SandboxServer(options: options)
    try server.start()
    sandbox.withLock { $0 = server }
  }

  /// Lets the sandbox make other faults from now on, as `--fault` takes them.
  func setFaults(_ text: String) throws {
    let faults = try SandboxFaults(parsing: text)
    sandbox.withLock { $0?.setFaults(faults) }
  }

  /// Ends the sandbox; its state stays.
  func stop() async {
    await sandbox.withLock { $0 }?.stop()
  }

  /// The sandbox's time.
  var now: Timestamp { sandbox.withLock { $0?.clock.now() } ?? SystemClock().now() }

  /// `http://127.0.0.1:PORT`.
  var endpoint: String { sandbox.withLock { $0?.endpoint } ?? "" }

  /// The variables with which the sandbox's clients sign.
  var credentials: [String: String] { sandbox.withLock { $0?.credentials } ?? [:] }

  /// How many connections the sandbox has had.
  var connections: ConnectionCount? { sandbox.withLock { $0?.connections } }

  /// What the sandbox was asked since the last look, by operation, and forgets it.
  func takeCalls() -> [String: Int] { Self.counts(takeLog()) }

  /// How often each operation is in `log`.
  static func counts(_ log: [Call]) -> [String: Int] {
    Dictionary(log.map { ($0.operation, 1) }, uniquingKeysWith: +)
  }

  /// What the sandbox was asked since the last look, in order, and forgets it.
  func takeLog() -> [Call] {
    calls.withLock { calls in
      defer { calls = [] }
      return calls
    }
  }

  /// Has `body` called at each request, before it is answered or right after; nil ends that.
  func watch(_ body: (@Sendable (Call) -> Void)?) { watcher.withLock { $0 = body } }

  /// Starts `lamctl`, which sees nothing of the developer's AWS.
  func begin(
    _ arguments: [String], environment extra: [String: String] = [:], limit: TimeSpan = .minutes(5)
  ) throws -> BuiltBinary.Run {
    try BuiltBinary.start(
      arguments, in: folder.path,
      environment: Self.plainVariables(home: folder.path).merging(extra) { $1 }, limit: limit)
  }

  /// The variables of a process that sees nothing of the developer's AWS.
  static func plainVariables(home: String) -> [String: String] {
    var variables = ["HOME": home, "USER": "tester", "LANG": "C.UTF-8"]
    variables["PATH"] = searchPath
    variables["LD_LIBRARY_PATH"] = variable("LD_LIBRARY_PATH")
    return variables
  }

  /// Runs `lamctl` to its end.
  func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> BuiltBinary.Outcome {
    try await begin(arguments, environment: environment).outcome()
  }

  /// Makes the functions, so that a test can begin with something that serves.
  func deployFirst() async throws {
    let outcome = try await run("deploy", "--create", "--all-at-once", "--json")
    try #require(outcome.exit == .code(0), "\(outcome.errors)")
    _ = takeCalls()
  }

  /// Where programs are looked up.
  static var searchPath: String { variable("PATH") ?? "/usr/bin:/bin" }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
