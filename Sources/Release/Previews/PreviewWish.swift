public import Core

/// What a preview is to be.
public struct PreviewWish: Hashable, Sendable {
  /// Its name, which is that of its aliases.
  public let name: String
  /// The project's name, which marks begin with.
  public let project: String
  /// How long it stays from now on.
  public let ttl: TimeSpan
  /// ARN of the role that schedules take it away with; nil for none, so that `prune` does.
  public let role: String?
  /// Members of CreateFunctionUrlConfig, and `callers`; nil for no addresses.
  public let functionURL: JSONObject?
  /// `aws`, or that of another group of regions.
  public let partition: String

  /// A wish of these values.
  public init(
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
