internal import Core
internal import Packager
internal import Triggers

/// The journals of adoptions in `.lamctl` of a repository.
struct JournalFolder: MoveStore {
  private let folder: String

  init(_ workspace: Workspace) { folder = "\(workspace.root)/\(StateFolder.name)" }

  /// Where a journal is, for people.
  func path(of journal: MoveJournal) -> String { "\(StateFolder.name)/\(journal.fileName)" }

  func save(_ bytes: [UInt8], as name: String) throws(SystemError) {
    let folder = try StateFolder.make(folder)
    try folder.write(bytes, to: name)
    try folder.settle()
  }

  /// Those that a run has left open, the oldest first.
  ///
  /// - Throws: ``Failure`` where one cannot be read: what it has begun would be forgotten.
  func open() throws -> [MoveJournal] { try all().filter { !$0.isFinished } }

  /// The oldest of the journals that were begun after `journal` and have moves of the same functions which may stand;
  /// nil where there is none.
  ///
  /// - Throws: ``Failure`` where one cannot be read.
  func successor(of journal: MoveJournal) throws -> MoveJournal? {
    let functions = Set(journal.entries.map(\.move.scope))
    return try all().first { other in
      other.started > journal.started
        && other.entries.contains { $0.state.mayStand && functions.contains($0.move.scope) }
    }
  }

  private func all() throws -> [MoveJournal] {
    guard let folder = try StateFolder.existing(folder) else { return [] }
    return try folder.names().filter(MoveJournal.isName).sorted().compactMap { name in
      guard let bytes = try folder.read(name, limit: MoveJournal.limit) else { return nil }
      return try Self.read(bytes, called: "\(StateFolder.name)/\(name)")
    }
  }

  /// Reads a journal.
  ///
  /// - Throws: ``Failure`` where it is none.
  static func read(_ bytes: [UInt8], called name: String) throws -> MoveJournal {
    do throws(MoveJournalFault) {
      return try MoveJournal(parsing: bytes)
    } catch {
      throw Failure(
        .config, "\(name) cannot be read: \(error)",
        fix: "name a file that an adoption has written; one that is broken move out of the way")
    }
  }
}
