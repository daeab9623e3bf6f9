public import Core

/// How long an invocation of an alias may take, by the settings of the versions that serve it before and after a release.
public struct InvocationTimeout: Hashable, Sendable {
  /// The longest of all.
  public let longest: TimeSpan
  /// Whether it is longer than what serves has it now.
  public let isRaised: Bool

  /// A timeout of these values.
  public init(longest: TimeSpan, isRaised: Bool) {
    self.longest = longest
    self.isRaised = isRaised
  }
}

/// What one function is to have.
public struct EdgeSubject: Hashable, Sendable {
  /// Where.
  public let scope: EdgeScope
  /// Its triggers; nil where they are nobody's business.
  public let triggers: [Trigger]?
  /// What becomes of its events; nil where that is nobody's business.
  public let eventInvoke: EventInvokeWish?
  /// What the last run has left as a tag.
  public let recorded: TriggerTag?
  /// How long an invocation of the alias may take.
  public let timeout: InvocationTimeout?

  /// What one function is to have.
  ///
  /// - Parameter timeout: nil where nobody knows, and queues are not held against it.
  public init(
    scope: EdgeScope, triggers: [Trigger]?, eventInvoke: EventInvokeWish?, recorded: TriggerTag?,
    timeout: InvocationTimeout? = nil
  ) {
    self.scope = scope
    self.triggers = triggers
    self.eventInvoke = eventInvoke
    self.recorded = recorded
    self.timeout = timeout
  }

  /// The queues that are read for the alias.
  public var queues: [String] {
    (triggers ?? []).filter { $0.kind == .eventSource }
      .compactMap { $0.settings["EventSourceArn"]?.string }.filter { $0.contains(":sqs:") }
  }

  /// Whether anything here is ours to keep.
  public var isOwned: Bool { triggers != nil || eventInvoke != nil }

  /// The kinds that the next tag names, those of the part that is nobody's business as they were.
  public var kinds: [TriggerKind] {
    var kinds = Set((triggers ?? []).map(\.kind))
    if case .settings? = eventInvoke { kinds.insert(.eventInvoke) }
    for kind in recorded?.kinds ?? [] where kind == .eventInvoke ? eventInvoke == nil : triggers == nil {
      kinds.insert(kind)
    }
    return kinds.sorted()
  }
}
