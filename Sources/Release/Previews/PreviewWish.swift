package import Core

/// What a preview is to be.
package struct PreviewWish: Hashable, Sendable {
  /// Its name, which is that of its aliases.
  package let name: String
  /// The project's name, which marks begin with.
  package let project: String
  /// How long it stays from now on.
  package let ttl: TimeSpan
  /// ARN of the role that schedules take it away with; nil for none, so that `prune` does.
  package let role: String?
  /// Members of CreateFunctionUrlConfig, and `callers`; nil for no addresses.
  package let functionURL: JSONObject?
  /// `aws`, or that of another group of regions.
  package let partition: String

  /// A wish of these values.
  package init(
    name: String, project: String, ttl: TimeSpan, role: String?, functionURL: JSONObject?, partition: String
  ) {
    self.name = name
    self.project = project
    self.ttl = ttl
    self.role = role
    self.functionURL = functionURL
    self.partition = partition
  }
}
