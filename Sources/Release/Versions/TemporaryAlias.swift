internal import AWSClient
package import Core

/// An alias that a person has set for a time.
package struct TemporaryAlias: Hashable, Sendable {
  /// Its name.
  package let alias: String
  /// The version that it names.
  package let version: String
  /// Until when, by AWS's clock; from then on `prune` deletes it.
  package let until: Timestamp
  /// Who has set it.
  package let owner: String

  init?(_ snapshot: AliasSnapshot) {
    guard case .temporary(let until, let owner) = snapshot.content.mark else { return nil }
    alias = snapshot.alias.name
    version = snapshot.version
    self.until = until
    self.owner = owner
  }

  init(alias: String, version: String, until: Timestamp, owner: String) {
    self.alias = alias
    self.version = version
    self.until = until
    self.owner = owner
  }

  /// Whether it is that of a preview, which may have an address and schedules.
  package var isPreview: Bool { owner.hasPrefix(AliasMark.previews) }

  /// Who has set it, or made the preview.
  package var person: String { isPreview ? String(owner.dropFirst(AliasMark.previews.count)) : owner }

  /// Whether its time is over at `moment` of AWS's clock.
  package func isOver(at moment: Timestamp) -> Bool { until <= moment }
}

/// What became of one function's alias.
package struct TemporaryAliasResult: Sendable {
  /// How it has ended.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// There is such an alias, and nothing was to be done to it.
    case unchanged
    /// It was made, or names another version or time now.
    case set
    /// It is gone.
    case deleted
    /// There is no such alias.
    case absent
    /// It is, or stays, as it was.
    case failed
  }

  /// The function's names.
  package let name: FunctionName
  /// The alias as it is then, or was before it went; nil where there is none.
  package let alias: TemporaryAlias?
  /// How it has ended.
  package let outcome: Outcome
  /// Why, where it has failed.
  package let error: ReleaseError?

  init(_ name: FunctionName, _ alias: TemporaryAlias?, _ outcome: Outcome, _ error: ReleaseError? = nil) {
    self.name = name
    self.alias = alias
    self.outcome = outcome
    self.error = error
  }
}
