package import Core

/// What a move changes.
package enum MoveKind: String, Hashable, Sendable, CaseIterable {
  /// A statement of a policy.
  case permission
  /// What becomes of events that nobody waits for.
  case eventInvoke
  /// Where an integration of an HTTP API leads.
  case httpApi
  /// A target of a rule.
  case rule
  /// The target of a schedule.
  case schedule
  /// A subscription of a topic.
  case sns
  /// Entries in the notifications of a bucket.
  case s3
  /// Which function a mapping feeds, and whether it does.
  case eventSource
  /// The tag by which a mapping is known as a trigger's.
  case mark
}

/// One change of one edge as a value: what stands before it, and what is to stand after it.
///
/// Both are looked at before anything is written. Where the after stands nothing is to be done, and where neither does
/// somebody else has changed the edge, which is then left alone; so a move can be carried out, carried out again after a
/// run that died, and taken back, by one rule.
package struct Move: Hashable, Sendable {
  /// What is changed.
  package let kind: MoveKind
  /// Whose edge it is.
  package let scope: EdgeScope
  /// What tells the edge from all others of its kind.
  package let place: JSONObject
  /// What stands before; null where nothing does.
  package let before: JSON
  /// What is to stand after; null where nothing is to.
  package let after: JSON
  /// Moves of one group belong together: where one fails, those before it are taken back.
  package let group: String
  /// What a line about it says: `queue arn:…:jobs`.
  package let title: String

  /// A move of these values.
  package init(
    _ kind: MoveKind, in scope: EdgeScope, place: JSONObject, before: JSON, after: JSON, group: String,
    title: String
  ) {
    self.kind = kind
    self.scope = scope
    self.place = place
    self.before = before
    self.after = after
    self.group = group
    self.title = title
  }

  /// Whether it gives the alias something that the bare function keeps: nothing is moved by it yet.
  package var isCopy: Bool { before == .null && (kind == .permission || kind == .eventInvoke) }

  /// Whether it takes the last of an edge from the bare function.
  package var isFarewell: Bool { after == .null && kind == .permission }
}
