internal import Core

/// Who hands an event on: as policies name it.
struct EventOrigin: Hashable, Sendable {
  /// `s3.amazonaws.com` and the like.
  var service: String
  /// The ARN of the bucket, rule, topic or schedule; of a function where a destination is meant.
  var sourceARN: String
}

/// A service that takes events for what it keeps: functions, queues, topics, buses.
protocol EventReceiver: Sendable {
  /// Takes an event for good: it is the receiver's to deliver from now on.
  ///
  /// - Throws: what the service answers when there is no such resource, or its policy does not let `origin`.
  func receive(_ event: [UInt8], at arn: String, from origin: EventOrigin) throws(ServiceError)

  /// Looks whether it would take one, and changes nothing.
  ///
  /// - Throws: as ``receive(_:at:from:)``.
  func admit(_ origin: EventOrigin, at arn: String) throws(ServiceError)
}

/// Takes events from one service of the sandbox to another, by the target's ARN.
///
/// Services know this and not each other; who takes events registers before the first request comes.
final class EventRoutes: Sendable {
  private let receivers = Lock<[String: any EventReceiver]>([:])

  /// Lets `receiver` have what goes to ARNs of `service`: `lambda`, `sqs`, `sns`, `events`.
  func register(_ receiver: any EventReceiver, for service: String) {
    receivers.withLock { $0[service] = receiver }
  }

  /// Hands `event` to whom `arn` names.
  ///
  /// - Throws: what the receiver throws; 400 for a service that takes no events here.
  func send(_ event: [UInt8], to arn: String, from origin: EventOrigin) throws(ServiceError) {
    try receiver(of: arn).receive(event, at: arn, from: origin)
  }

  /// Looks whether an event would be taken.
  ///
  /// - Throws: as ``send(_:to:from:)``.
  func admit(_ origin: EventOrigin, at arn: String) throws(ServiceError) {
    try receiver(of: arn).admit(origin, at: arn)
  }

  private func receiver(of arn: String) throws(ServiceError) -> any EventReceiver {
    // arn:aws:SERVICE:…
    let parts = arn.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "arn", let found = receivers.withLock({ $0[String(parts[2])] }) else {
      throw .invalid("The sandbox hands no events to \(arn)")
    }
    return found
  }
}
