/// The programs that a function's manifest runs around the shift of traffic.
package struct FunctionHooks: Hashable, Sendable {
  /// Program and arguments to run before the first weight; nil for none.
  package var beforeTraffic: [String]?
  /// Program and arguments to run once all traffic has moved; nil for none.
  package var afterTraffic: [String]?

  /// These programs.
  package init(beforeTraffic: [String]? = nil, afterTraffic: [String]? = nil) {
    self.beforeTraffic = beforeTraffic
    self.afterTraffic = afterTraffic
  }
}
