internal import Core

/// An event on its way to one target, until it is there, or given up.
struct Delivery: Sendable {
  let body: [UInt8]
  let target: String
  let origin: EventOrigin
  /// The queue that gets what is given up.
  var deadLetter: String?
  var retries = 185
  var longestAge = TimeSpan.seconds(86_400)
  let accepted: Timestamp
  var attempts = 0
  var due: Timestamp

  init(_ body: [UInt8], to target: String, from origin: EventOrigin, at now: Timestamp) {
    self.body = body
    self.target = target
    self.origin = origin
    accepted = now
    due = now
  }

  /// Takes over `RetryPolicy` and `DeadLetterConfig` of a target.
  mutating func follow(_ settings: JSON?) {
    deadLetter = settings?["DeadLetterConfig"]?["Arn"]?.string
    retries = settings?["RetryPolicy"]?["MaximumRetryAttempts"]?.int ?? retries
    longestAge =
      settings?["RetryPolicy"]?["MaximumEventAgeInSeconds"]?.int.map { .seconds(Double($0)) } ?? longestAge
  }

  /// When to try again after `attempts` failures; nil when it is to be given up.
  func retry(at now: Timestamp) -> Timestamp? {
    guard attempts <= retries else { return nil }
    let due = now + .seconds(min(600, Double(1 << min(attempts, 10))))
    return due - accepted <= longestAge ? due : nil
  }
}

/// Delivers events to targets, again and again where that helps.
///
/// What waits for another attempt is kept in memory: a sandbox that ends forgets it.
final class EventDeliveries: Sendable {
  private let routes: EventRoutes
  private let clock: ScaledClock
  private let log: @Sendable (String) -> Void
  private let waiting = Lock<[Delivery]>([])

  init(routes: EventRoutes, clock: ScaledClock, log: @escaping @Sendable (String) -> Void) {
    self.routes = routes
    self.clock = clock
    self.log = log
  }

  /// Takes a delivery over; returns after the first attempt.
  func send(_ delivery: Delivery) {
    var delivery = delivery
    delivery.attempts += 1
    do throws(ServiceError) {
      try routes.send(delivery.body, to: delivery.target, from: delivery.origin)
    } catch {
      fail(delivery, error)
    }
  }

  /// A target that is not there, or does not let the sender, is not asked twice: as EventBridge has it.
  private func fail(_ delivery: Delivery, _ error: ServiceError) {
    let isLater = error.status == 429 || error.status >= 500 || error.code == "ResourceConflictException"
    log("event for \(delivery.target) \(error.status) \(error.code): \(error.message)")
    if isLater, let due = delivery.retry(at: clock.now()) {
      var next = delivery
      next.due = due
      return waiting.withLock { $0.append(next) }
    }
    guard let queue = delivery.deadLetter else { return }
    do throws(ServiceError) {
      try routes.send(delivery.body, to: queue, from: delivery.origin)
    } catch {
      log("event for the dead letter queue \(queue) \(error.status) \(error.code): \(error.message)")
    }
  }

  /// Makes the attempts whose time has come.
  func sendDue() {
    let now = clock.now()
    let due = waiting.withLock { waiting in
      defer { waiting.removeAll { $0.due <= now } }
      return waiting.filter { $0.due <= now }
    }
    for delivery in due { send(delivery) }
  }
}
