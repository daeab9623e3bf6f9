import AWSClient
import Core
import Release
import TestSupport

/// What the repository wants of one function.
struct Wanted: Hashable, Sendable {
  /// The package's content; how it behaves is in ``SimulatedAccount``. What begins with `unbuildable` has no package.
  var code: String
  /// The inputs it is built from; other inputs may give the same package.
  var source: String?
  /// The settings.
  var settings = JSONObject([("Timeout", 3)])
  var smokeTests: [SmokeTest] = []
  var hooks = FunctionHooks()
  var ownsConfiguration = true
  var edges: EdgeWish?
  /// The content of its layers of the repository, by folder.
  var layers: [String: String] = [:]
  /// What they are made of, where that is not their content.
  var layerSources: [String: String] = [:]

  init(_ code: String) {
    self.code = code
  }
}

/// How one run of `deploy` went.
struct RunResult: Sendable {
  /// Nil when even the plan failed.
  let report: ReleaseReport?
  let error: ReleaseError?
  let connection: Connection
  let events: [ReleaseEvent]

  var outcome: Outcome? { report?.outcome }
  /// The error's case: `owned`.
  var errorName: String? {
    error.map { Mirror(reflecting: $0).children.first?.label ?? "\($0)" }
  }
}

/// A repository, an account, and runs of lamctl between them.
final class World: Sendable {
  let clock: ManualClock
  let account: SimulatedAccount
  private let wanted: Lock<[String: Wanted]>
  private let settings: Lock<ReleaseSettings>
  /// The commits that git knows.
  let commits = LinearHistory()

  convenience init(_ functions: [String: Wanted] = ["orders": Wanted("good1")]) throws {
    var settings = ReleaseSettings(
      plan: try StepPlan(parsing: "10%:5m"), bake: .minutes(5), judge: JudgeSettings())
    settings.settle = .minutes(1)
    settings.maxWait = .minutes(10)
    settings.parallel = 1
    settings.publishing = 1
    self.init(wanted: functions, settings: settings, now: ManualClock().now())
  }

  private init(wanted: [String: Wanted], settings: ReleaseSettings, now: Timestamp) {
    clock = ManualClock(start: now)
    account = SimulatedAccount(clock: clock)
    self.wanted = Lock(wanted)
    self.settings = Lock(settings)
  }

  /// A world in which `functions` serve for `span` already.
  static func running(
    _ functions: [String: Wanted] = ["orders": Wanted("good1")], for span: TimeSpan = .minutes(180)
  ) async throws -> World {
    let world = try World(functions)
    _ = await world.deploy("setup")
    world.clock.advance(by: span)
    return world
  }

  /// Changes what the repository wants.
  func want(_ name: String = "orders", _ change: (inout Wanted) -> Void) {
    wanted.withLock { wanted in
      var function = wanted[name] ?? Wanted("good1")
      change(&function)
      wanted[name] = function
    }
  }

  /// The functions that there are.
  var names: [String] { wanted.withLock { $0.keys.sorted() } }

  /// Wants `code` of every function.
  func wantEverywhere(_ code: String) { for name in names { want(name) { $0.code = code } } }

  func configure(_ change: (inout ReleaseSettings) -> Void) { settings.withLock { change(&$0) } }

  /// How runs are set up.
  var present: ReleaseSettings { settings.withLock { $0 } }

  var inputs: [FunctionInput] {
    wanted.withLock { wanted in
      wanted.map { name, function in
        FunctionInput(
          function: name, functionName: name, sourceDigest: Self.digest(function.source ?? function.code),
          configurationDigest: Self.digest(
            JSON.object(function.settings).text() + Self.layers(function).map(\.sourceDigest).joined()),
          configuration: FunctionSettings(JSONObject([("Role", "arn:role")]).merging(function.settings)),
          layers: Self.layers(function),
          ownsConfiguration: function.ownsConfiguration,
          mayCreate: true, smokeTests: function.smokeTests, hooks: function.hooks, edges: function.edges)
      }
    }
  }

  private static func layers(_ function: Wanted) -> [LayerInput] {
    function.layers.sorted { $0.key < $1.key }.map { folder, content in
      LayerInput(
        folder: folder, name: "shop-" + folder.split(separator: "/").joined(separator: "-"),
        sourceDigest: digest("layer " + (function.layerSources[folder] ?? content)))
    }
  }

  private static func digest(_ text: String) -> String { String(SHA256.digest(of: text).hex.prefix(32)) }

  /// One run of `deploy` from its plan to its end.
  func deploy(
    _ owner: String = "ci-1", events: [Connection.Event] = [],
    hooks: [Int: @Sendable () async -> Void] = [:], onAliasRead: (@Sendable (Int) -> Void)? = nil,
    commit: String? = nil, configure: (inout ReleaseSettings) -> Void = { _ in }
  ) async -> RunResult {
    let connection = Connection(account, events: events, hooks: hooks, onAliasRead: onAliasRead)
    let plan: ReleasePlan
    do throws(ReleaseError) {
      plan = try await planner(connection).plan(inputs) { _, _ in [] }
    } catch {
      return RunResult(report: nil, error: error, connection: connection, events: [])
    }
    return await deploy(plan, owner, over: connection, commit: commit, configure: configure)
  }

