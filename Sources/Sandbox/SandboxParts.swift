internal import Core

/// What a running sandbox consists of.
final class SandboxParts: Sendable {
  /// Real seconds between the housekeeper's rounds.
  private static let round = 0.2

  private struct Housekeeping {
    var isStopping = false
    var isDone = false
  }

  let endpoint: SandboxEndpoint
  let clock: ScaledClock
  let faults: FaultMaker

  private let folder: SandboxFolder
  private let server: HTTPServer
  private let pool: EnvironmentPool
  private let launcher: RuntimeLauncher
  private let router: InvocationRouter
  private let scheduler: SchedulerService
  private let doors = Doors()
  private let routes = EventRoutes()
  private let events: EventParts
  private let stores: SandboxStores
  private let traffic: [TrafficGenerator]
  private let housekeeping = Monitor(Housekeeping())
  private let log: @Sendable (String) -> Void

  init(_ options: SandboxOptions) throws(SandboxError) {
    let folder = try SandboxFolder(options.folder)
    let state = folder.state
    let file = { (name: String) in StateFile(folder: state, name: name) }
    do throws(SandboxError) {
      let now = SystemClock().now()
      clock = ScaledClock(
        speed: options.speed, realAnchor: now, anchor: max(now, folder.earliestTime() ?? now))
      self.folder = folder
      log = options.log
      faults = FaultMaker(options.faults, seed: options.seed)
      stores = try SandboxStores(folder: state, now: clock.now())
      // The address is known only once the server listens, and the parts behind it need the address.
      let gateway = Lock<Gateway?>(nil)
      server = try Self.listen(on: options.port ?? 0, gateway)
      endpoint = SandboxEndpoint(port: server.port, credentials: folder.credentials)
      let arns = ARNs(region: options.region, account: options.account)
      let alarms: AlarmStore
      let parameters: SSMService
      do throws(SystemError) {
        launcher = try RuntimeLauncher(
          folder: try state.folder("runtime"), searchPath: options.searchPath, home: options.home,
          common: Self.variables(options, endpoint: endpoint))
        alarms = try AlarmStore(file: file("alarms.json"), arns: arns)
        parameters = try SSMService(file: file("parameters.json"), clock: clock, arns: arns)
        try folder.save(time: clock.now(), margin: Self.margin(clock), isClean: false)
      } catch {
        server.stop()
        throw .state(error)
      }
      pool = EnvironmentPool(launcher: launcher, logs: stores.logs, clock: clock)
      router = InvocationRouter(
        store: stores.functions, layers: stores.layers, codes: stores.codes, pool: pool,
        metrics: stores.metrics, clock: clock,
        arns: arns, routes: routes, seed: options.seed, log: options.log)
      traffic = options.traffic.map { [router, stores, clock] source in
        TrafficGenerator(source, router: router, store: stores.functions, clock: clock)
      }
      let lambda = LambdaService(
        store: stores.functions, codes: stores.codes, layers: stores.layers, objects: stores.objects,
        queues: stores.queues, router: router, clock: clock, arns: arns,
        links: CodeLinks(endpoint: endpoint.url, secret: folder.credentials.secret), routes: routes,
        doors: doors, permissionDelay: { [faults] in faults.permissionDelay })
      routes.register(LambdaReceiver(lambda: lambda), for: "lambda")
      events = EventParts(
        stores: stores, router: router, routes: routes, clock: clock, arns: arns, endpoint: endpoint.url,
        log: options.log)
      scheduler = SchedulerService(
        store: stores.schedules, groups: stores.scheduleGroups, deliveries: events.deliveries, lambda: lambda,
        clock: clock, arns: arns, log: options.log)
      let made = Self.gateway(
        options, arns: arns, stores: stores, lambda: lambda, scheduler: scheduler, events: events,
        ssm: parameters, alarms: alarms, doors: doors, routes: routes, faults: faults, clock: clock,
        signatures: SignatureCheck(folder.credentials))
      try Self.open(made, with: options.resources, doors, server)
      gateway.withLock { $0 = made }
    } catch {
      doors.stop()
      folder.release()
      throw error
    }
    try begin()
  }

  /// Makes what is missing of `resources`, and answers at the further addresses from now on.
  private static func open(
    _ gateway: Gateway, with resources: SandboxResources, _ doors: Doors, _ server: HTTPServer
  ) throws(SandboxError) {
    do throws(SandboxError) {
      try gateway.furnish(resources)
    } catch {
      server.stop()
      throw error
    }
    doors.use { door, request in gateway.answer(request, at: door) }
  }

