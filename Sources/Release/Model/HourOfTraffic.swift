/// What CloudWatch counted for a function in the last hour.
public struct HourOfTraffic: Hashable, Sendable {
  /// Invocations of the function, by whatever name it was called.
  public let invocations: Int
  /// Those that called the alias.
  public let throughAlias: Int
  /// The most executions at once.
  public let mostConcurrent: Int

  /// An hour of these figures; none is negative.
  public init(invocations: Int, throughAlias: Int, mostConcurrent: Int) {
    self.invocations = invocations
    self.throughAlias = throughAlias
    self.mostConcurrent = mostConcurrent
  }
}
