internal import Core

/// Which versions of a function may go, and why the others stay. Pure: history and traffic in, plan out.
package struct PrunePlan: Hashable, Sendable {
  /// Why a version stays.
  package enum Reason: Hashable, Sendable {
    /// It is among the newest.
    case newest
    /// The alias of this name sends it traffic.
    case alias(String)
    /// The record in the alias of this name needs it.
    case record(String)
    /// The record in the alias of this name remembers it as bad: without it, its package could be released again.
    case bad(String)
    /// It was published in the last 24 hours: a run may be about to give it traffic.
    case young
    /// It had traffic: through an alias in the last 24 hours, or by its number in the last 62 days but for its first,
    /// when it was tested.
    case traffic
    /// Nobody knows whether it had traffic.
    case unknownTraffic
    /// The record in the alias of this name cannot be read: it may need any version.
    case unreadable(String)
  }

  /// A version that stays.
  package struct Kept: Hashable, Sendable {
    /// The version.
    package let version: VersionEntry
    /// The first reason that holds.
    package let reason: Reason
  }

  /// The versions to delete, from the oldest to the newest.
  package let deletions: [VersionEntry]
  /// The others, from the oldest to the newest.
  package let kept: [Kept]
  /// Aliases that persons have set, and whose time is over: they keep no version, and go before those.
  package let endedAliases: [TemporaryAlias]

  /// How long a version must have been out of use: callers may still be sent to the version that an alias named before.
  static let rest = TimeSpan.minutes(24 * 60)

  /// - Parameters:
  ///   - keep: how many of the newest stay whatever else holds; at least 1.
  ///   - busy: the versions with traffic; nil where nobody knows.
  init(_ history: VersionHistory, keep: Int, busy: Set<String>?, now: Timestamp) {
    let newest = Set(history.versions.suffix(max(1, keep)).map(\.version))
    endedAliases = history.temporary.filter { $0.isOver(at: now) }
    let ended = Set(endedAliases.map(\.alias))
    var deletions: [VersionEntry] = []
    var kept: [Kept] = []
    for version in history.versions {
      let reason =
        newest.contains(version.version)
        ? .newest
        : Self.use(of: version, in: history, besides: ended) ?? Self.activity(version, busy: busy, now: now)
      if let reason { kept.append(Kept(version: version, reason: reason)) } else { deletions.append(version) }
    }
    self.deletions = deletions
    self.kept = kept
  }

  private static func use(
    of version: VersionEntry, in history: VersionHistory, besides ended: Set<String>
  ) -> Reason? {
    switch version.uses.first(where: { !ended.contains($0.alias) }) {
    case .serves(let alias, _): .alias(alias)
    case .recorded(let alias, _): .record(alias)
    case .bad(let alias): .bad(alias)
    case nil: history.unreadable.map(Reason.unreadable)
    }
  }

  private static func activity(_ version: VersionEntry, busy: Set<String>?, now: Timestamp) -> Reason? {
    // One whose age nobody knows may be young.
    guard let published = version.published, now - published >= rest else { return .young }
    guard let busy else { return .unknownTraffic }
    return busy.contains(version.version) ? .traffic : nil
  }
}
