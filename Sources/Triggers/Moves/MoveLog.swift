package import Core

/// Where a journal is kept.
package protocol MoveStore: Sendable {
  /// Replaces the file `name`, and returns once it is on the disk.
  func save(_ bytes: [UInt8], as name: String) throws(SystemError)
}

/// The journal of a run: nothing is written to AWS before it is on the disk that it may be.
package final class MoveLog: Sendable {
  private let store: any MoveStore
  private let state: Lock<MoveJournal>

  /// Keeps `journal` in `store` from now on. Nothing is saved yet.
  package init(_ journal: MoveJournal, in store: any MoveStore) {
    self.store = store
    state = Lock(journal)
  }

  /// The journal as it is now.
  package var journal: MoveJournal { state.withLock { $0 } }

  /// Takes down on the disk that a move may be written from now on.
  func begin(_ index: Int) throws(SystemError) {
    try change { journal in
      let last = journal.entries.compactMap(\.order).max() ?? 0
      if journal.entries[index].order == nil { journal.entries[index].order = last + 1 }
      journal.entries[index].state = .begun
      journal.entries[index].reason = nil
    }
  }

  /// Takes down what a move came to. It is on the disk with the next move, or at the end: until then the move counts as
  /// begun, which is looked at again.
  func end(_ index: Int, _ ending: MoveJournal.State, _ reason: String? = nil) {
    state.withLock { journal in
      journal.entries[index].state = ending
      journal.entries[index].reason = reason
    }
  }

  /// Takes down on the disk which way it goes from now on.
  package func open(_ course: MoveJournal.Course) throws(SystemError) {
    try change { journal in
      journal.course = course
      journal.isFinished = false
    }
  }

  /// Takes down on the disk what the run came to. Where an edge is half way, the next run goes on.
  package func close() throws(SystemError) {
    try change { $0.isFinished = $0.isWhole }
  }

  private func change(_ body: (inout MoveJournal) -> Void) throws(SystemError) {
    let result = state.withLock { journal -> Result<Void, SystemError> in
      body(&journal)
      do throws(SystemError) {
        return .success(try store.save(journal.bytes, as: journal.fileName))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }
}
