/// What CloudWatch counted for a function in the last hour.
package struct HourOfTraffic: Hashable, Sendable {
  /// Invocations of the function, by whatever name it was called.
  package let invocations: Int
  /// Those that called the alias.
  package let throughAlias: Int
  /// Those that called the function by its bare name.
  package let byBareName: Int
  /// The most executions at once.
  package let mostConcurrent: Int

  /// An hour of these figures; none is negative.
  package init(invocations: Int, throughAlias: Int, byBareName: Int = 0, mostConcurrent: Int) {
    self.invocations = invocations
    self.throughAlias = throughAlias
    self.byBareName = byBareName
    self.mostConcurrent = mostConcurrent
  }
}
