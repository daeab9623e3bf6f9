/// The same work for many items at once.
package enum Concurrent {
  /// Calls `body` for every item, at most `limit` at a time, and returns the results in the items' order.
  ///
  /// A failure ends nothing early: every item is worked on and waited for, also when another failed or the task
  /// is cancelled, so that what a caller reads or writes for many does not depend on which of them was first.
  /// A caller that needs each item's own failure returns it from `body` as a value.
  ///
  /// - Throws: The failure of the first item, in the items' order, that has one.
  package static func map<Item: Sendable, Output: Sendable, Failure: Error>(
    _ items: [Item], limit: Int, _ body: @escaping @Sendable (Item) async throws(Failure) -> Output
  ) async throws(Failure) -> [Output] {
    let results = await withTaskGroup(of: (Int, Result<Output, Failure>).self) { group in
      var results = [Result<Output, Failure>?](repeating: nil, count: items.count)
      var next = 0
      while next < min(max(1, limit), items.count) {
        let index = next
        group.addTask { (index, await outcome(of: items[index], body)) }
        next += 1
      }
      for await (index, result) in group {
        results[index] = result
        guard next < items.count else { continue }
        let following = next
        group.addTask { (following, await outcome(of: items[following], body)) }
        next += 1
      }
      return results.compactMap { $0 }
    }
    var outputs: [Output] = []
    outputs.reserveCapacity(results.count)
    for result in results { outputs.append(try result.get()) }
    return outputs
  }

  private static func outcome<Item, Output, Failure: Error>(
    of item: Item, _ body: @Sendable (Item) async throws(Failure) -> Output
  ) async -> Result<Output, Failure> {
    do throws(Failure) { return .success(try await body(item)) } catch { return .failure(error) }
  }
}
