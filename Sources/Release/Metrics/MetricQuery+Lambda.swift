internal import AWSClient

extension MetricQuery {
  /// A metric of the calls of a function by its bare name: they have a series of their own.
  static func lambda(
    _ id: String, _ metric: String, _ statistic: String, ofBare functionName: String
  ) -> MetricQuery {
    MetricQuery(
      id: id, namespace: "AWS/Lambda", metric: metric,
      dimensions: [(name: "FunctionName", value: functionName), (name: "Resource", value: functionName)],
      statistic: statistic, period: 60)
  }

  /// A metric that Lambda itself keeps.
  ///
  /// CloudWatch answers only a query that names exactly the dimensions of one of Lambda's sets: the function as a whole,
  /// what was called of it, or the version behind a called alias that executed the calls. A call through an alias counts
  /// under the alias and not under the version: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
  ///
  /// - Parameters:
  ///   - called: the alias, or the number of the version, that was called; nil for the function as a whole.
  ///   - executed: the version that executed the calls of an alias.
  ///   - period: seconds.
  static func lambda(
    _ id: String, _ metric: String, _ statistic: String, of functionName: String, called: String? = nil,
    executed: String? = nil, period: Int = 60
  ) -> MetricQuery {
    var dimensions = [(name: "FunctionName", value: functionName)]
    if let called { dimensions.append((name: "Resource", value: "\(functionName):\(called)")) }
    if let executed { dimensions.append((name: "ExecutedVersion", value: executed)) }
    return MetricQuery(
      id: id, namespace: "AWS/Lambda", metric: metric, dimensions: dimensions, statistic: statistic,
      period: period)
  }
}
