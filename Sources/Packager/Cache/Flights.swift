internal import Core

/// Trees that this process has, or that a task of it is making: whoever asks for one that another task is at waits for
/// that one.
final class Flights: Sendable {
  typealias Flight = Task<Result<CachedTree, PackagerError>, Never>

  private let known = Lock<[Digest: Flight]>([:])

  /// The tree of `key`, found or made once. What has failed is tried anew by the next that asks.
  func tree(
    for key: Digest, _ body: @escaping @Sendable () async throws(PackagerError) -> CachedTree
  ) async throws(PackagerError) -> CachedTree {
    let (flight, isFirst) = known.withLock { known -> (Flight, Bool) in
      if let flight = known[key] { return (flight, false) }
      let flight = Flight {
        do throws(PackagerError) { return .success(try await body()) } catch { return .failure(error) }
      }
      known[key] = flight
      return (flight, true)
    }
    let result = await withTaskCancellationHandler {
      await flight.value
    } onCancel: {
      flight.cancel()
    }
    if case .failure = result { known.withLock { if $0[key] == flight { $0[key] = nil } } }
    var tree = try result.get()
    if !isFirst { tree.isMade = false }
    return tree
  }
}

/// A finished tree in the cache.
struct CachedTree: Sendable {
  /// Absolute path.
  let path: String
  /// Whether it was made just now, for the one who asks.
  var isMade: Bool
}
