internal import AWSClient
internal import Core

/// Decides where each function goes back to. Pure: aliases in, steps out.
package enum RollbackPlan {
  /// What a rollback of the newest release among `aliases` does.
  ///
  /// A canary under way goes first; else the release that was begun last. Where that release was taken back already,
  /// nothing is done: rolling back twice is no way back to the bad version.
  ///
  /// - Parameters:
  ///   - aliases: the alias of each function by logical name; nil where there is none.
  ///   - chosen: the version of each function to go to instead of the recorded one; nil to go by the records.
  ///   - missing: what it means for a function that it is not in `chosen`.
  package static func steps(
    for aliases: [String: AliasSnapshot?], to chosen: [String: String]? = nil,
    missing: RollbackStep = .notInRelease
  ) -> [String: RollbackStep] {
    var records: [String: RolloutRecord] = [:]
    for (function, alias) in aliases { records[function] = alias?.record }
    let underWay = records.values.filter(\.state.isUnderWay)
    let release = (underWay.isEmpty ? Array(records.values) : underWay).map(\.release).max()
    var steps: [String: RollbackStep] = [:]
    for (function, alias) in aliases {
      guard let alias else {
        steps[function] = .absent
        continue
      }
      if let chosen {
        steps[function] =
          chosen[function].map { explicit(alias, of: function, to: $0) } ?? missing
      } else if let record = records[function] {
        steps[function] =
          record.release == release ? step(for: record, alias, of: function) : .notInRelease
      } else {
        // Where others have a release to go back from, this one is none of it.
        steps[function] = release == nil ? unrecorded(alias) : .notInRelease
      }
    }
    return steps
  }

  /// What ending `release` does: every function that has a record of it goes back, those with others are left alone.
  static func steps(
    ending release: ReleaseID, in aliases: [String: AliasSnapshot?]
  ) -> [String: RollbackStep] {
    var steps: [String: RollbackStep] = [:]
    for (function, alias) in aliases {
      let record = alias?.record
      if let alias, let record, record.release == release {
        steps[function] = step(for: record, alias, of: function)
      } else {
        steps[function] = alias == nil ? .absent : .notInRelease
      }
    }
    return steps
  }

  private static func unrecorded(_ snapshot: AliasSnapshot) -> RollbackStep {
    let alias = snapshot.alias
    guard alias.others.isEmpty else {
      return .noTarget(
        reason: "the alias has weights that lamctl did not set (\(AliasConfiguration.words(alias.others)))",
        fix: "name the version that is to have everything with --to")
    }
    return .unrecorded(serving: alias.functionVersion)
  }

  /// What to do about a version that was taken back once: all its traffic at once it gets from nobody.
  private static func insistence(on version: String, of function: String) -> String {
    "name another version: lamctl rollback --only \(function) --to VERSION; to serve \(version) all the same, check its "
      + "commit out and run lamctl deploy --only \(function) --retry"
  }

  private static func explicit(
    _ snapshot: AliasSnapshot, of function: String, to version: String
  ) -> RollbackStep {
    let (alias, record) = (snapshot.alias, snapshot.record)
    if record?.badVersions.contains(version) == true, alias.functionVersion != version {
      return .noTarget(
        reason: "version \(version) is marked as bad", fix: insistence(on: version, of: function))
    }
    if record?.onTrial == version {
      return .noTarget(
        reason: "version \(version) is the one on trial",
        fix: "give it all traffic with lamctl promote, or name another version with --to")
    }
    if let other = alias.others.keys.first, alias.functionVersion == version {
      // What no rollout has given its weight is not on trial here.
      return record?.onTrial.map { .endCanary(canary: $0, stable: version) }
        ?? .clear(version: other, serving: version)
    }
    guard alias.functionVersion != version else { return .alreadyBack(bad: nil, serving: version) }
    if let move = snapshot.move, move.recorded == version, record?.onTrial == nil {
      // What somebody has put there by hand is undone, and not found bad.
      return .clear(version: alias.functionVersion, serving: version)
    }
    // Whoever goes further back than to the stable version does so because of the canary.
    return .goBack(from: record?.onTrial ?? alias.functionVersion, to: version)
  }

  /// A record is obeyed only where it fits what serves: what somebody has moved by hand is left as it stands.
  private static func step(
    for record: RolloutRecord, _ snapshot: AliasSnapshot, of function: String
  ) -> RollbackStep {
    let serving = snapshot.version
    if let move = snapshot.move {
      guard record.state.isUnderWay else { return unrecorded(snapshot) }
      if serving == record.stable, snapshot.alias.others.isEmpty {
        return .alreadyBack(bad: record.canary, serving: serving)
      }
      return .noTarget(
        reason: "\(move.words); it is left as it stands",
        fix: "name a version: \(move.remedy(function: function))")
    }
    switch record.state {
    case .canary, .hold:
      return .endCanary(canary: record.canary ?? "", stable: record.stable ?? serving)
    case .rolledBack:
      return .alreadyBack(bad: record.canary ?? record.bad, serving: serving)
    case .bake, .commit, .idle, .triggers:
      guard let previous = record.previous, previous != serving else {
        return .noTarget(
          reason: "version \(serving) is the first that lamctl knows of here", fix: "name a version with --to"
        )
      }
      guard !record.badVersions.contains(previous) else {
        return .noTarget(
          reason: "version \(previous), which served before, is marked as bad",
          fix: insistence(on: previous, of: function))
      }
      return .goBack(from: serving, to: previous)
    }
  }
}
