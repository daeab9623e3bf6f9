internal import Core

/// Takes events to the targets of the rules that they fit, and makes events of the rules that have a timetable.
final class RuleRunner: Sendable {
  /// The most times that are made up for when the sandbox's clock has leapt over many.
  private static let mostMissed = 100

  private let store: RuleStore
  private let deliveries: EventDeliveries
  private let clock: ScaledClock
  private let arns: ARNs
  /// Up to when timetables are carried out.
  private let watched: Lock<Timestamp>

  init(store: RuleStore, deliveries: EventDeliveries, clock: ScaledClock, arns: ARNs) {
    self.store = store
    self.deliveries = deliveries
    self.clock = clock
    self.arns = arns
    watched = Lock(clock.now())
  }

  /// Takes an event to everybody on `bus` who wants it.
  func publish(_ event: JSON, on bus: String) {
    for rule in store.all.rules(of: bus) where rule.isEnabled && rule.pattern?.matches(event) == true {
      send(event, rule)
    }
  }

  private func send(_ event: JSON, _ rule: RuleRecord) {
    let arn = arns.arn("events", rule.path)
    let now = clock.now()
    let reserved = [
      "aws.events.rule-arn": arn, "aws.events.rule-name": rule.name,
      "aws.events.event.ingestion-time": now.iso8601,
    ]
    for target in rule.targets {
      guard let transform = try? InputTransform(target: target), let targetARN = target["Arn"]?.string else {
        continue
      }
      var delivery = Delivery(
        transform.apply(event, reserved: reserved), to: targetARN,
        from: EventOrigin(service: "events.amazonaws.com", sourceARN: arn), at: now)
      delivery.follow(.object(target))
      deliveries.send(delivery)
    }
  }

  /// Carries out the timetables whose times have come since the last call.
  func carryOutDue() {
    let now = clock.now()
    let before = watched.withLock { watched in
      defer { watched = max(watched, now) }
      return watched
    }
    for rule in store.all.rules(of: RuleRecord.defaultBus) where rule.isEnabled {
      guard let timetable = rule.timetable else { continue }
      var last = max(before, rule.since)
      for _ in 0..<Self.mostMissed {
        guard let next = timetable.next(after: last, start: rule.since), next <= now else { break }
        send(tick(rule, at: next), rule)
        last = next
      }
    }
  }

  private func tick(_ rule: RuleRecord, at time: Timestamp) -> JSON {
    [
      "version": "0", "id": .string(Identifier.uuid()), "detail-type": "Scheduled Event",
      "source": "aws.events", "account": .string(arns.account), "time": .string(time.iso8601),
      "region": .string(arns.region), "resources": [.string(arns.arn("events", rule.path))], "detail": [:],
    ]
  }
}
