/// Steady traffic for one function.
package struct TrafficSource: Sendable {
  /// Name of the function.
  package var functionName: String
  /// Alias to call; nothing is sent before it exists.
  package var alias: String
  /// Invocations per second of the sandbox's own time; above 0.
  package var ratePerSecond: Double
  /// JSON events, sent in turn; `{}` when empty.
  package var events: [[UInt8]]

  /// Traffic for `functionName`.
  package init(functionName: String, alias: String, ratePerSecond: Double, events: [[UInt8]]) {
    self.functionName = functionName
    self.alias = alias
    self.ratePerSecond = ratePerSecond
    self.events = events
  }
}
