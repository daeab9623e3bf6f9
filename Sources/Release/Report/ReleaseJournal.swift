internal import Core

/// Takes down what happens in a run and tells it on. The report of the run is what its events come to, so that nothing
/// is reported that was not told, and every failure belongs to the function that it was told of.
final class ReleaseJournal: Sendable {
  private let state: Lock<ReleaseReport>
  private let listener: @Sendable (ReleaseEvent) -> Void

  /// - Parameters:
  ///   - report: what is known before anything has happened.
  ///   - listener: told of every event, in order for one function.
  init(_ report: ReleaseReport, listener: @escaping @Sendable (ReleaseEvent) -> Void) {
    state = Lock(report)
    self.listener = listener
  }

  /// This has happened.
  func tell(_ event: ReleaseEvent) {
    state.withLock { $0.take(event) }
    listener(event)
  }

  /// What has happened so far.
  var report: ReleaseReport { state.withLock { $0 } }

  /// A function that the report did not know of before.
  func add(_ function: FunctionReport) {
    state.withLock { report in
      guard !report.functions.contains(where: { $0.function == function.function }) else { return }
      report.functions.append(function)
      report.functions.sort { $0.function.utf8.lexicographicallyPrecedes($1.function.utf8) }
    }
  }

  /// What follows a promotion has been done for these functions.
  func markTidied(_ functions: Set<String>) {
    state.withLock { report in
      for index in report.functions.indices where functions.contains(report.functions[index].function) {
        report.functions[index].isTidied = true
      }
    }
  }
}
