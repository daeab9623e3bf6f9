internal import Core

/// How often the sandbox calls a function.
struct TrafficRate: Hashable, ParameterValue {
  /// More than one machine's handlers can answer.
  private static let most = 10_000.0

  /// Logical name.
  let function: String
  /// Invocations a second; above 0.
  let perSecond: Double

  init(function: String, perSecond: Double) {
    self.function = function
    self.perSecond = perSecond
  }

  /// Reads `orders=20/s`, `orders=300/m` or `orders=1000/h`.
  init(argument: String) throws(ValueError) {
    let units = ["s": 1.0, "m": 60, "h": 3_600]
    let halves = argument.split(separator: "=", maxSplits: 1).map(String.init)
    let rate = halves.count == 2 ? halves[1].split(separator: "/").map(String.init) : []
    guard rate.count == 2, let count = Double(rate[0]), count > 0, let unit = units[rate[1]],
      count / unit <= Self.most
    else {
      throw ValueError(
        "'\(argument)' is not a rate of traffic: write for example orders=20/s or orders=300/m; 10,000 a second are the most"
      )
    }
    self.init(function: halves[0], perSecond: count / unit)
  }
}
