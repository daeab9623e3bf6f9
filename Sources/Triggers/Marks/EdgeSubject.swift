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

  /// What one function is to have.
  public init(
    scope: EdgeScope, triggers: [Trigger]?, eventInvoke: EventInvokeWish?, recorded: TriggerTag?
  ) {
    self.scope = scope
    self.triggers = triggers
    self.eventInvoke = eventInvoke
    self.recorded = recorded
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
