/// What CloudWatch counted for a function in the last hour.
public struct HourOfTraffic: Hashable, Sendable {
  /// Invocations of the function, by whatever name it was called.
  public let invocations: Int
  /// Those that called the alias.
  public let throughAlias: Int
  /// Those that called the function by its bare name.
  public let byBareName: Int
  /// The most executions at once.
  public let mostConcurrent: Int

  /// An hour of these figures; none is negative.
  public init(invocations: Int, throughAlias: Int, byBareName: Int = 0, mostConcurrent: Int) {
    self.invocations = invocations
    self.throughAlias = throughAlias
    self.byBareName = byBareName
    self.mostConcurrent = mostConcurrent
  }
}
