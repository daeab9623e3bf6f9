/// The same work for many items at once.
public enum Concurrent {
  /// Calls `body` for every item, at most `limit` at a time, and returns the results in the items' order.
  ///
  /// Every item that was begun is waited for, also when the task is cancelled.
  public static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], limit: Int, _ body: @escaping @Sendable (Item) async -> Result
  ) async -> [Result] {
    await withTaskGroup(of: (Int, Result).self) { group in
      var results = [Result?](repeating: nil, count: items.count)
      var next = 0
      while next < min(max(1, limit), items.count) {
        let index = next
        group.addTask { (index, await body(items[index])) }
        next += 1
      }
      for await (index, result) in group {
        results[index] = result
        guard next < items.count else { continue }
        let following = next
        group.addTask { (following, await body(items[following])) }
        next += 1
      }
      return results.compactMap { $0 }
    }
  }
}