  private func planner(_ connection: Connection) -> Planner {
    Planner(lambda: connection, environment: "prod", alias: "prod", parallel: present.parallel, clock: clock)
  }

  /// The plan that a run makes, while `before` is told of each call of it.
  func plan(
    _ connection: Connection, before: @escaping @Sendable (Int) -> Void
  ) async throws(ReleaseError) -> ReleasePlan {
    connection.watchPlanning(before)
    return try await planner(connection).plan(inputs) { _, _ in [] }
  }

  /// One run of `deploy` by a plan that was made before.
  func deploy(
    _ plan: ReleasePlan, _ owner: String, over connection: Connection? = nil, commit: String? = nil,
    besideBake: BakeWork? = nil, configure: (inout ReleaseSettings) -> Void = { _ in }
  ) async -> RunResult {
    let connection = connection ?? Connection(account)
    let told = Lock<[ReleaseEvent]>([])
    let services = services(connection) { event in told.withLock { $0.append(event) } }
    var settings = present
    configure(&settings)
    let releaser = Releaser(
      services: services, settings: settings,
      identity: RunIdentity(owner: owner, commit: commit, isDirty: false), alias: "prod",
      besideBake: besideBake)
    let packages = self
    let open = Lock(false)
    let task = Task {
      while !open.withLock({ $0 }) { await Task.yield() }
      return await releaser.deploy(plan, packages: packages)
    }
    connection.begin { task.cancel() }
    open.withLock { $0 = true }
    let report = await task.value
    return RunResult(
      report: report, error: report.error, connection: connection, events: told.withLock { $0 })
  }

  /// One run of `rollback`.
  func rollBack(
    to version: String? = nil, selected: Set<String> = [], events: [Connection.Event] = [],
    hooks: [Int: @Sendable () async -> Void] = [:], confirms: Bool = false
  ) async -> RunResult {
    await rollBack(
      to: version.map(RollbackDestination.version) ?? .recorded, selected: selected, events: events,
      hooks: hooks, confirms: confirms)
  }

  /// One run of `rollback` to `destination`.
  func rollBack(
    to destination: RollbackDestination, selected: Set<String> = [], events: [Connection.Event] = [],
    hooks: [Int: @Sendable () async -> Void] = [:], confirms: Bool = false
  ) async -> RunResult {
    let connection = Connection(account, events: events, hooks: hooks)
    connection.begin {}
    let told = Lock<[ReleaseEvent]>([])
    let runner = RollbackRunner(
      services: services(connection) { event in told.withLock { $0.append(event) } }, environment: "prod",
      alias: "prod", owner: "person", parallel: 1, deadMan: present.deadMan, companions: present.companions)
    let report = await runner.rollBack(
      subjects(selected), to: destination, confirm: { _ in confirms })
    return RunResult(
      report: report, error: report.error, connection: connection, events: told.withLock { $0 })
  }

  /// One run of `promote`, `resume` or `tick` over the functions called `selected`; all of them when that is empty.
  func takeOver(
    _ mode: RolloutResumer.Mode, _ owner: String = "ci-2", selected: Set<String> = [],
    events: [Connection.Event] = [], hooks: [Int: @Sendable () async -> Void] = [:],
    onAliasRead: (@Sendable (Int) -> Void)? = nil,
    configure: (inout ReleaseSettings) -> Void = { _ in }
  ) async -> RunResult {
    let connection = Connection(account, events: events, hooks: hooks, onAliasRead: onAliasRead)
    let told = Lock<[ReleaseEvent]>([])
    var settings = settings.withLock { $0 }
    configure(&settings)
    let takeover = RolloutResumer(
      services: services(connection) { event in told.withLock { $0.append(event) } }, settings: settings,
      environment: "prod", alias: "prod", owner: owner)
    let subjects = subjects(selected)
    let open = Lock(false)
    let task = Task {
      while !open.withLock({ $0 }) { await Task.yield() }
      return await takeover.run(subjects, mode: mode)
    }
    connection.begin { task.cancel() }
    open.withLock { $0 = true }
    let report = await task.value
    return RunResult(
      report: report, error: report.error, connection: connection, events: told.withLock { $0 })
  }

