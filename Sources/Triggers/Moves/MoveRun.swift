internal import AWSClient
internal import Core

/// Carries out the moves of a journal, or takes them back.
///
/// Before each write it looks whether the before stands. What stands neither as before nor as after was changed by
/// somebody else, and is left alone.
package struct MoveRun: Sendable {
  private let services: EdgeServices
  private let log: MoveLog
  private let parallel: Int
  private let mayWrite: @Sendable (EdgeScope) async throws(EdgeError) -> Void
  private let told = Lock<[String]>([])

  /// How long a new permission gets before somebody is to use it.
  private static let spreading = TimeSpan.seconds(10)

  /// A run over `log`.
  ///
  /// - Parameters:
  ///   - parallel: how many functions are worked on at once.
  ///   - mayWrite: is asked before each move is carried out; ends the work on a function by throwing.
  package init(
    _ services: EdgeServices, log: MoveLog, parallel: Int,
    mayWrite: @escaping @Sendable (EdgeScope) async throws(EdgeError) -> Void
  ) {
    self.services = services
    self.log = log
    self.parallel = parallel
    self.mayWrite = mayWrite
  }

  /// What is to be told of what was written.
  package var notes: [String] { told.withLock { $0 } }

  /// Carries out what is left of the moves: for each function what is copied, then what is moved; those of buckets one
  /// after the other, as two functions can have entries in one bucket.
  ///
  /// - Returns: by logical name, why the work on a function has ended early; empty where all is done.
  package func carryOut() async -> [String: EdgeError] {
    var failures = await each { move in
      move.isCopy
    } failed: { _ in
      nil
    }
    let wereCopied = log.journal.entries.contains { $0.move.isCopy && $0.state == .done }
    if wereCopied, log.journal.entries.contains(where: { !$0.move.isCopy && $0.state == .planned }) {
      try? await services.clock.sleep(for: Self.spreading)
    }
    let first = failures
    failures.merge(
      await each { move in
        !move.isCopy && move.kind != .s3 && move.kind != .eventSource && move.kind != .mark
      } failed: {
        first[$0]
      }
    ) { $1 }
    for function in functions {
      let earlier = failures
      failures.merge(
        await each(only: function) {
          $0.kind == .s3
        } failed: {
          earlier[$0]
        }
      ) { $1 }
    }
    let second = failures
    failures.merge(
      await each {
        $0.kind == .eventSource || $0.kind == .mark
      } failed: {
        second[$0]
      }
    ) { $1 }
    return failures
  }

  private var functions: [String] {
    var seen: Set<String> = []
    return log.journal.entries.map(\.move.scope.function).filter { seen.insert($0).inserted }
  }

  private func each(
    only function: String? = nil, _ isConcerned: @escaping @Sendable (Move) -> Bool,
    failed: (String) -> EdgeError?
  ) async -> [String: EdgeError] {
    let names = functions.filter { (function == nil || $0 == function) && failed($0) == nil }
    let results = await Concurrent.map(names, limit: parallel) { name -> (String, EdgeError?) in
      for (index, entry) in log.journal.entries.enumerated()
      where entry.move.scope.function == name && isConcerned(entry.move) {
        do throws(EdgeError) {
          try await carryOut(index, entry)
        } catch {
          // Also after a signal, which has cancelled this task.
          await Task { await takeBackGroup(of: index) }.value
          return (name, error)
        }
      }
      return (name, nil)
    }
    return Dictionary(results.compactMap { name, error in error.map { (name, $0) } }) { $1 }
  }

  private func carryOut(_ index: Int, _ entry: MoveJournal.Entry) async throws(EdgeError) {
    guard ![.done, .present, .undone].contains(entry.state) else { return }
    let (move, writer) = (entry.move, EdgeWriter(services: services, scope: entry.move.scope))
    do throws(EdgeError) {
      let present = try await move.kind.edges.state(of: move, writer)
      if Likeness.same(present, move.after) {
        // Begun by a run that died, it is this adoption's; else somebody else's.
        log.end(index, entry.state == .begun ? .done : .present)
        return
      }
      guard Likeness.same(present, move.before) else { throw Self.changed(move) }
      try await mayWrite(move.scope)
      try await write(move.after, over: present, move, index, writer)
      log.end(index, .done)
    } catch {
      log.end(index, await ending(of: index, move, writer), error.reason)
      throw error
    }
  }

  /// What a move that has failed came to: one of which nobody can tell whether it was written counts as begun.
  private func ending(of index: Int, _ move: Move, _ writer: EdgeWriter) async -> MoveJournal.State {
    guard log.journal.entries[index].state == .begun else { return .left }
    guard let now = try? await move.kind.edges.state(of: move, writer) else { return .begun }
    return Likeness.same(now, move.after) ? .begun : .left
  }

  private func write(
    _ state: JSON, over present: JSON, _ move: Move, _ index: Int, _ writer: EdgeWriter
  ) async throws(EdgeError) {
    do throws(SystemError) { try log.begin(index) } catch {
      throw EdgeError(move.scope, nil, "the journal cannot be written, so that nothing else is: \(error)")
    }
    do throws(EdgeError) {
      let notes = try await move.kind.edges.put(state, over: present, for: move, writer)
      told.withLock { $0 += notes }
    } catch {
      // An answer that was lost may have been a good one.
      guard let now = try? await move.kind.edges.state(of: move, writer), Likeness.same(now, state) else {
        throw error
      }
    }
  }

  /// A group that is not done whole is taken back: a stream must not stay stopped.
  private func takeBackGroup(of index: Int) async {
    let entries = log.journal.entries
    let group = entries.indices.filter {
      entries[$0].move.scope == entries[index].move.scope
        && entries[$0].move.group == entries[index].move.group
    }
    guard group.count > 1 else { return }
    for member in group.reversed() where entries[member].state.mayStand {
      guard await takeBack(member) == nil else { return }
      // It may be tried again by the next run.
      log.end(member, .planned)
    }
  }

  /// Takes back what was begun, last first, where the after stands.
  ///
  /// A permission of the alias stays while something of its function could not be taken back, as that still needs it.
  ///
  /// - Returns: what was left alone, a sentence each.
  package func takeBack() async -> [EdgeError] {
    let entries = log.journal.entries
    let order = entries.indices.filter { entries[$0].state.mayStand }
      .sorted { (entries[$0].order ?? 0) > (entries[$1].order ?? 0) }
    var left: [EdgeError] = []
    var stuck: Set<String> = []
    var stuckGroups: Set<[String]> = []
    for index in order {
      let move = entries[index].move
      // What belongs together stays together: the alias keeps its subscription where the bare function gets none.
      guard !stuckGroups.contains([move.scope.function, move.group]) else { continue }
      if move.isCopy, stuck.contains(move.scope.function) {
        left.append(
          EdgeError(
            move.scope, nil, "\(move.title) stays, as something of the function could not be taken back"))
        continue
      }
      if let error = await takeBack(index) {
        left.append(error)
        stuck.insert(move.scope.function)
        stuckGroups.insert([move.scope.function, move.group])
      }
    }
    return left
  }

  private func takeBack(_ index: Int) async -> EdgeError? {
    let move = log.journal.entries[index].move
    let writer = EdgeWriter(services: services, scope: move.scope)
    do throws(EdgeError) {
      let present = try await move.kind.edges.state(of: move, writer)
      if !Likeness.same(present, move.before) {
        guard Likeness.same(present, move.after) else { throw Self.changed(move) }
        try await move.checkBareCallable(writer)
        try await write(move.before, over: present, move, index, writer)
      }
      log.end(index, .undone)
      return nil
    } catch {
      log.end(index, log.journal.entries[index].state, error.reason)
      return error
    }
  }

  private static func changed(_ move: Move) -> EdgeError {
    EdgeError(
      move.scope, nil, "\(move.title): somebody else has changed it meanwhile, and it is left alone",
      fix: "look at it, and run the same command again where it is to be moved")
  }
}
