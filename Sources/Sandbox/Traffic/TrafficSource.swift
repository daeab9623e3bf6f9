/// Steady traffic for one function.
public struct TrafficSource: Sendable {
  /// Name of the function.
  public var functionName: String
  /// Alias to call; nothing is sent before it exists.
  public var alias: String
  /// Invocations per second of the sandbox's own time; above 0.
  public var ratePerSecond: Double
  /// JSON events, sent in turn; `{}` when empty.
  public var events: [[UInt8]]

  /// Traffic for `functionName`.
  public init(functionName: String, alias: String, ratePerSecond: Double, events: [[UInt8]]) {
    self.functionName = functionName
    self.alias = alias
    self.ratePerSecond = ratePerSecond
    self.events = events
  }
}
