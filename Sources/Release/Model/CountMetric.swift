/// A count of failures of the user's own in CloudWatch, kept apart by version; it is judged like errors.
package struct CountMetric: Hashable, Sendable {
  /// Namespace of the metric.
  package let namespace: String
  /// Name of the metric.
  package let name: String
  /// The dimension whose value is the version.
  package let versionDimension: String
  /// All other dimensions; `{function}` in a value stands for the logical name, `{functionName}` for the name of the
  /// Lambda function.
  package let dimensions: [String: String]

  /// The count of one metric.
  package init(namespace: String, name: String, versionDimension: String, dimensions: [String: String]) {
    self.namespace = namespace
    self.name = name
    self.versionDimension = versionDimension
    self.dimensions = dimensions
  }

  /// The name in evidence and sentences: two metrics of the same name are told apart by all they consist of.
  func label(among all: [CountMetric]) -> String {
    if all.count(where: { $0.name == name }) < 2 { return name }
    let rest = dimensions.sorted { $0.key < $1.key }.map { ",\($0.key)=\($0.value)" }.joined()
    return "\(namespace)/\(name)\(rest)"
  }
}
