public import Core

/// A preview as a report tells of it.
public struct PreviewPlace: Hashable, Sendable {
  /// Its name, which is that of its aliases.
  public let name: String
  /// Until when it stays, by AWS's clock.
  public let until: Timestamp
  /// Whether schedules take it away then; else `prune` does.
  public let isScheduled: Bool
}
