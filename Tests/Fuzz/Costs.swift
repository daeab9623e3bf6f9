import Core
import Glibc

/// What reading costs as the input grows: every piece that means something to a reader, repeated.
enum Costs {
  private static let smallest = 1 << 17
  /// From here on a time is more than the clock's own noise.
  private static let noticeable = 0.02
  /// Four times the input may take this many times as long: sixteen are the square's, and what does not fit into a cache
  /// any more costs some.
  private static let steepest = 11.0

  /// Prints for each target the piece whose cost grows fastest; false when one grows faster than its length.
  static func print(of targets: [FuzzTarget]) -> Bool {
    var allGood = true
    for target in targets {
      var worst: (ratio: Double, times: [Double], piece: [UInt8])?
      for piece in target.words + target.seeds {
        let times = [1, 2, 4].map { seconds(target, piece, bytes: smallest * $0) }
        let ratio = times[2] / max(times[0], noticeable / 8)
        if ratio > worst?.ratio ?? -1 { worst = (ratio, times, piece) }
      }
      guard let worst else { continue }
      let isGood = worst.times[2] < noticeable || worst.ratio < steepest
      allGood = allGood && isGood
      let shown = worst.times.map { ($0 * 1000).formatted(digits: 1) + " ms" }.joined(separator: ", ")
      let piece = JSON.string(text(Array(worst.piece.prefix(24)))).text()
      Swift.print(
        "\(target.name): \(shown) for 128, 256, 512 KiB of \(piece)\(isGood ? "" : "  GROWS TOO FAST")")
    }
    return allGood
  }

  private static func seconds(_ target: FuzzTarget, _ piece: [UInt8], bytes: Int) -> Double {
    let input = Array(Array(repeating: piece, count: max(1, bytes / max(1, piece.count))).joined())
    var least = Double.infinity
    for _ in 0..<2 {
      let start = now()
      Watch.start(input)
      target.run(input)
      _ = Watch.end()
      least = min(least, now() - start)
    }
    return least
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
