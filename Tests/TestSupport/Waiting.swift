package import Core

/// Waits until `condition` holds, looking every few milliseconds of real time, for at most `limit`.
///
/// - Returns: whether it came to hold.
package func eventually(
  within limit: TimeSpan = .seconds(10), _ condition: () async throws -> Bool
) async rethrows -> Bool {
  let clock = SystemClock()
  let end = clock.now() + limit
  while clock.now() < end {
    if try await condition() { return true }
    try? await clock.sleep(for: .seconds(0.01))
  }
  return try await condition()
}
