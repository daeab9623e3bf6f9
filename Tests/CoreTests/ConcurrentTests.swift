import Core
import Testing

@Suite("Work for many items at once")
struct ConcurrentTests {
  struct Failure: Error, Equatable {
    var item: Int
  }

  @Test("results come in the items' order, whichever ends first", arguments: [-1, 0, 1, 3, 40, 100])
  func order(limit: Int) async {
    let doubled = await Concurrent.map(Array(0..<40), limit: limit) { item in
      for _ in 0..<(40 - item) { await Task.yield() }
      return item * 2
    }
    #expect(doubled == (0..<40).map { $0 * 2 })
  }

  @Test("never more than the limit at once")
  func limit() async {
    let running = Lock((now: 0, most: 0))
    _ = await Concurrent.map(Array(0..<40), limit: 3) { _ in
      running.withLock { running in
        running.now += 1
        running.most = max(running.most, running.now)
      }
      for _ in 0..<20 { await Task.yield() }
      running.withLock { $0.now -= 1 }
    }
    #expect(running.withLock { $0.most } <= 3)
  }

  @Test("the first failure in the items' order is thrown, after every item was worked on")
  func failure() async {
    let worked = Lock(Set<Int>())
    await #expect(throws: Failure(item: 2)) {
      try await Concurrent.map(Array(0..<8), limit: 2) { item throws(Failure) in
        for _ in 0..<(8 - item) { await Task.yield() }
        worked.withLock { _ = $0.insert(item) }
        if item == 2 || item == 5 { throw Failure(item: item) }
      }
    }
    #expect(worked.withLock { $0 } == Set(0..<8))
  }
}
