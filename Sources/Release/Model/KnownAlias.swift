internal import AWSClient

/// What one run knows of an alias: as it last read or wrote it, as it was before, and what it has sent without hearing
/// what became of that.
///
/// The answer of a write is knowledge; a read that is older than it is stale, and no rival.
struct KnownAlias: Hashable, Sendable {
  /// As it was last read, or as the answer to the last write of it.
  private(set) var snapshot: AliasSnapshot
  /// As it was before; what AWS may still show for some seconds.
  private var past: [AliasConfiguration] = []
  /// Descriptions that were sent, and perhaps written.
  private var unheard: Set<String> = []

  /// An alias that was read.
  init(_ snapshot: AliasSnapshot) {
    self.snapshot = snapshot
  }

  /// The alias itself.
  var present: AliasConfiguration { snapshot.alias }

  /// The premise of the next write.
  var revisionID: String? { present.revisionIfKnown }

  /// It was written, or is read, as `alias`.
  mutating func become(_ snapshot: AliasSnapshot) {
    if snapshot.alias != present { past.append(present) }
    self.snapshot = snapshot
  }

  /// `description` was sent, and nobody knows whether it arrived.
  mutating func remember(unheard description: String) { unheard.insert(description) }

  /// Whether only this very process can have written `description`.
  func isOwn(_ description: String) -> Bool { unheard.contains(description) }

  /// Whether `alias` is how it was before this run last wrote it.
  func isPast(_ alias: AliasConfiguration) -> Bool {
    past.contains { former in
      alias.revisionID.isEmpty || former.revisionID.isEmpty
        ? former == alias : former.revisionID == alias.revisionID
    }
  }
}
