/// The programs that a function's manifest runs around the shift of traffic.
public struct FunctionHooks: Hashable, Sendable {
  /// Program and arguments to run before the first weight; nil for none.
  public var beforeTraffic: [String]?
  /// Program and arguments to run once all traffic has moved; nil for none.
  public var afterTraffic: [String]?

  /// These programs.
  public init(beforeTraffic: [String]? = nil, afterTraffic: [String]? = nil) {
    self.beforeTraffic = beforeTraffic
    self.afterTraffic = afterTraffic
  }
}
