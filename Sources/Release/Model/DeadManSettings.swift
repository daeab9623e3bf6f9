package import Core

/// A schedule that takes the traffic of a rollout back when nobody has looked after it for some time.
package struct DeadManSettings: Hashable, Sendable {
  /// ARN of the role that EventBridge Scheduler assumes; it may do `lambda:UpdateAlias`.
  package let role: String
  /// How long nobody may have looked after the rollout; longer than a living run may not be heard of, which is as long as
  /// its lease.
  package let after: TimeSpan
  /// The partition of the region, as in ARNs: `aws`, `aws-cn`.
  package let partition: String

  /// A switch that uses `role`.
  package init(role: String, after: TimeSpan, partition: String) {
    self.role = role
    self.after = after
    self.partition = partition
  }
}
