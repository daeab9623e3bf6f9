internal import Core

/// What a sandbox remembers.
struct SandboxStores: Sendable {
  let functions: FunctionStore
  let schedules: ScheduleStore
  let apis: APIStore
  let notifications: NotificationStore
  let codes: CodeStore
  let objects: ObjectStore
  let logs = LogStore()
  let metrics = MetricStore()
  let metricFile: MetricFile

  /// Reads what is in `folder`, and removes code that no version has any more.
  init(folder: StateFolder, now: Timestamp) throws(SandboxError) {
    let part = { (name: String) throws(SandboxError) -> StateFolder in
      do throws(SystemError) {
        return try folder.folder(name)
      } catch {
        throw .state(error)
      }
    }
    functions = try FunctionStore(folder: try part("functions"))
    schedules = try ScheduleStore(file: StateFile(folder: folder, name: "schedules.json"))
    apis = try APIStore(file: StateFile(folder: folder, name: "apis.json"))
    notifications = try NotificationStore(file: StateFile(folder: folder, name: "notifications.json"))
    codes = CodeStore(state: try part("code"))
    objects = ObjectStore(state: try part("s3"))
    metricFile = MetricFile(file: StateFile(folder: folder, name: "metrics.ndjson"))
    let used = functions.all(at: now).flatMap { [$0.latest.code.hex] + $0.versions.map(\.code.hex) }
    do throws(SystemError) {
      try codes.clean(keeping: Set(used))
      try metricFile.load(into: metrics, now: now)
    } catch {
      throw .state(error)
    }
  }
}
