internal import Core

/// What buckets tell others, kept in memory and written to one file with every change.
final class NotificationStore: Sendable {
  private let file: StateFile
  private let buckets: Lock<[String: NotificationConfiguration]>

  /// Loads what an earlier sandbox left in `file`; nothing there means that no bucket tells anything.
  init(file: StateFile) throws(SandboxError) {
    self.file = file
    var loaded: [String: NotificationConfiguration] = [:]
    do throws(SystemError) {
      for (bucket, value) in try file.members() {
        guard let text = value.string,
          let read = try? NotificationConfiguration(parsing: Array(text.utf8), newID: Identifier.uuid)
        else { throw file.incomprehensible }
        loaded[bucket] = read
      }
    } catch {
      throw .state(error)
    }
    buckets = Lock(loaded)
  }

  subscript(bucket: String) -> NotificationConfiguration {
    buckets.withLock { $0[bucket] } ?? NotificationConfiguration()
  }

  /// Replaces what a bucket tells, and writes it to disk before anybody is told.
  func put(_ configuration: NotificationConfiguration, for bucket: String) throws(SystemError) {
    let outcome = buckets.withLock { buckets -> Result<Void, SystemError> in
      var changed = buckets
      changed[bucket] = configuration
      do throws(SystemError) {
        try file.write(changed.map { ($0.key, .string($0.value.xml)) })
        buckets = changed
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
  }
}
