internal import AWSClient
package import Core

/// What refers to a version.
package enum VersionUse: Hashable, Sendable {
  /// An alias gives it this share of its traffic, 0 to 1.
  case serves(alias: String, share: Double)
  /// The record in an alias names it: as the version that serves, the one on trial, or the good one before.
  case recorded(alias: String, as: RecordedRole)
  /// The record in an alias remembers it as bad.
  case bad(alias: String)

  /// The alias by which it is referred to.
  package var alias: String {
    switch self {
    case .serves(let alias, _), .recorded(let alias, _), .bad(let alias): alias
    }
  }

  /// What a version is to a record.
  package enum RecordedRole: String, Hashable, Sendable {
    /// The version that serves, or served before the bake.
    case stable
    /// The version on trial.
    case canary
    /// Where a rollback goes.
    case previous
    /// The version that lost its traffic for no fault of its own, or by somebody's hand.
    case takenBack = "taken back"
  }
}

/// A published version with what is known of it.
package struct VersionEntry: Hashable, Sendable {
  /// Its number.
  package let version: String
  /// When it was published.
  package let published: Timestamp?
  /// The size of its package in bytes; 0 where Lambda does not tell.
  package let codeSize: Int
  /// Where it comes from; nil where lamctl did not make it.
  package let provenance: VersionProvenance?
  /// What refers to it.
  package let uses: [VersionUse]
}

/// The published versions of one function.
package struct VersionHistory: Sendable {
  /// The function's names.
  package let name: FunctionName
  /// From the oldest to the newest.
  package let versions: [VersionEntry]
  /// The names of all its aliases.
  package let aliases: [String]
  /// Those of them that persons have set for a time.
  package let temporary: [TemporaryAlias]
  /// An alias whose record cannot be read, so that nobody knows which versions it needs.
  package let unreadable: String?
  /// The names of the layers that its versions have, `$LATEST` among them.
  let layerNames: Set<String>

  init(_ name: FunctionName, versions: [FunctionConfiguration], aliases: [AliasConfiguration]) {
    self.name = name
    layerNames = Set(versions.flatMap(\.layers).compactMap(LayerPruner.name))
    self.aliases = aliases.map(\.name).sorted()
    let snapshots = aliases.map { AliasSnapshot($0) }
    unreadable = snapshots.first { $0.content.unreadable != nil && $0.content.mark == nil }?.alias.name
    temporary = snapshots.compactMap(TemporaryAlias.init).sorted { $0.alias < $1.alias }
    let uses = snapshots.sorted { $0.alias.name < $1.alias.name }.map(Self.uses)
    self.versions = versions.filter { Int($0.version) != nil }.map { version in
      VersionEntry(
        version: version.version, published: version.lastModified, codeSize: version.codeSize ?? 0,
        provenance: VersionProvenance.decode(version.description).provenance,
        uses: uses.flatMap { $0[version.version] ?? [] })
    }
  }

  /// What one alias makes of versions, by their numbers.
  private static func uses(of snapshot: AliasSnapshot) -> [String: [VersionUse]] {
    let alias = snapshot.alias
    var uses: [String: [VersionUse]] = [:]
    for (version, share) in alias.shares {
      uses[version, default: []].append(.serves(alias: alias.name, share: share))
    }
    guard let record = snapshot.record else { return uses }
    // What somebody has taken all its traffic from by hand is on trial no more, whatever the record says.
    let isOnTrial = record.state.isUnderWay && snapshot.move?.awayFrom != record.canary
    let roles: [(String?, VersionUse.RecordedRole)] = [
      (record.stable, .stable), (record.canary, isOnTrial ? .canary : .takenBack),
      (record.previous, .previous),
    ]
    for (version, role) in roles {
      if let version { uses[version, default: []].append(.recorded(alias: alias.name, as: role)) }
    }
    for version in record.badVersions { uses[version, default: []].append(.bad(alias: alias.name)) }
    return uses
  }
}
