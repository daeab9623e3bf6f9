internal import Core

/// The groups of schedules beside the default one, with their tags.
final class ScheduleGroupStore: Sendable {
  private let file: StateFile
  private let groups: Lock<[String: JSON]>

  /// Loads what an earlier sandbox left in `file`.
  init(file: StateFile) throws(SandboxError) {
    self.file = file
    do throws(SystemError) {
      groups = Lock(Dictionary(try file.members().map { ($0.key, $0.value) }) { $1 })
    } catch {
      throw .state(error)
    }
  }

  func contains(_ name: String) -> Bool {
    name == ScheduleRequest.group || groups.withLock { $0[name] != nil }
  }

  /// The tags that a group was made with, as the API lists them; nil when there is no such group.
  func tags(_ name: String) -> JSON? {
    name == ScheduleRequest.group ? [] : groups.withLock { $0[name] }
  }

  /// - Throws: 409 when there is one of the name.
  func make(_ name: String, tags: JSON) throws(ServiceError) {
    let outcome = groups.withLock { groups -> Result<Void, ServiceError> in
      guard name != ScheduleRequest.group, groups[name] == nil else {
        return .failure(
          ServiceError(409, "ConflictException", "Schedule group \(name) already exists."))
      }
      var changed = groups
      changed[name] = tags
      do throws(SystemError) {
        try file.write(changed.map { ($0.key, $0.value) })
      } catch {
        return .failure(ServiceError(500, "InternalServerException", "The sandbox \(error)"))
      }
      groups = changed
      return .success(())
    }
    try outcome.get()
  }
}
