/// One of several machines that share a build.
public struct Shard: Hashable, Sendable, CustomStringConvertible {
  /// The most that a build is split into.
  public static let most = 256

  /// From 1.
  public let number: Int
  /// How many there are.
  public let count: Int

  /// The machine that builds everything.
  public static let whole = Shard(number: 1, count: 1)

  init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }

  /// Reads `2/3`; nil for anything else.
  public init?(parsing text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], (1...Self.most).contains(count),
      (1...count).contains(number)
    else { return nil }
    self.init(number: number, count: count)
  }

  /// As it is written: `2/3`.
  public var description: String { "\(number)/\(count)" }
}
