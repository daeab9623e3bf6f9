import Testing

@testable import Core

@Suite("Threads")
struct ThreadsTests {
  @Test("as many run at a time as are asked for, again and again, and none of them is forgotten")
  func together() async {
    for count in [1, 40, 3, 64] {
      let begun = Latch(count: count)
      let sums = await withTaskGroup(of: Int.self) { group in
        for number in 0..<count {
          group.addTask {
            await Threads.run {
              begun.countDown()
              // All of them are here, each on a thread of its own.
              begun.wait()
              return number
            }
          }
        }
        return await group.reduce(0, +)
      }
      #expect(sums == count * (count - 1) / 2)
    }
  }

  @Test("a thread that waits runs each thing that it is given, and takes nothing while none waits")
  func waiting() async {
    let idle = IdleThreads()
    #expect(!idle.take {})
    let done = Latch(count: 3)
    Threads.detach { while let body = idle.next() { body() } }
    for _ in 0..<3 {
      // It waits before long, and again after each.
      while !idle.take({ done.countDown() }) { await Task.yield() }
    }
    await Threads.run { done.wait() }
  }
}
