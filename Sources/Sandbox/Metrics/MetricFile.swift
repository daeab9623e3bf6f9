internal import Core

/// Metrics on disk: a line a minute and series, appended as minutes change; the last line of a minute counts.
struct MetricFile: Sendable {
  let file: StateFile

  /// Reads what an earlier sandbox wrote, forgets what is too old, and writes the rest anew.
  func load(into store: MetricStore, now: Timestamp) throws(SystemError) {
    guard let bytes = try file.read() else { return }
    let oldest = Int(now.seconds / 60) - MetricStore.kept
    store.state.withLock { state in
      // A last line that a crash cut off is no JSON and is passed over.
      for line in bytes.split(separator: UInt8(ascii: "\n")) {
        guard let json = try? JSON(parsing: Array(line)), let entry = Self.entry(json), entry.minute > oldest
        else {
          continue
        }
        state.cells[entry.series, default: [:]][entry.minute] = entry.cell
        state.newest = max(state.newest, entry.minute)
      }
    }
    try compact(store)
  }

  /// Writes everything anew.
  private func compact(_ store: MetricStore) throws(SystemError) {
    let text = store.state.withLock { state in
      state.cells.flatMap { series, cells in
        cells.sorted { $0.key < $1.key }.map { Self.line(series, minute: $0.key, $0.value) }
      }.joined()
    }
    try file.write(text)
  }

  /// Appends every minute that has changed since the last call.
  func flush(_ store: MetricStore) throws(SystemError) {
    let text = store.state.withLock { state in
      defer { state.dirty = [:] }
      return state.dirty.flatMap { series, minutes in
        minutes.compactMap { minute in
          state.cells[series]?[minute].map { Self.line(series, minute: minute, $0) }
        }
      }.joined()
    }
    guard !text.isEmpty else { return }
    try file.folder.append(Array(text.utf8), to: file.name)
  }

  private static func line(_ series: CounterSeries, minute: Int, _ cell: MetricCell) -> String {
    var object = JSONObject([
      ("minute", .int(minute)), ("function", .string(series.function)),
      ("resource", .string(series.resource)),
    ])
    object["version"] = series.version.map(JSON.string)
    object["counts"] = [
      .int(cell.invocations), .int(cell.errors), .int(cell.throttles), .int(cell.concurrency),
      .int(cell.accountConcurrency),
    ]
    let durations = cell.durations
    if !durations.buckets.isEmpty {
      object["duration"] = [.double(durations.sum), .double(durations.minimum), .double(durations.maximum)]
      object["buckets"] = .array(
        durations.buckets.sorted { $0.key < $1.key }.flatMap { [.int($0.key), .int($0.value)] })
    }
    return JSON.object(object).text() + "\n"
  }

  /// What minutes and counts may be: sums of very many of them do not overflow.
  private static let plausible = 0...1 << 40

  private static func entry(_ json: JSON) -> (series: CounterSeries, minute: Int, cell: MetricCell)? {
    guard let minute = json["minute"]?.int, let function = json["function"]?.string,
      let resource = json["resource"]?.string, let counts = json["counts"]?.array?.compactMap(\.int),
      counts.count == 5, plausible.contains(minute), counts.allSatisfy(plausible.contains)
    else { return nil }
    var cell = MetricCell(
      invocations: counts[0], errors: counts[1], throttles: counts[2], concurrency: counts[3],
      accountConcurrency: counts[4])
    if let figures = json["duration"]?.array?.compactMap(\.double), figures.count == 3,
      let pairs = json["buckets"]?.array?.compactMap(\.int), pairs.count.isMultiple(of: 2),
      pairs.allSatisfy({ plausible.contains(abs($0)) })
    {
      var buckets: [Int: Int] = [:]
      for index in stride(from: 0, to: pairs.count, by: 2) { buckets[pairs[index]] = pairs[index + 1] }
      cell.durations = DurationHistogram(
        buckets: buckets, sum: figures[0], minimum: figures[1], maximum: figures[2])
    }
    return (
      CounterSeries(function: function, resource: resource, version: json["version"]?.string), minute, cell
    )
  }
}
