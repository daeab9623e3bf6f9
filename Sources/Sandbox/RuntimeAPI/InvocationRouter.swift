internal import Core

/// Takes an invocation from the name that was called to the version that runs it, and counts it.
final class InvocationRouter: Sendable {
  /// What a caller asks for.
  struct Call: Sendable {
    var function: String
    var qualifier: String?
    var payload: [UInt8]
    var clientContext: String?
    /// Whom it is for, as `X-Amz-Tenant-Id` says.
    var tenant: String?
    var wantsLog = false
  }

  /// What a caller gets.
  struct Answer: Sendable {
    let version: String
    let requestID: String
    let outcome: InvocationOutcome
  }

  private struct State {
    var running: [String: Int] = [:]
    var total = 0
    var retries: [AsyncEvent] = []
    var random: SplitMix
  }

  private let store: FunctionStore
  private let codes: CodeStore
  private let layers: LayerStore
  private let pool: EnvironmentPool
  private let metrics: MetricStore
  private let clock: ScaledClock
  private let arns: ARNs
  private let routes: EventRoutes
  private let log: @Sendable (String) -> Void
  private let state: Lock<State>

  /// - Parameter seed: makes the choice between an alias's versions repeatable; nil for chance.
  init(
    store: FunctionStore, layers: LayerStore, codes: CodeStore, pool: EnvironmentPool, metrics: MetricStore,
    clock: ScaledClock,
    arns: ARNs, routes: EventRoutes, seed: UInt64?,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.store = store
    self.codes = codes
    self.layers = layers
    self.pool = pool
    self.metrics = metrics
    self.clock = clock
    self.arns = arns
    self.routes = routes
    self.log = log
    state = Lock(State(random: SplitMix(seed: seed ?? UInt64.random(in: 0 ... .max))))
  }

  /// Runs a call to its end.
  ///
  /// - Throws: what Lambda answers when it does not run the function; a function's own failure is an answer.
  func invoke(_ call: Call, requestID: String = Identifier.uuid()) throws(ServiceError) -> Answer {
    let (record, version) = try resolve(call)
    let start = clock.now()
    let resource = call.qualifier.map { "\(call.function):\($0)" } ?? call.function
    let series = CounterSeries(
      function: call.function, resource: resource,
      version: call.qualifier.flatMap(record.alias) == nil ? nil : version.number)
    guard let (own, all) = enter(record) else {
      metrics.throttle(series, at: start)
      throw ServiceError.throttled(
        "Rate Exceeded.", reason: "ReservedFunctionConcurrentInvocationLimitExceeded")
    }
    defer { leave(call.function) }
    let invocation = Invocation(
      id: requestID, payload: call.payload.isEmpty ? Array("{}".utf8) : call.payload,
      arn: arns.function(call.function, call.qualifier), clientContext: call.clientContext,
      tenant: call.tenant)
    let key = EnvironmentPool.Key(
      function: call.function, version: version.number, code: version.code.hex,
      modified: version.lastModified.seconds, tenant: call.tenant)
    let target = RuntimeTarget(
      version, function: call.function, codes: codes,
      layers: layers.folders(version.settings, codes, of: arns))
    switch pool.run(invocation, key: key, target: target, wantsLog: call.wantsLog) {
    case .ran(let outcome):
      metrics.record(
        series, at: start, isError: outcome.isError, duration: outcome.duration, concurrency: own,
        accountConcurrency: all)
      return Answer(version: version.number, requestID: requestID, outcome: outcome)
    case .refused:
      metrics.throttle(series, at: start)
      throw ServiceError.throttled("Rate Exceeded.", reason: "ConcurrentInvocationLimitExceeded")
    case .cutOff:
      // Counted as nothing: an error here would stand in the metrics of a version that did nothing wrong.
      throw ServiceError(500, "ServiceException", "The sandbox ended the function's environment.")
    }
  }

