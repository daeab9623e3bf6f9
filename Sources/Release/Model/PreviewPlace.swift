package import Core

/// A preview as a report tells of it.
package struct PreviewPlace: Hashable, Sendable {
  /// Its name, which is that of its aliases.
  package let name: String
  /// Until when it stays, by AWS's clock.
  package let until: Timestamp
  /// Whether schedules take it away then; else `prune` does.
  package let isScheduled: Bool
}
