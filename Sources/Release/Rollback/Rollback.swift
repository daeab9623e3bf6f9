public import AWSClient
internal import Core

/// Where a rollback is to go.
public enum RollbackDestination: Hashable, Sendable {
  /// A canary ends; else the recorded previous good version.
  case recorded
  /// A version of this number.
  case version(String)
  /// The newest version that was made of a commit with this beginning.
  case commit(String)
  /// The version that a release made.
  case release(ReleaseID)

  /// The version among `versions`, in ascending order, that is meant: the newest that is not in `bad`, which are known
  /// to be bad or on trial, else the newest; nil when there is none.
  func version(
    among versions: [(number: String, origin: VersionProvenance?)], bad: [String] = []
  ) -> String? {
    let meant = versions.filter { version in
      switch self {
      case .recorded: false
      case .version(let number): version.number == number
      case .commit(let beginning):
        version.origin?.commit.map { beginning.hasPrefix($0) || $0.hasPrefix(beginning) } ?? false
      case .release(let release): version.origin?.release == release
      }
    }
    return (meant.last { !bad.contains($0.number) } ?? meant.last)?.number
  }

  /// What it means for a function that it has no such version: it may have no part in a commit or a release, while a
  /// number was meant for it.
  var missing: RollbackStep {
    guard case .version(let number) = self else { return .notInRelease }
    return .noTarget(
      reason: "it has no version \(number)", fix: "name the function with --only, or another version")
  }
}

/// What a rollback does to one function.
public enum RollbackStep: Hashable, Sendable {
  /// A canary loses its traffic.
  case endCanary(canary: String, stable: String)
  /// The version before takes all traffic again.
  case goBack(from: String, to: String)
  /// Nothing: the version that is wanted serves; nil where no other was taken back for it.
  case alreadyBack(bad: String?, serving: String)
  /// Nothing: it belongs to another release.
  case notInRelease
  /// Nothing: there is no alias.
  case absent
  /// What served before this version is for CloudWatch to tell, and for a person to confirm.
  case unrecorded(serving: String)
  /// It cannot go back, and why.
  case noTarget(reason: String, fix: String)
}

/// Decides where each function goes back to. Pure: aliases in, steps out.
public enum RollbackPlan {
  /// What a rollback of the newest release among `aliases` does.
  ///
  /// A canary under way goes first; else the release that was begun last. Where that release was taken back already,
  /// nothing is done: rolling back twice is no way back to the bad version.
  ///
  /// - Parameters:
  ///   - aliases: the alias of each function by logical name; nil where there is none.
  ///   - chosen: the version of each function to go to instead of the recorded one; nil to go by the records.
  ///   - missing: what it means for a function that it is not in `chosen`.
  public static func steps(
    for aliases: [String: AliasConfiguration?], to chosen: [String: String]? = nil,
    missing: RollbackStep = .notInRelease
  ) -> [String: RollbackStep] {
    var records: [String: RolloutRecord] = [:]
    for (function, alias) in aliases {
      records[function] = alias.flatMap { RolloutRecord.decode($0.description).record }
    }
    let underWay = records.values.filter { [.canary, .bake, .commit].contains($0.state) || $0.state.isHold }
    let release = (underWay.isEmpty ? Array(records.values) : underWay).map(\.release).max()
    var steps: [String: RollbackStep] = [:]
    for (function, alias) in aliases {
      guard let alias else {
        steps[function] = .absent
        continue
      }
      if let chosen {
        steps[function] =
          chosen[function].map { explicit(alias, record: records[function], to: $0) } ?? missing
      } else if let record = records[function] {
        steps[function] =
          record.release == release ? step(for: record, serving: alias.functionVersion) : .notInRelease
      } else {
        // Where others have a release to go back from, this one is none of it.
        steps[function] = release == nil ? unrecorded(alias) : .notInRelease
      }
    }
    return steps
  }

  /// What ending `release` does: every function that has a record of it goes back, those with others are left alone.
  static func steps(
    ending release: ReleaseID, in aliases: [String: AliasConfiguration?]
  ) -> [String: RollbackStep] {
    aliases.mapValues { alias in
      guard let alias else { return .absent }
      guard let record = RolloutRecord.decode(alias.description).record, record.release == release else {
        return .notInRelease
      }
      return step(for: record, serving: alias.functionVersion)
    }
  }

  private static func unrecorded(_ alias: AliasConfiguration) -> RollbackStep {
    guard alias.others.isEmpty else {
      return .noTarget(
        reason: "the alias has weights that lamctl did not set (\(AliasConfiguration.words(alias.others)))",
        fix: "name the version that is to have everything with --to")
    }
    return .unrecorded(serving: alias.functionVersion)
  }

  private static func explicit(
    _ alias: AliasConfiguration, record: RolloutRecord?, to version: String
  ) -> RollbackStep {
    if record?.badVersions.contains(version) == true {
      return .noTarget(reason: "version \(version) is marked as bad", fix: "name another version with --to")
    }
    if record?.onTrial == version {
      return .noTarget(
        reason: "version \(version) is the one on trial",
        fix: "give it all traffic with lamctl promote, or name another version with --to")
    }
    if let canary = alias.weights.keys.first, alias.functionVersion == version {
      return .endCanary(canary: canary, stable: version)
    }
    guard alias.functionVersion != version else { return .alreadyBack(bad: nil, serving: version) }
    // Whoever goes further back than to the stable version does so because of the canary.
    return .goBack(from: record?.onTrial ?? alias.functionVersion, to: version)
  }

  private static func step(for record: RolloutRecord, serving: String) -> RollbackStep {
    switch record.state {
    case .canary, .hold:
      return .endCanary(canary: record.canary ?? "", stable: record.stable ?? serving)
    case .rolledBack:
      return .alreadyBack(bad: record.canary ?? record.bad, serving: serving)
    case .bake, .commit, .idle:
      guard let previous = record.previous, previous != serving else {
        return .noTarget(
          reason: "version \(serving) is the first that lamctl knows of here", fix: "name a version with --to"
        )
      }
      guard !record.badVersions.contains(previous) else {
        return .noTarget(
          reason: "version \(previous), which served before, is marked as bad",
          fix: "name another version with --to")
      }
      return .goBack(from: serving, to: previous)
    }
  }
}
