package import Triggers

/// What a manifest says of the edges to a function's alias.
package struct EdgeWish: Hashable, Sendable {
  /// The project's name, which marks of edges begin with.
  package let project: String
  /// The triggers; nil where nothing is said of them.
  package let triggers: [Trigger]?
  /// What becomes of events that nobody waits for; nil where nothing is said of it.
  package let eventInvoke: EventInvokeWish?

  /// A wish; nil where nothing is said of anything.
  package init?(project: String, triggers: [Trigger]?, eventInvoke: EventInvokeWish?) {
    guard triggers != nil || eventInvoke != nil else { return nil }
    self.project = project
    self.triggers = triggers
    self.eventInvoke = eventInvoke
  }
}
