/// One of several machines that share a build.
package struct Shard: Hashable, Sendable, CustomStringConvertible {
  /// The most that a build is split into.
  package static let most = 256

  /// From 1.
  package let number: Int
  /// How many there are.
  package let count: Int

  /// The machine that builds everything.
  package static let whole = Shard(number: 1, count: 1)

  init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }

  /// Reads `2/3`; nil for anything else.
  package init?(parsing text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], (1...Self.most).contains(count),
      (1...count).contains(number)
    else { return nil }
    self.init(number: number, count: count)
  }

  /// As it is written: `2/3`.
  package var description: String { "\(number)/\(count)" }
}
