import Core
import Testing

@Suite("Work of several threads that is taken in order")
struct ThreadsInOrderTests {
  struct Failure: Error, Equatable {
    let index: Int
  }

  @Test("every result is taken once, in order, one at a time", arguments: [1, 2, 8], [1, 3, 64])
  func order(workers: Int, window: Int) throws {
    let taken = Lock<[Int]>([])
    let inside = Lock(0)
    try Threads.inOrder(
      count: 200, workers: workers, window: window, state: { 0 },
      make: { (made: inout Int, index: Int) throws(Failure) -> Int in
        made += 1
        return index * 3
      },
      take: { (index: Int, result: Int) throws(Failure) in
        #expect(
          inside.withLock {
            $0 += 1; return $0
          } == 1)
        #expect(result == index * 3)
        taken.withLock { $0.append(index) }
        inside.withLock { $0 -= 1 }
      })
    #expect(taken.withLock { $0 } == Array(0..<200))
  }

  @Test("no more results are made ahead than the window takes")
  func window() throws {
    let lead = Lock((made: 0, taken: 0, most: 0))
    try Threads.inOrder(
      count: 100, workers: 4, window: 5, state: { 0 },
      make: { (_: inout Int, index: Int) throws(Failure) -> Int in
        lead.withLock { lead in
          lead.made += 1
          lead.most = max(lead.most, lead.made - lead.taken)
        }
        return index
      },
      take: { (_: Int, _: Int) throws(Failure) in lead.withLock { $0.taken += 1 } })
    // The one that is being taken is not yet counted as such.
    #expect(lead.withLock { $0.most } <= 6)
  }

  @Test("the first failure in order ends it, whoever fails", arguments: [1, 4])
  func failures(workers: Int) {
    let taken = Lock<[Int]>([])
    #expect(throws: Failure(index: 7)) {
      try Threads.inOrder(
        count: 50, workers: workers, window: 8, state: { 0 },
        make: { (_: inout Int, index: Int) throws(Failure) -> Int in
          if index == 7 || index == 9 { throw Failure(index: index) }
          return index
        },
        take: { (index: Int, _: Int) throws(Failure) in taken.withLock { $0.append(index) } })
    }
    #expect(taken.withLock { $0 } == Array(0..<7))
    #expect(throws: Failure(index: 3)) {
      try Threads.inOrder(
        count: 50, workers: workers, window: 8, state: { 0 },
        make: { (_: inout Int, index: Int) throws(Failure) -> Int in index },
        take: { (index: Int, _: Int) throws(Failure) in if index == 3 { throw Failure(index: index) } })
    }
  }

  @Test("nothing is done for nothing")
  func none() throws {
    try Threads.inOrder(
      count: 0, workers: 4, window: 4, state: { 0 },
      make: { (_: inout Int, index: Int) throws(Failure) -> Int in throw Failure(index: index) },
      take: { (index: Int, _: Int) throws(Failure) in throw Failure(index: index) })
  }
}
