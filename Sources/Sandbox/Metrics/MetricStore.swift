internal import Core

/// What invocations leave behind, by minute of virtual time: the minute in which each one started.
final class MetricStore: Sendable {
  /// Minutes that counts are kept for: 15 days.
  static let kept = 15 * 1_440
  /// Minutes that durations are kept for.
  static let keptDurations = 2 * 1_440

  struct State {
    /// By series, then by minutes since the epoch.
    var cells: [CounterSeries: [Int: MetricCell]] = [:]
    /// What has changed since it was last written to disk.
    var dirty: [CounterSeries: Set<Int>] = [:]
    /// Published by callers: by namespace, name and dimensions.
    var custom: [CustomMetric: [Int: Sample]] = [:]
    var newest = 0
  }

  let state = Lock(State())

  func record(
    _ series: CounterSeries, at start: Timestamp, isError: Bool, duration: Double, concurrency: Int,
    accountConcurrency: Int
  ) {
    change(series, at: start) { cell in
      cell.invocations += 1
      if isError { cell.errors += 1 }
      cell.concurrency = max(cell.concurrency, concurrency)
      cell.accountConcurrency = max(cell.accountConcurrency, accountConcurrency)
      cell.durations.add(duration)
    }
  }

  func throttle(_ series: CounterSeries, at start: Timestamp) {
    change(series, at: start) { $0.throttles += 1 }
  }

  private func change(_ series: CounterSeries, at start: Timestamp, _ body: (inout MetricCell) -> Void) {
    let minute = Int(start.seconds / 60)
    state.withLock { state in
      body(&state.cells[series, default: [:]][minute, default: MetricCell()])
      state.dirty[series, default: []].insert(minute)
      if minute > state.newest {
        state.newest = minute
        Self.forgetOld(&state)
      }
    }
  }

  /// Removes what is too old; one minute a call, because it is called with each new minute, and everything on loading.
  private static func forgetOld(_ state: inout State) {
    for series in Array(state.cells.keys) {
      state.cells[series]?[state.newest - kept] = nil
      let old = state.newest - keptDurations
      if state.cells[series]?[old] != nil { state.cells[series]?[old]?.durations = DurationHistogram() }
    }
  }

  /// The cells of the minutes in `range`, of every series that `isMeant`, added up by minute.
  func cells(in range: Range<Int>, _ isMeant: (CounterSeries) -> Bool) -> [Int: MetricCell] {
    state.withLock { state in
      var sums: [Int: MetricCell] = [:]
      for (series, cells) in state.cells where isMeant(series) {
        if range.count < cells.count {
          for minute in range {
            if let cell = cells[minute] { sums[minute, default: MetricCell()].add(cell) }
          }
        } else {
          for (minute, cell) in cells where range.contains(minute) {
            sums[minute, default: MetricCell()].add(cell)
          }
        }
      }
      return sums
    }
  }

  /// All series there are.
  var series: [CounterSeries] { state.withLock { Array($0.cells.keys) } }
}

/// A metric of a caller's own namespace.
struct CustomMetric: Hashable, Sendable {
  let namespace: String
  let name: String
  /// Name and value, sorted.
  let dimensions: [String: String]
}
