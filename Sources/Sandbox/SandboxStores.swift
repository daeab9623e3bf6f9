internal import Core

/// What a sandbox remembers.
struct SandboxStores: Sendable {
  /// Absolute path of the folder that all of it is in.
  let folder: String
  let functions: FunctionStore
  let schedules: ScheduleStore
  let codes: CodeStore
  let objects: ObjectStore
  let logs = LogStore()
  let metrics = MetricStore()
  let metricFile: MetricFile

  /// Reads what is in `folder`, and removes code that no version has any more.
  init(folder: String, now: Timestamp) throws(SandboxError) {
    self.folder = folder
    functions = try FunctionStore(folder: "\(folder)/functions")
    schedules = try ScheduleStore(path: "\(folder)/schedules.json")
    codes = CodeStore(folder: "\(folder)/code")
    objects = ObjectStore(folder: "\(folder)/s3")
    metricFile = MetricFile(path: "\(folder)/metrics.ndjson")
    let used = functions.all(at: now).flatMap { [$0.latest.code.hex] + $0.versions.map(\.code.hex) }
    do throws(SystemError) {
      try Files.createFolder(codes.folder)
      codes.clean(keeping: Set(used))
      try metricFile.load(into: metrics, now: now)
    } catch {
      throw .state(error)
    }
  }
}
