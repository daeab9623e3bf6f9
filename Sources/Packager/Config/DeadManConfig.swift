package import Core

/// A schedule that takes the traffic of a rollout back when nobody looks after it any more.
package struct DeadManConfig: Hashable, Sendable {
  /// ARN of the role that the scheduler assumes.
  package let role: String
  /// How long nobody may have looked after the rollout; at least 5 minutes, by default 15.
  package let after: TimeSpan

  /// As long as the lease of a living run, whose heartbeats are two minutes apart.
  private static let shortest = TimeSpan.minutes(5)

  /// Reads a checked and interpolated `deadMan` object; nil without one.
  init?(_ value: ConfigValue?) throws(PackagerError) {
    guard let value, let role = value["role"], let text = role.string else { return nil }
    // Before its values are put in, a text has no form yet.
    if !text.contains("${"), let fault = TextRule.role.fault(in: text) { throw role.error(fault) }
    self.role = text
    after = try ConfigReader(value).time("after") ?? .minutes(15)
    guard after >= Self.shortest else {
      throw (value["after"] ?? value).error(
        "\"after\" is \(after), and a living run may not be heard of for \(Self.shortest): write at least 5m")
    }
  }
}
