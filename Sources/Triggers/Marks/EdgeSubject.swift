package import Core

/// How long an invocation of an alias may take, by the settings of the versions that serve it before and after a release.
package struct InvocationTimeout: Hashable, Sendable {
  /// The longest of all.
  package let longest: TimeSpan
  /// Whether it is longer than what serves has it now.
  package let isRaised: Bool

  /// A timeout of these values.
  package init(longest: TimeSpan, isRaised: Bool) {
    self.longest = longest
    self.isRaised = isRaised
  }
}

/// What one function is to have.
package struct EdgeSubject: Hashable, Sendable {
  /// Where.
  package let scope: EdgeScope
  /// Its triggers; nil where they are nobody's business.
  package let triggers: [Trigger]?
  /// What becomes of its events; nil where that is nobody's business.
  package let eventInvoke: EventInvokeWish?
  /// What the last run has left as a tag.
  package let recorded: TriggerTag?
  /// How long an invocation of the alias may take.
  package let timeout: InvocationTimeout?

  /// What one function is to have.
  ///
  /// - Parameter timeout: nil where nobody knows, and queues are not held against it.
  package init(
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
  package var queues: [String] {
    (triggers ?? []).filter { $0.kind == .eventSource }
      .compactMap { $0.settings["EventSourceArn"]?.string }.filter { $0.contains(":sqs:") }
  }

  /// Whether anything here is ours to keep.
  package var isOwned: Bool { triggers != nil || eventInvoke != nil }

  /// The kinds that the next tag names, those of the part that is nobody's business as they were.
  package var kinds: [TriggerKind] {
    var kinds = Set((triggers ?? []).map(\.kind))
    if case .settings? = eventInvoke { kinds.insert(.eventInvoke) }
    for kind in recorded?.kinds ?? [] where kind == .eventInvoke ? eventInvoke == nil : triggers == nil {
      kinds.insert(kind)
    }
    return kinds.sorted()
  }
}
