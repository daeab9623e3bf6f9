internal import Core

/// All functions of the account, kept in memory and written to disk with every change.
final class FunctionStore: Sendable {
  private struct State {
    var functions: [String: FunctionRecord] = [:]
  }

  /// The folder of the functions' files, one each.
  private let folder: StateFolder
  private let state: Lock<State>

  /// Loads what an earlier sandbox left in `folder`.
  init(folder: StateFolder) throws(SandboxError) {
    self.folder = folder
    var loaded = State()
    do throws(SystemError) {
      for name in try folder.names() where name.hasSuffix(".json") {
        let file = StateFile(folder: folder, name: name)
        guard let bytes = try file.read(), let json = try? JSON(parsing: bytes),
          let record = FunctionRecord(json), Self.fileName(record.name) == name
        else { throw file.incomprehensible }
        loaded.functions[record.name] = record
      }
    } catch {
      throw .state(error)
    }
    state = Lock(loaded)
  }

  /// All functions by name in byte order, settled at `now`.
  func all(at now: Timestamp) -> [FunctionRecord] {
    state.withLock { state in
      for name in state.functions.keys { state.functions[name]?.settle(at: now) }
      return state.functions.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
  }

  /// The function `name`, settled at `now`.
  func function(_ name: String, at now: Timestamp) -> FunctionRecord? {
    state.withLock { state in
      state.functions[name]?.settle(at: now)
      return state.functions[name]
    }
  }

  /// Changes the function `name` as one step, and writes it to disk before anybody is told.
  ///
  /// - Parameter body: gets the function settled at `now`, nil when there is none; what it leaves there is stored. It
  ///   may throw to change nothing.
  func change<Result>(
    _ name: String, at now: Timestamp, _ body: (inout FunctionRecord?) throws(ServiceError) -> Result
  ) throws(ServiceError) -> Result {
    // The lock's own closure rethrows any error; the typed one goes through a Result.
    let outcome = state.withLock { state -> Swift.Result<Result, ServiceError> in
      state.functions[name]?.settle(at: now)
      var record = state.functions[name]
      do throws(ServiceError) {
        let result = try body(&record)
        try save(record, name: name)
        state.functions[name] = record
        return .success(result)
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private static func fileName(_ function: String) -> String { "\(function).json" }

  private func save(_ record: FunctionRecord?, name: String) throws(ServiceError) {
    let file = Self.fileName(name)
    do throws(SystemError) {
      guard let record else { return try folder.remove(file) }
      try folder.write(Array(record.json.text().utf8), to: file)
    } catch {
      throw ServiceError(500, "ServiceException", "The sandbox \(error)")
    }
  }
}
