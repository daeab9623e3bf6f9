internal import Core

/// What a sandbox remembers.
struct SandboxStores: Sendable {
  let functions: FunctionStore
  let schedules: ScheduleStore
  let apis: APIStore
  let uploads: UploadStore
  let notifications: NotificationStore
  let scheduleGroups: ScheduleGroupStore
  let queues: QueueStore
  let rules: RuleStore
  let topics: TopicStore
  let layers: LayerStore
  let codes: CodeStore
  let objects: ObjectStore
  let logs = LogStore()
  let metrics = MetricStore()
  let metricFile: MetricFile
  let logFile: LogFile

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
    scheduleGroups = try ScheduleGroupStore(file: StateFile(folder: folder, name: "schedule-groups.json"))
    queues = try QueueStore(folder: try part("queues"))
    rules = try RuleStore(file: StateFile(folder: folder, name: "rules.json"))
    topics = try TopicStore(file: StateFile(folder: folder, name: "topics.json"))
    layers = try LayerStore(file: StateFile(folder: folder, name: "layers.json"))
    codes = CodeStore(state: try part("code"))
    objects = ObjectStore(state: try part("s3"))
    uploads = UploadStore(state: try part("uploads"))
    metricFile = MetricFile(file: StateFile(folder: folder, name: "metrics.ndjson"))
    logFile = LogFile(file: StateFile(folder: folder, name: "logs.ndjson"))
    let used =
      functions.all(at: now).flatMap { [$0.latest.code.hex] + $0.versions.map(\.code.hex) }
      + layers.all.flatMap { $0.versions.map(\.code.hex) }
    do throws(SystemError) {
      try codes.clean(keeping: Set(used))
      try metricFile.load(into: metrics, now: now)
      try logFile.load(into: logs)
    } catch {
      throw .state(error)
    }
  }
}
