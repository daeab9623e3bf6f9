package import AWSClient

/// One reading of a function's alias: where its traffic goes, what its record says, and the revision that guards the
/// next write. What is decided by it is written by it: a write whose premises are older than its `RevisionId` could
/// undo what somebody else has done in between.
package struct AliasSnapshot: Hashable, Sendable {
  /// The alias as Lambda showed it, in one answer.
  package let alias: AliasConfiguration
  /// What its Description holds, decoded once.
  package let content: RecordContent

  /// Decodes what was read.
  package init(_ alias: AliasConfiguration) {
    self.alias = alias
    content = RolloutRecord.decode(alias.description)
  }

  /// The record; nil where there is none that can be read.
  package var record: RolloutRecord? { content.record }

  /// The version that gets what the weights leave over.
  package var version: String { alias.functionVersion }

  /// How its traffic differs from what its record says; nil where it does not, or where no record says anything.
  package var move: AliasMove? { record.flatMap { AliasMove(of: alias, since: $0) } }

  /// The weights beside the version that is to serve alone, of which its record tells nothing; nil where there are none.
  /// Lambda sets such too, while it moves provisioned concurrency: ``StrayWeights`` tells whose they are.
  package var strayWeights: AliasMove? {
    guard move == nil, let record, record.onTrial == nil, let routing = record.routing, !alias.others.isEmpty
    else { return nil }
    return AliasMove(
      release: record.release, recorded: routing.version,
      from: AliasConfiguration.words(routing.version, routing.weights), to: alias.routingWords, awayFrom: nil)
  }

  /// The versions that were taken back here: those that the record remembers as bad, and the one that somebody has moved
  /// the alias away from by hand.
  package var takenBack: [String] {
    guard let record else { return [] }
    return record.badVersions + [move?.awayFrom].compactMap { $0 }
  }
}

/// A move of an alias that lamctl did not make. AWS does not tell who made it.
package struct AliasMove: Hashable, Sendable {
  /// The release whose record the alias still bears.
  package let release: ReleaseID
  /// The version that the alias names by the record.
  package let recorded: String
  /// Where the record says that the traffic goes: `version 7, with version 8 at 10 %`.
  package let from: String
  /// Where it goes.
  package let to: String
  /// The version that was on trial, or served, by the record and has no traffic any more; nil where it has some.
  package let awayFrom: String?

  /// What has happened, in a sentence without its full stop.
  package var words: String {
    "the alias was moved since release \(release) wrote its record: from \(from) to \(to)"
  }

  /// How to take it back: a clause with a command.
  package func remedy(function: String) -> String {
    "lamctl rollback --only \(function) --to \(recorded) gives version \(recorded) all traffic"
  }

  fileprivate init(release: ReleaseID, recorded: String, from: String, to: String, awayFrom: String?) {
    self.release = release
    self.recorded = recorded
    self.from = from
    self.to = to
    self.awayFrom = awayFrom
  }

  /// - Returns: nil where `alias` sends its traffic where `record` says. A weight beside the version that serves for good
  ///   is no move: Lambda sets such while it moves provisioned concurrency.
  init?(of alias: AliasConfiguration, since record: RolloutRecord) {
    let routing = record.routing
    guard let routing, !routing.isFollowed(by: alias, whileTried: record.onTrial != nil) else { return nil }
    let newest = record.state.isUnderWay ? record.canary : record.stable
    self.init(
      release: record.release, recorded: routing.version,
      from: AliasConfiguration.words(routing.version, routing.weights), to: alias.routingWords,
      awayFrom: newest.flatMap { alias.shares[$0] == nil ? $0 : nil })
  }
}

extension Routing {
  /// Whether `alias` sends its traffic there.
  ///
  /// - Parameter isTried: whether two versions share it. Where one has everything, Lambda itself may leave a weight
  ///   on another while it moves provisioned concurrency.
  fileprivate func isFollowed(by alias: AliasConfiguration, whileTried isTried: Bool) -> Bool {
    guard alias.functionVersion == version else { return false }
    guard isTried else { return true }
    // Lambda gives back the fraction it was given; the record keeps thousandths of a percent.
    let keys = Set(alias.others.keys).union(weights.keys)
    return keys.allSatisfy { ((alias.others[$0] ?? 0) - (weights[$0] ?? 0)).magnitude < 0.0001 }
  }
}
