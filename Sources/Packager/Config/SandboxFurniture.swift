package import Core

/// `sandbox.resources`: what the sandbox makes where it is missing.
package struct SandboxFurniture: Hashable, Sendable {
  /// An HTTP API.
  package struct API: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// Its stage; nil for `$default`.
    package let stage: String?
    /// Whether the stage publishes changes by itself; nil for yes.
    package let autoDeploy: Bool?
  }

  /// A queue.
  package struct Queue: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// Seconds for which nobody else gets a message that somebody has, 0 to 43,200; nil for the service's default.
    package let visibilityTimeout: Int?
    /// The queue that gets what was received too often; nil for none.
    package let deadLetterQueue: String?
    /// How often that is, 1 to 1,000; nil for 10.
    package let maxReceiveCount: Int?
  }

  /// A rule that leads events to a queue.
  package struct Rule: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// The bus; nil for `default`.
    package let bus: String?
    /// The pattern of events.
    package let eventPattern: JSON
    /// The queue's name.
    package let queue: String
  }

  /// HTTP APIs.
  package let apis: [API]
  /// Buckets, by name.
  package let buckets: [String]
  /// Queues.
  package let queues: [Queue]
  /// Topics, by name.
  package let topics: [String]
  /// Event buses, by name.
  package let buses: [String]
  /// Rules.
  package let rules: [Rule]

  /// - Parameter faults: receives what is wrong and left out: names that nothing here has.
  init(_ value: ConfigValue?, faults: inout [PackagerError]) {
    apis = (value?["apis"]?.members ?? []).map { member in
      API(
        name: member.key, stage: member.value["stage"]?.string,
        autoDeploy: member.value["autoDeploy"]?.json.bool)
    }
    buckets = value?["buckets"]?.strings ?? []
    topics = value?["topics"]?.strings ?? []
    buses = value?["buses"]?.strings ?? []
    let names = Set((value?["queues"]?.members ?? []).map(\.key))
    queues = (value?["queues"]?.members ?? []).map { member in
      Self.check(member.value["deadLetterQueue"], "queue", names, &faults)
      return Queue(
        name: member.key, visibilityTimeout: member.value["visibilityTimeout"]?.json.int,
        deadLetterQueue: member.value["deadLetterQueue"]?.string,
        maxReceiveCount: member.value["maxReceiveCount"]?.json.int)
    }
    let buses = Set(buses + ["default"])
    rules = (value?["rules"]?.members ?? []).compactMap { member in
      Self.check(member.value["queue"], "queue", names, &faults)
      Self.check(member.value["bus"], "bus", buses, &faults)
      guard let queue = member.value["queue"]?.string, let pattern = member.value["eventPattern"]?.json else {
        faults.append(
          member.value.error(
            "sandbox.resources.rules.\(member.key.escaped): \"eventPattern\" and \"queue\" are needed"))
        return nil
      }
      return Rule(name: member.key, bus: member.value["bus"]?.string, eventPattern: pattern, queue: queue)
    }
  }

  private static func check(
    _ value: ConfigValue?, _ kind: String, _ names: Set<String>, _ faults: inout [PackagerError]
  ) {
    guard let value, let name = value.string, !names.contains(name) else { return }
    faults.append(value.error("sandbox.resources has no \(kind) '\(name.escaped)'"))
  }
}
