internal import AWSClient
internal import Core

/// Carries out a plan: builds, publishes, shifts traffic step by step, watches, and promotes or takes it back.
///
/// Everything is uploaded and published before anything gets traffic; a failure until then leaves the traffic as it
/// was. From the first weight on all functions of a release move, and are taken back, together.
package struct Releaser: Sendable {
  var services: ReleaseServices
  let settings: ReleaseSettings
  let identity: RunIdentity
  let alias: String
  let besideBake: BakeWork?

  /// A releaser for one alias.
  ///
  /// - Parameter besideBake: what is done while a release bakes; nil for nothing.
  package init(
    services: ReleaseServices, settings: ReleaseSettings, identity: RunIdentity, alias: String,
    besideBake: BakeWork? = nil
  ) {
    self.services = services
    self.settings = settings
    self.identity = identity
    self.alias = alias
    self.besideBake = besideBake
  }

  /// Carries out `plan`. When the task is cancelled from the first weight on, the traffic is first made safe.
  package func deploy(_ plan: ReleasePlan, packages: any PackageSource) async -> ReleaseReport {
    let release = newRelease()
    return settings.perFunction
      ? await deployEach(plan, packages: packages, release: release)
      : await deployTogether(plan, packages: packages, release: release)
  }

  /// A name for a release that begins now.
  func newRelease() -> ReleaseID {
    ReleaseID(
      time: services.serverTime(), commit: identity.commit,
      random: (0..<4).map { _ in UInt8.random(in: 0 ... .max) })
  }

  /// Carries out `plan` as one release, which goes forward and back as a whole.
  ///
  /// - Parameters:
  ///   - release: its name, unless it goes on with one that is under way.
  ///   - isBuilt: whether `packages` are built already, and that was told.
  func deployTogether(
    _ plan: ReleasePlan, packages: any PackageSource, release: ReleaseID, isBuilt: Bool = false
  ) async -> ReleaseReport {
    let journal = ReleaseJournal(ReleaseReport(plan, drift: settings.drift), listener: services.report)
    let run = ReleaseRun(
      services: services.reporting { journal.tell($0) }, settings: settings, identity: identity, alias: alias,
      plan: plan, journal: journal, besideBake: besideBake)
    do throws(ReleaseError) {
      try await run.carryOut(packages: packages, release: release, isBuilt: isBuilt)
      await run.tidy()
    } catch {
      // A signal shows itself as a call that was cancelled, too.
      if Task.isCancelled { journal.tell(.interrupted) }
      if journal.report.error != error { journal.tell(.failed(error.function, error)) }
      if [.unchanged, .updated, .published].contains(journal.report.outcome) {
        journal.tell(.concluded(.failed))
      }
    }
    await run.mend()
    return journal.report
  }
}
