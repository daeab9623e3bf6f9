/// A gate that opens for blocked threads once it has been counted down to zero.
package final class Latch: Sendable {
  private let remaining: Monitor<Int>

  /// Opens after `count` calls of ``countDown()``; is open from the start for 0.
  package init(count: Int) {
    remaining = Monitor(count)
  }

  /// Takes one off the count.
  package func countDown() { remaining.update { $0 -= 1 } }

  /// Blocks the calling thread until the count is zero.
  package func wait() { remaining.wait { $0 <= 0 ? () : nil } }
}
