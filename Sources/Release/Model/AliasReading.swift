internal import AWSClient
internal import Core

/// What an alias says to a run that knows it, when it is read again. Pure: what is known and what was read in, meaning
/// out.
enum AliasReading: Hashable, Sendable {
  /// It is as this run last read or wrote it.
  case asKnown
  /// It is as it was before this run's last write, which AWS does not show everywhere yet.
  case stale
  /// A write of this run has arrived although its answer did not.
  case ours
  /// Its traffic goes where it went, and somebody has changed the Description, in which this text is theirs.
  case edited(userText: String)
  /// It is not this run's any more.
  case foreign(ForeignHand)

  /// - Parameters:
  ///   - snapshot: the alias as it was read; nil where there is none.
  ///   - known: what this run knows of it.
  ///   - release: the release that this run drives.
  ///   - sent: the Description that this run has just tried to write.
  init(
    _ snapshot: AliasSnapshot?, known: KnownAlias, release: ReleaseID, sent: String? = nil
  ) {
    guard let snapshot else {
      self = .foreign(.deleted)
      return
    }
    let seen = snapshot.alias
    if seen.description == sent || known.isOwn(seen.description) {
      self = snapshot.move.map { .foreign(.moved(to: $0.to)) } ?? .ours
    } else if seen == known.present || known.revisionID.map({ $0 == seen.revisionID }) ?? false {
      self = .asKnown
    } else if known.isPast(seen) {
      self = .stale
    } else {
      self = Self.changed(snapshot, known, release: release)
    }
  }

  private static func changed(
    _ seen: AliasSnapshot, _ known: KnownAlias, release: ReleaseID
  ) -> AliasReading {
    guard let record = seen.record, seen.alias.description != known.present.description else {
      // Nobody's record, or the one that this run knows: whoever changed it was no lamctl.
      guard seen.alias.routesLike(known.present) else { return .foreign(.moved(to: seen.alias.routingWords)) }
      if case .newer = seen.content { return .foreign(.otherRun(by: "a later lamctl")) }
      return .edited(userText: foreignText(seen.alias.description, known: known))
    }
    if seen.move != nil { return .foreign(.moved(to: seen.alias.routingWords)) }
    if record == known.snapshot.record {
      return .edited(userText: seen.content.userText)
    }
    let owner = seen.content.ownerWords
    if case .rolledBack(let reason) = record.state { return .foreign(.takenBack(reason, by: owner)) }
    return .foreign(
      record.release == release
        ? .otherRun(by: owner)
        : .otherRelease(by: owner, isOver: !record.state.isUnderWay))
  }

  /// What of a Description is not the record that `known` holds: text around it, or behind a record that was cut.
  private static func foreignText(_ text: String, known: KnownAlias) -> String {
    guard case .record(_, let own) = known.snapshot.content else { return text }
    let known = known.present.description
    guard text.hasPrefix(DescriptionLine.tag) else { return text }
    let body = own.isEmpty ? known : String(known.dropLast(DescriptionLine.separator.count + own.count))
    if text.hasPrefix(body) {
      let rest = text.dropFirst(body.count)
      return String(rest.drop { $0 == " " || $0 == ";" })
    }
    return text.firstRange(of: DescriptionLine.separator).map { String(text[$0.upperBound...]) } ?? own
  }
}

/// Whose an alias is that a run has driven, and what has become of it.
enum ForeignHand: Hashable, Sendable {
  /// Somebody sends its traffic elsewhere, as these words say.
  case moved(to: String)
  /// Somebody has deleted it.
  case deleted
  /// Somebody has taken the release back there.
  case takenBack(RecordReason, by: String)
  /// It is part of another release; `isOver` where no run drives that any more.
  case otherRelease(by: String, isOver: Bool)
  /// Another run drives this very release.
  case otherRun(by: String)

  /// Whether it has gone back, by whomever.
  var isTakenBack: Bool {
    guard case .takenBack = self else { return false }
    return true
  }

  /// What is told of it.
  ///
  /// - Parameter hasBegun: whether the run had given canaries their traffic by then.
  func error(function: String, alias: String, hasBegun: Bool) -> ReleaseError {
    switch self {
    case .moved(let words):
      .touched(function: function, alias: alias, what: "somebody has moved it by hand: it gives \(words)")
    case .deleted: .touched(function: function, alias: alias, what: "somebody has deleted it")
    case .takenBack(let reason, let owner) where reason != .superseded:
      .touched(function: function, alias: alias, what: owner)
    case .otherRelease(let owner, true) where !hasBegun:
      .overtaken(function: function, alias: alias, by: owner)
    case .takenBack(_, let owner), .otherRelease(let owner, _), .otherRun(let owner):
      hasBegun
        ? .takenOver(function: function, alias: alias, by: owner)
        : .owned(function: function, alias: alias, by: owner)
    }
  }
}
