package import Core

/// What an adoption is about to do and has done, so that it can be finished after a run that died, and taken back.
package struct MoveJournal: Hashable, Sendable {
  /// How far a move has come.
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Nothing of it was written.
    case planned
    /// It may have been written: this is on the disk before the first call.
    case begun
    /// Its after stands, by this adoption.
    case done
    /// Its after stood already: it is not this adoption's, and is never taken back.
    case present
    /// Neither its before nor its after stood, or a call failed; the reason says which.
    case left
    /// It was taken back.
    case undone

    /// Whether taking back has to look at it.
    package var mayStand: Bool { self == .begun || self == .done }
  }

  /// Which way an adoption goes.
  package enum Course: String, Hashable, Sendable, CaseIterable {
    /// Moves are carried out.
    case forward
    /// Moves are taken back.
    case back
  }

  /// One move and how far it has come.
  package struct Entry: Hashable, Sendable {
    /// The move.
    package let move: Move
    /// How far it has come.
    package var state = State.planned
    /// The place in the order in which moves were begun, from 1; nil for one that was not.
    package var order: Int?
    /// Why it was left; nil for one that was not.
    package var reason: String?

    /// A move that nothing was done for.
    package init(_ move: Move) { self.move = move }
  }

  /// The environment.
  package let environment: String
  /// Its alias.
  package let alias: String
  /// The account that it is in.
  package let account: String
  /// Its region.
  package let region: String
  /// By what the lease on the aliases is known, so that the run that goes on has it too.
  package let release: String
  /// When it was begun: AWS's time.
  package let started: Timestamp
  /// Which way it goes.
  package var course = Course.forward
  /// Whether the run has come to its end; where not, the next run goes on with it.
  package var isFinished = false
  /// The moves.
  package var entries: [Entry]

  /// A journal of moves for which nothing was done yet.
  package init(
    environment: String, alias: String, account: String, region: String, release: String,
    started: Timestamp, moves: [Move]
  ) {
    self.environment = environment
    self.alias = alias
    self.account = account
    self.region = region
    self.release = release
    self.started = Timestamp(seconds: started.seconds.rounded(.down))
    entries = moves.map { Entry($0) }
  }

  /// Whether no group of moves is half done: then every edge is as it was before, or as it is to be after.
  package var isWhole: Bool {
    struct Group: Hashable {
      let scope: EdgeScope
      let name: String
    }
    var open: Set<Group> = []
    var written: Set<Group> = []
    for entry in entries {
      let group = Group(scope: entry.move.scope, name: entry.move.group)
      if entry.state == .begun || ![.done, .present].contains(entry.state) { open.insert(group) }
      if entry.state.mayStand { written.insert(group) }
    }
    return open.isDisjoint(with: written)
  }

  /// `adopt-20261127T091500Z.json`.
  package var fileName: String { "adopt-\(started.basic).json" }

  /// Whether a file in `.lamctl` is called as journals are.
  package static func isName(_ name: String) -> Bool {
    guard name.hasPrefix("adopt-"), name.hasSuffix(".json") else { return false }
    let time = name.dropFirst("adopt-".count).dropLast(".json".count)
    return Timestamp(iso8601: time).map { $0.basic == time } ?? false
  }
}