  /// Checks that a call could run, and finds the version for it by the alias's weights.
  func resolve(_ call: Call) throws(ServiceError) -> (FunctionRecord, VersionRecord) {
    guard let record = store.function(call.function, at: clock.now()) else {
      throw .notFound("Function not found: \(arns.function(call.function))")
    }
    var number = call.qualifier ?? VersionRecord.latest
    if let alias = record.alias(number) {
      let draw = alias.weights.isEmpty ? 1 : state.withLock { Double.random(in: 0..<1, using: &$0.random) }
      number = alias.version(for: draw)
    }
    guard let version = record.version(number) else {
      throw .notFound("Function not found: \(arns.function(call.function, call.qualifier))")
    }
    if version.transition?.kind == .creating {
      throw .conflict(
        "The operation cannot be performed at this time. The function is currently in the following state: Pending"
      )
    }
    try checkTenant(call, version)
    return (record, version)
  }

  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation-invoke.html
  private func checkTenant(_ call: Call, _ version: VersionRecord) throws(ServiceError) {
    let isApart = version.settings["TenancyConfig"]?["TenantIsolationMode"] == "PER_TENANT"
    guard isApart != (call.tenant != nil) else { return }
    throw .invalid(
      isApart
        ? "The invoked function is enabled with tenancy configuration. "
          + "Add a valid tenant ID in your request and try again."
        : "The invoked function is not enabled with tenancy configuration. "
          + "Remove the tenant ID from your request and try again.")
  }

  private func enter(_ record: FunctionRecord) -> (own: Int, all: Int)? {
    state.withLock { state in
      let running = state.running[record.name] ?? 0
      if let reserved = record.reservedConcurrency, running >= reserved { return nil }
      state.running[record.name] = running + 1
      state.total += 1
      return (running + 1, state.total)
    }
  }

  private func leave(_ function: String) {
    state.withLock { state in
      state.running[function, default: 1] -= 1
      state.total -= 1
    }
  }

  /// Runs an asynchronous call on a thread of its own, by the rules that the function or alias has for events.
  func invokeLater(_ call: Call, requestID: String = Identifier.uuid()) {
    let now = clock.now()
    start(AsyncEvent(call: call, requestID: requestID, accepted: now, due: now))
  }

  /// Starts the retries whose time has come.
  func startDueRetries() {
    let now = clock.now()
    let due = state.withLock { state in
      defer { state.retries.removeAll { $0.due <= now } }
      return state.retries.filter { $0.due <= now }
    }
    for event in due { start(event) }
  }

  private func start(_ event: AsyncEvent) {
    Threads.detach { [self] in
      var event = event
      do throws(ServiceError) {
        let answer = try invoke(event.call, requestID: event.requestID)
        if answer.outcome.isError { event.failures += 1 }
        settle(event, answer)
      } catch {
        // What is gone takes no events; all else passes: throttles, an update, a runtime that was ended.
        guard error.status != 404 else { return }
        event.refusals += 1
        settle(event, nil)
      }
    }
  }

  /// Plans the next attempt, or says what became of an event.
  private func settle(_ event: AsyncEvent, _ answer: Answer?) {
    let now = clock.now()
    guard let record = store.function(event.call.function, at: now) else { return }
    let rules = AsyncRules(
      record, answer.flatMap { record.version($0.version) }, qualifier: event.call.qualifier)
    let report = AsyncReport(
      event: event, answer: answer,
      arn: arns.function(
        event.call.function, event.call.qualifier ?? VersionRecord.latest), now: now)
    if let answer, !answer.outcome.isError {
      return deliver(report.json(condition: "Success"), to: rules.onSuccess, event)
    }
    let due =
      answer == nil
      ? rules.retry(afterRefusal: event.refusals, accepted: event.accepted, now: now)
      : rules.retry(after: event.failures, accepted: event.accepted, now: now)
    if let due {
      var next = event
      next.due = due
      return state.withLock { $0.retries.append(next) }
    }
    let isOld = answer == nil || event.failures <= rules.retries
    deliver(
      report.json(condition: isOld ? "EventAgeExceeded" : "RetriesExhausted"), to: rules.onFailure, event)
    if let target = rules.deadLetter { deliver(event.call.payload, to: target, event) }
  }

  private func deliver(_ body: [UInt8], to arn: String?, _ event: AsyncEvent) {
    guard let arn else { return }
    let origin = EventOrigin(
      service: "lambda.amazonaws.com", sourceARN: arns.function(event.call.function, event.call.qualifier))
    do throws(ServiceError) {
      try routes.send(body, to: arn, from: origin)
    } catch {
      log("destination \(arn) \(error.status) \(error.code): \(error.message)")
    }
  }

  /// Ends the environments of a function that is gone.
  func forget(function: String) { pool.forget(function: function) }
}