  private static func gateway(
    _ options: SandboxOptions, arns: ARNs, stores: SandboxStores, lambda: LambdaService,
    scheduler: SchedulerService, events: EventParts, ssm: SSMService, alarms: AlarmStore, doors: Doors,
    routes: EventRoutes,
    faults: FaultMaker, clock: ScaledClock, signatures: SignatureCheck
  ) -> Gateway {
    let cloudWatch = CloudWatchService(
      metrics: stores.metrics, alarms: alarms, clock: clock, delay: { faults.metricsDelay })
    return Gateway(
      lambda: lambda, cloudWatch: cloudWatch, logs: LogsService(store: stores.logs, arns: arns),
      sts: STSService(account: options.account),
      s3: S3Service(
        objects: stores.objects, uploads: stores.uploads, notifications: stores.notifications, routes: routes,
        arns: arns,
        clock: clock,
        log: options.log),
      ssm: ssm, scheduler: scheduler,
      apiGateway: APIGatewayService(store: stores.apis, doors: doors, clock: clock), sqs: events.sqs,
      eventBridge: events.eventBridge, sns: events.sns, upstream: options.upstream, signatures: signatures,
      faults: faults, limiter: options.strict ? RateLimiter(clock: clock) : nil, clock: clock,
      log: options.log)
  }

  private static func listen(
    on port: Int, _ gateway: Lock<Gateway?>
  ) throws(SandboxError) -> HTTPServer {
    do throws(SystemError) {
      return try HTTPServer(port: port, limits: HTTPLimits(body: SizeLimits.body)) { head in
        gateway.withLock { $0 }?.refusal(of: head)
      } handler: { request in
        gateway.withLock { $0 }?.answer(request) ?? .drop
      }
    } catch {
      throw .listen(error)
    }
  }

  private func begin() throws(SandboxError) {
    do throws(SystemError) {
      try folder.publish(port: server.port)
    } catch {
      doors.stop()
      server.stop()
      folder.release()
      throw .state(error)
    }
    events.start()
    for source in traffic { source.start() }
    Threads.detach { [self] in keepHouse() }
  }

  var connections: ConnectionCount { server.connections }

  /// The addresses of HTTP APIs, by name.
  var apis: [(name: String, url: String)] {
    stores.apis.all().map { ($0.name, "http://127.0.0.1:\($0.port)") }
  }

  /// What a handler needs to talk to the sandbox, and never to a real account.
  private static func variables(_ options: SandboxOptions, endpoint: SandboxEndpoint) -> [String: String] {
    endpoint.credentials.merging([
      "AWS_REGION": options.region, "AWS_DEFAULT_REGION": options.region, "AWS_ENDPOINT_URL": endpoint.url,
    ]) { $1 }
  }

  /// The virtual time that may pass between two savings of it, with room for a busy machine.
  private static func margin(_ clock: ScaledClock) -> TimeSpan { .seconds(60 + 10 * clock.speed) }

  /// Writes metrics each virtual minute (at most once a second), ends idle environments, starts due retries, and
  /// carries out due schedules.
  private func keepHouse() {
    var saved = clock.now()
    var savedAt = Monotonic.now()
    while housekeeping.wait(until: Monotonic.now() + Self.round, { $0.isStopping ? true : nil }) == nil {
      router.startDueRetries()
      pool.reap()
      scheduler.carryOutDue()
      events.keepHouse()
      let now = clock.now()
      guard (now - saved).seconds >= 60, Monotonic.now() - savedAt >= 1 else { continue }
      save(isClean: false)
      saved = now
      savedAt = Monotonic.now()
    }
    housekeeping.update { $0.isDone = true }
  }

  private func save(isClean: Bool) {
    do throws(SystemError) {
      try stores.metricFile.flush(stores.metrics)
      if isClean { try stores.logFile.save(stores.logs) }
      try folder.save(time: clock.now(), margin: Self.margin(clock), isClean: isClean)
    } catch {
      log("the sandbox's state: \(error)")
    }
  }

  func stop() {
    pool.stop()
    for source in traffic { source.stop() }
    doors.stop()
    events.stop()
    server.stop()
    launcher.stop()
    housekeeping.update { $0.isStopping = true }
    _ = housekeeping.wait(until: Monotonic.now() + 5) { $0.isDone ? true : nil }
    save(isClean: true)
    folder.unpublish()
    folder.release()
  }
}
