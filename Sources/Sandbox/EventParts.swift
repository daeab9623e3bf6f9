internal import Core

/// What takes events to functions and from one service to another.
struct EventParts: Sendable {
  let sqs: SQSService
  let eventBridge: EventBridgeService
  let sns: SNSService

  let deliveries: EventDeliveries
  private let runner: RuleRunner
  private let poller: MappingPoller
  private let log: @Sendable (String) -> Void

  /// - Parameter routes: gets the receivers of queues, topics and buses.
  init(
    stores: SandboxStores, router: InvocationRouter, routes: EventRoutes, clock: ScaledClock, arns: ARNs,
    endpoint: String, log: @escaping @Sendable (String) -> Void
  ) {
    deliveries = EventDeliveries(routes: routes, clock: clock, log: log)
    runner = RuleRunner(store: stores.rules, deliveries: deliveries, clock: clock, arns: arns)
    sqs = SQSService(store: stores.queues, clock: clock, arns: arns, endpoint: endpoint)
    eventBridge = EventBridgeService(store: stores.rules, runner: runner, clock: clock, arns: arns)
    sns = SNSService(store: stores.topics, deliveries: deliveries, clock: clock, arns: arns)
    poller = MappingPoller(
      functions: stores.functions, queues: stores.queues, router: router, clock: clock, arns: arns, log: log)
    self.log = log
    routes.register(QueueReceiver(sqs: sqs), for: "sqs")
    routes.register(BusReceiver(events: eventBridge), for: "events")
    routes.register(TopicReceiver(sns: sns), for: "sns")
  }

  /// Begins to read queues; returns at once.
  func start() { poller.start() }

  /// Makes the deliveries that are due, carries out timetables, and writes messages that are not on disk yet.
  func keepHouse() {
    runner.carryOutDue()
    deliveries.sendDue()
    save()
  }

  /// Ends the reading of queues, and waits for what is under way; environments must be ended at the same time.
  func stop() {
    poller.stop()
    save()
  }

  private func save() {
    do throws(SystemError) {
      try sqs.store.flush()
    } catch {
      log("the sandbox's state: \(error)")
    }
  }
}
