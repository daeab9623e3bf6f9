internal import AWSClient
internal import Core
internal import Triggers

extension RollbackRunner {
  /// Makes sure that the version exists and can serve; one that Lambda has put to sleep is woken first, because its
  /// first invocations would fail.
  ///
  /// - Throws: ``ReleaseError/noTarget(function:reason:fix:)``.
  func prepare(
    _ version: String, of subject: FunctionName, event: [UInt8]?, _ journal: ReleaseJournal
  ) async throws(ReleaseError) {
    func unfit(_ reason: String) -> ReleaseError {
      .noTarget(function: subject.function, reason: reason, fix: "name another version with --to")
    }
    let target: FunctionDescription
    do throws(AWSError) {
      target = try await services.lambda.getFunction(subject.functionName, qualifier: version)
    } catch {
      guard error.isNotFound else { throw .aws(error, function: subject.function) }
      throw unfit("version \(version) does not exist any more")
    }
    let state = target.configuration.state
    if let words = Self.triggersStay(target, alias: alias) {
      journal.tell(.warning(subject.function, "\(subject.function): \(words)"))
    }
    guard state != "Failed" else { throw unfit("version \(version) is in the state Failed") }
    guard state == "Inactive" else { return }
    do throws(ReleaseError) {
      try await WakeUpCall(services, timeout: timeout).wake(subject, version: version, event: event)
    } catch {
      guard case .failedInLambda(_, _, let reason) = error else { throw error }
      throw unfit("version \(version) was asleep and cannot be woken: \(reason)")
    }
  }

  /// What calls a function is not taken back with its code; nil where no release after the target's has changed it.
  ///
  /// The tag of the function names the release that has written its triggers last; not every reading of a version shows
  /// tags, and nothing is said then.
  static func triggersStay(_ target: FunctionDescription, alias: String) -> String? {
    guard let tag = target.tags[TriggerTag.key(alias: alias)].flatMap({ TriggerTag($0) }),
      let changed = ReleaseID(parsing: tag.release),
      let made = VersionProvenance.decode(target.configuration.description).provenance?.release,
      changed > made
    else { return nil }
    return
      "release \(changed) changed triggers after v\(target.configuration.version); deploy the older commit to "
      + "change them back"
  }

  /// Finds out where functions without a record can go back to, and asks whether they are to.
  func decideUnrecorded(
    _ steps: inout [String: RollbackStep], _ subjects: [FunctionName],
    _ confirm: @Sendable ([FormerVersion]) async -> Bool
  ) async throws(ReleaseError) {
    let unrecorded = subjects.compactMap { subject -> (name: FunctionName, serving: String)? in
      guard case .unrecorded(let serving) = steps[subject.function] else { return nil }
      return (subject, serving)
    }
    guard !unrecorded.isEmpty else { return }
    let found = try await TrafficHistory(services: services, alias: alias, parallel: parallel)
      .former(unrecorded)
    let isConfirmed = found.isEmpty ? false : await confirm(found)
    let former = Dictionary(found.map { ($0.function, $0) }, uniquingKeysWith: { first, _ in first })
    for (name, serving) in unrecorded {
      let reason = "no record in the alias tells what served before version \(serving)"
      switch former[name.function] {
      case nil:
        steps[name.function] = .noTarget(
          reason: "\(reason), and no older version had traffic in the last 15 days",
          fix: "name the version with --to")
      case let former? where isConfirmed:
        steps[name.function] = .goBack(from: serving, to: former.version)
      case let former?:
        steps[name.function] = .noTarget(
          reason:
            "\(reason); version \(former.version) is the newest before it with traffic in the last 15 days "
            + "(\(former.invocations) invocations)",
          fix: "pass --yes to go back to it, or name a version with --to")
      }
    }
  }
}
