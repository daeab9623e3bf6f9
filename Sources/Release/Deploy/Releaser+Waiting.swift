internal import AWSClient
package import Core

extension Releaser {
  /// How long to leave another run alone that is publishing, before this one plans anew.
  private static let pause = TimeSpan.seconds(10)
  /// How long to give AWS until every reader sees what was written a moment ago.
  private static let propagation = TimeSpan.seconds(3)
  /// How often a plan is made anew because releases of others were brought to their end first.
  private static let mostRepairs = 3

  /// Plans and deploys. Where another run is at it and nothing was touched, waits until its rollout is over: where
  /// that run releases just what this one wants, its end is this one's; else this one plans anew.
  ///
  /// - Parameters:
  ///   - span: how long to wait for other runs in all; nil ends at once with
  ///     ``ReleaseError/owned(function:alias:by:)``.
  ///   - all: the functions of the environment, also those that are not selected.
  ///   - plan: compares with what is deployed then.
  /// - Throws: what `plan` throws.
  package func deploy(
    waitingAtMost span: TimeSpan?, among all: [FunctionName], packages: any PackageSource,
    plan: @Sendable () async throws -> ReleasePlan
  ) async throws -> ReleaseReport {
    let deadline = span.map { services.serverTime() + $0 }
    var repairs = 0
    let adoption = newRelease()
    while true {
      var current = try await plan()
      if settings.supersedes, let others = Supersession(current, among: all, at: services.serverTime()) {
        do throws(ReleaseError) {
          try await end(others)
        } catch {
          return failed(current, error)
        }
        current = try await plan()
      }
      guard let after = try await adopting(current, as: adoption) else {
        guard repairs < Self.mostRepairs else {
          return failed(current, .unseen(function: current.functions[0].input.function, alias: alias))
        }
        repairs += 1
        do { try await services.clock.sleep(for: Self.propagation) } catch {
          return failed(current, .interrupted)
        }
        continue
      }
      current = after.plan
      let telling = WithheldFailure(services.report)
      var attempt = self
      // Function by function the others go on for long after one of them has ended.
      if !settings.perFunction { attempt.services.report = { telling.tell($0) } }
      let report = await attempt.deploy(after, packages: packages)
      if report.isOutdated, repairs < Self.mostRepairs {
        services.report(.note(nil, "\(report.error.map { "\($0)" } ?? ""); planning anew"))
        repairs += 1
        do { try await services.clock.sleep(for: Self.propagation) } catch {
          telling.end()
          return report
        }
        continue
      }
      guard let deadline, report.isRefused, services.serverTime() < deadline else {
        telling.end()
        return report
      }
      do throws(ReleaseError) {
        guard try await isFree(current, until: deadline) else {
          telling.end()
          return report
        }
        let reader = AliasReader(lambda: services.lambda, alias: alias, parallel: settings.parallel)
        if let attachment = Attachment(current),
          let end = attachment.end(try await reader.read(current.names))
        {
          return end
        }
      } catch {
        services.report(.note(nil, "the wait for the other run has ended: \(error)"))
        telling.end()
        return report
      }
    }
  }

  private func failed(_ plan: ReleasePlan, _ error: ReleaseError) -> ReleaseReport {
    let journal = ReleaseJournal(ReleaseReport(plan, drift: settings.drift), listener: services.report)
    journal.tell(.failed(error.function, error))
    journal.tell(.concluded(.failed))
    return journal.report
  }

  /// Whether the aliases of `plan` have nobody driving them by `deadline`.
  private func isFree(_ plan: ReleasePlan, until deadline: Timestamp) async throws(ReleaseError) -> Bool {
    do {
      try await services.clock.sleep(for: Self.pause)
    } catch {
      throw .interrupted
    }
    // The other run has published and was not at the traffic yet: what it is about is known only by a new plan.
    guard plan.functions.contains(where: { $0.unfinished != nil }) else { return true }
    if let attachment = Attachment(plan) {
      services.report(
        .note(
          nil, "another run makes the very same release, \(attachment.release); its end will be this one's"))
    }
    return try await OwnerWait(services: services, alias: alias, parallel: settings.parallel)
      .wait(for: plan.names, until: deadline)
  }

  /// Takes the canaries of other runs back, so that this run's versions can have their place.
  private func end(_ others: Supersession) async throws(ReleaseError) {
    let runner = RollbackRunner(
      services: services, environment: others.environment, alias: alias, owner: identity.owner,
      parallel: settings.parallel, reason: .superseded, deadMan: settings.deadMan,
      companions: settings.companions)
    let report = await runner.abort(others.subjects)
    if let error = report.error { throw error }
  }
}

extension ReleaseReport {
  /// Whether what it was planned by is not so any more, and nothing was touched.
  fileprivate var isOutdated: Bool {
    switch error {
    case .outdated: true
    case .overtaken: !hasMovedTraffic && !wasInterrupted
    default: false
    }
  }

  /// Whether another run was in the way before this one had touched any traffic.
  fileprivate var isRefused: Bool {
    guard !hasMovedTraffic, !wasInterrupted else { return false }
    switch error {
    case .owned, .takenOver, .changedMeanwhile: return true
    default: return false
    }
  }
}

/// Keeps back that a try has failed because another run is in the way, until it is known whether it is the last one: who
/// waits has not failed.
private final class WithheldFailure: Sendable {
  private let report: @Sendable (ReleaseEvent) -> Void
  private let held = Lock<(functions: Set<String>, events: [ReleaseEvent])>(([], []))

  init(_ report: @escaping @Sendable (ReleaseEvent) -> Void) {
    self.report = report
  }

  /// Tells an event, or keeps it.
  func tell(_ event: ReleaseEvent) {
    let isKept = held.withLock { held -> Bool in
      switch event {
      case .failed(let function, let error) where error.mayPass:
        if let function { held.functions.insert(function) }
      case .ended(let function, _) where held.functions.contains(function): break
      case .concluded where !held.events.isEmpty: break
      default: return false
      }
      held.events.append(event)
      return true
    }
    if !isKept { report(event) }
  }

  /// Tells what was kept: it was the last try.
  func end() {
    let events = held.withLock { held in
      defer { held = ([], []) }
      return held.events
    }
    events.forEach(report)
  }
}

extension ReleaseError {
  /// Whether a later try may find what was in the way gone.
  fileprivate var mayPass: Bool {
    switch self {
    case .owned, .takenOver, .changedMeanwhile, .outdated, .overtaken: true
    default: false
    }
  }
}
