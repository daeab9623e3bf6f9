extension Interruption {
  /// Does work that the first signal cancels, so that it can still tell how far it came.
  func cancelling<Success: Sendable>(
    _ work: @escaping @Sendable () async throws -> Success
  ) async throws -> Success {
    let task = Task { try await work() }
    let signals = signals()
    let listener = Task {
      for await _ in signals { task.cancel() }
    }
    defer { listener.cancel() }
    return try await task.value
  }
}
