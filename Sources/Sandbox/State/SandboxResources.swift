/// What a sandbox makes when it starts, where it is not there yet: things that functions' triggers hang on, and that
/// nobody deploys to a sandbox.
package struct SandboxResources: Hashable, Sendable {
  /// An HTTP API with one stage.
  package struct API: Hashable, Sendable {
    /// Its name; an API of this name that is there stays as it is.
    package var name: String
    /// The stage's name; `$default` has no path of its own.
    package var stage: String
    /// Whether the stage publishes changes by itself.
    package var autoDeploy: Bool

    /// An API of this name.
    package init(name: String, stage: String = "$default", autoDeploy: Bool = true) {
      self.name = name
      self.stage = stage
      self.autoDeploy = autoDeploy
    }
  }

  /// A standard queue of SQS.
  package struct Queue: Hashable, Sendable {
    /// Its name; a queue of this name that is there stays as it is.
    package var name: String
    /// Seconds for which nobody else gets a message that somebody has, 0 to 43,200.
    package var visibilityTimeout: Int
    /// The queue that gets what was received too often; nil for none.
    package var deadLetterQueue: String?
    /// How often that is, 1 to 1,000.
    package var maxReceiveCount: Int

    /// A queue of this name.
    package init(
      name: String, visibilityTimeout: Int = 30, deadLetterQueue: String? = nil, maxReceiveCount: Int = 10
    ) {
      self.name = name
      self.visibilityTimeout = visibilityTimeout
      self.deadLetterQueue = deadLetterQueue
      self.maxReceiveCount = maxReceiveCount
    }
  }

  /// A rule that leads events to a queue; it is made anew each time.
  package struct Rule: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// The event bus.
    package var bus: String
    /// The pattern of events, as JSON text.
    package var eventPattern: String
    /// The name of the queue that gets them.
    package var queue: String

    /// A rule of this name.
    package init(name: String, bus: String = "default", eventPattern: String, queue: String) {
      self.name = name
      self.bus = bus
      self.eventPattern = eventPattern
      self.queue = queue
    }
  }

  /// HTTP APIs.
  package var apis: [API]
  /// Buckets, by name.
  package var buckets: [String]
  /// Queues.
  package var queues: [Queue]
  /// Topics, by name.
  package var topics: [String]
  /// Event buses, by name.
  package var buses: [String]
  /// Rules of these buses, or of the default one.
  package var rules: [Rule]

  /// Nothing but these.
  package init(
    apis: [API] = [], buckets: [String] = [], queues: [Queue] = [], topics: [String] = [],
    buses: [String] = [],
    rules: [Rule] = []
  ) {
    self.apis = apis
    self.buckets = buckets
    self.queues = queues
    self.topics = topics
    self.buses = buses
    self.rules = rules
  }
}