  /// One run of `deploy` that waits up to `span` for another run; a new plan is made after each wait.
  ///
  /// - Parameter selected: the functions that it is for; all of them when that is empty.
  func deploy(
    _ owner: String, waiting span: TimeSpan?, selected: Set<String> = [],
    events: [Connection.Event] = [], hooks: [Int: @Sendable () async -> Void] = [:],
    onAliasRead: @escaping @Sendable (Int) -> Void = { _ in },
    configure: (inout ReleaseSettings) -> Void = { _ in }
  ) async throws -> RunResult {
    let connection = Connection(account, events: events, hooks: hooks, onAliasRead: onAliasRead)
    let told = Lock<[ReleaseEvent]>([])
    var settings = settings.withLock { $0 }
    configure(&settings)
    let releaser = Releaser(
      services: services(connection) { event in told.withLock { $0.append(event) } }, settings: settings,
      identity: RunIdentity(owner: owner, commit: nil, isDirty: false), alias: "prod")
    let all = subjects([]).map(\.name)
    let open = Lock(false)
    let task = Task {
      while !open.withLock({ $0 }) { await Task.yield() }
      return try await releaser.deploy(waitingAtMost: span, among: all, packages: self) {
        let inputs = self.inputs.filter { selected.isEmpty || selected.contains($0.function) }
        return try await Planner(
          lambda: connection, environment: "prod", alias: "prod", parallel: 1, clock: self.clock
        ).plan(inputs) { _, _ in [] }
      }
    }
    connection.begin { task.cancel() }
    open.withLock { $0 = true }
    let report = try await task.value
    return RunResult(
      report: report, error: report.error, connection: connection, events: told.withLock { $0 })
  }

  /// One run of `abort`.
  func abort(selected: Set<String> = []) async -> RunResult {
    let connection = Connection(account)
    connection.begin {}
    let told = Lock<[ReleaseEvent]>([])
    let runner = RollbackRunner(
      services: services(connection) { event in told.withLock { $0.append(event) } }, environment: "prod",
      alias: "prod", owner: "person", parallel: 1, deadMan: present.deadMan, companions: present.companions)
    let report = await runner.abort(subjects(selected))
    return RunResult(
      report: report, error: report.error, connection: connection, events: told.withLock { $0 })
  }

  func subjects(_ selected: Set<String>) -> [RolloutSubject] {
    wanted.withLock { wanted in
      wanted.keys.sorted().map { name in
        RolloutSubject(
          name: FunctionName(function: name, functionName: name),
          isSelected: selected.isEmpty || selected.contains(name),
          isSmoked: wanted[name]?.smokeTests.isEmpty == false, hooks: wanted[name]?.hooks ?? FunctionHooks())
      }
    }
  }

  func services(
    _ connection: Connection, report: @escaping @Sendable (ReleaseEvent) -> Void = { _ in }
  ) -> ReleaseServices {
    let clock = clock
    return ReleaseServices(
      lambda: connection, metrics: connection, alarms: connection, logs: connection, schedules: connection,
      hooks: connection,
      history: commits, clock: clock,
      serverTime: { clock.now() }, jitter: { 1 },
      report: report)
  }
}

extension World: PackageSource {
  func packages(for functions: [String]) async -> [String: Result<FunctionPackage, PackageFailure>] {
    let wanted = wanted.withLock { $0 }
    var packages: [String: Result<FunctionPackage, PackageFailure>] = [:]
    for name in functions {
      guard let function = wanted[name] else { continue }
      let code = function.code
      let layers = Self.layers(function).map { layer in
        let content = function.layers[layer.folder] ?? ""
        return LayerPackage(
          layer: layer,
          package: FunctionPackage(
            digest: Self.digest("content " + content), path: content, codeSHA256: content, size: 10),
          runtimes: [], architectures: [])
      }
      packages[name] =
        code.hasPrefix("unbuildable")
        ? .failure(PackageFailure(function: name, message: "a syntax error", fix: nil))
        : .success(
          FunctionPackage(
            digest: Self.digest("package " + code), path: code, codeSHA256: code, size: 100,
            layers: layers))
    }
    return packages
  }
}

extension World {
  /// The same world apart from this one.
  func copy() -> World {
    let state = account.state.withLock { $0 }
    let copy = World(
      wanted: wanted.withLock { $0 }, settings: settings.withLock { $0 }, now: clock.now())
    copy.account.state.withLock { $0 = state }
    return copy
  }

  /// A deploy in a copy of this world: tells which calls it makes, and leaves this world as it is.
  func probe() async -> RunResult { await copy().deploy("probe") }

  /// The number of the first call that a deploy makes while the record of `name` is in `state`.
  func firstCall(in state: RolloutState, of name: String = "orders") async -> Int? {
    let world = copy()
    let seen = Lock<Int?>(nil)
    var hooks: [Int: @Sendable () async -> Void] = [:]
    for number in 1...200 {
      hooks[number] = {
        guard world.account.record(name)?.state == state else { return }
        seen.withLock { $0 = $0 ?? number }
      }
    }
    _ = await world.deploy("probe", hooks: hooks)
    return seen.withLock { $0 }
  }
}
