package import AWSClient

/// The call of CloudWatch that tells how alarms stand.
package protocol AlarmReading: Sendable {
  /// The alarms called so, composite ones too; those that do not exist are left out.
  func describeAlarms(names: [String]) async throws(AWSError) -> [AlarmState]
}

extension CloudWatchClient: AlarmReading {}
