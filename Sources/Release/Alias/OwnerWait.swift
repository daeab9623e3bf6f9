internal import AWSClient
internal import Core

/// Waits until no run drives a rollout at some aliases any more.
struct OwnerWait: Sendable {
  private static let pause = TimeSpan.seconds(10)

  let services: ReleaseServices
  let alias: String
  let parallel: Int

  /// Returns as soon as every rollout of `subjects` is over, held, or has nobody's lease, and at `deadline` of AWS's
  /// clock at the latest.
  ///
  /// - Returns: whether nobody drives them any more.
  /// - Throws: ``ReleaseError`` when Lambda cannot be read, or the task is cancelled.
  func wait(for subjects: [FunctionName], until deadline: Timestamp) async throws(ReleaseError) -> Bool {
    let reader = AliasReader(lambda: services.lambda, alias: alias, parallel: parallel)
    var told = false
    while true {
      let aliases = try await reader.read(subjects)
      let now = services.serverTime()
      let driven = subjects.first { subject in
        guard let record = aliases[subject.function]?.record else { return false }
        return record.state.isUnderWay && !record.isLeaseOver(at: now)
      }
      guard let driven else { return true }
      guard now < deadline else { return false }
      if !told {
        services.report(
          .note(
            driven.function,
            "another run drives a rollout here; waiting for its end until \(deadline.iso8601)"))
        told = true
      }
      do {
        try await services.clock.sleep(for: min(Self.pause, deadline - now))
      } catch {
        throw .interrupted
      }
    }
  }
}
