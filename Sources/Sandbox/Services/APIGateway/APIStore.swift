internal import Core

/// All HTTP APIs of the account, kept in memory and written to one file with every change.
final class APIStore: Sendable {
  private let file: StateFile
  private let apis: Lock<[String: APIRecord]>

  /// Loads what an earlier sandbox left in `file`; nothing there means no APIs.
  init(file: StateFile) throws(SandboxError) {
    self.file = file
    var loaded: [String: APIRecord] = [:]
    do throws(SystemError) {
      for (id, value) in try file.members() {
        guard let api = APIRecord(id, value) else { throw file.incomprehensible }
        loaded[id] = api
      }
    } catch {
      throw .state(error)
    }
    apis = Lock(loaded)
  }

  /// All APIs in the order of their making.
  func all() -> [APIRecord] {
    apis.withLock { $0 }.values.sorted { ($0.created.seconds, $0.id) < ($1.created.seconds, $1.id) }
  }

  func api(_ id: String) -> APIRecord? { apis.withLock { $0[id] } }

  /// Changes an API as one step, and writes it to disk before anybody is told.
  ///
  /// - Parameter body: gets nil when there is none of the id; what it leaves there is stored. It may throw to change
  ///   nothing.
  func change<Result>(
    _ id: String, _ body: (inout APIRecord?) throws(ServiceError) -> Result
  ) throws(ServiceError) -> Result {
    // The lock's own closure rethrows any error; the typed one goes through a Result.
    let outcome = apis.withLock { apis -> Swift.Result<Result, ServiceError> in
      var changed = apis
      let result: Result
      do throws(ServiceError) {
        result = try body(&changed[id])
      } catch {
        return .failure(error)
      }
      do throws(SystemError) {
        try file.write(changed.map { ($0.key, $0.value.json) })
      } catch {
        return .failure(ServiceError(500, "InternalServerException", "The sandbox \(error)"))
      }
      apis = changed
      return .success(result)
    }
    return try outcome.get()
  }
}
