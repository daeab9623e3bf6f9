internal import AWSClient
internal import Core
internal import LambdaSettings
package import Triggers

/// Makes previews: publishes what differs from the environment that they are made from, and leads an alias of their own
/// there, with an address where one is wanted. No alias of an environment is touched, and no traffic moves.
///
/// What takes a preview away is written before there is anything to take away.
package struct Previewer: Sendable {
  let services: ReleaseServices
  let edges: EdgeServices
  let settings: ReleaseSettings
  let identity: RunIdentity
  let wish: PreviewWish

  /// A maker of one preview.
  package init(
    services: ReleaseServices, edges: EdgeServices, settings: ReleaseSettings, identity: RunIdentity,
    wish: PreviewWish
  ) {
    self.services = services
    self.edges = edges
    var settings = settings
    // What was taken back once may be looked at again.
    settings.retriesRolledBack = true
    self.settings = settings
    self.identity = identity
    self.wish = wish
  }

  /// Makes the preview, or moves it on.
  ///
  /// - Parameters:
  ///   - base: the comparison with what the environment's alias serves.
  ///   - standing: the comparison with what the preview shows, of those that differ from the environment.
  package func deploy(
    _ base: ReleasePlan, standing: ReleasePlan, packages: any PackageSource
  ) async -> ReleaseReport {
    let shown = Dictionary(standing.functions.map { ($0.input.function, $0) }) { first, _ in first }
    let choices = base.functions.map { PreviewChoice($0, standing: shown[$0.input.function]) }
    let plan = ReleasePlan(
      environment: base.environment, alias: wish.name, functions: choices.map(\.plan))
    let journal = ReleaseJournal(ReleaseReport(plan, drift: settings.drift), listener: services.report)
    let end = services.serverTime() + wish.ttl
    let work = PreviewWork(
      maker: self, services: services.reporting { journal.tell($0) }, environmentAlias: base.alias,
      until: end, journal: journal)
    do throws(ReleaseError) {
      try await work.refuse(choices, in: plan)
      let versions = try await work.versions(choices, packages: packages)
      try await work.show(choices, versions)
      journal.tell(.concluded(work.outcome))
    } catch {
      if Task.isCancelled { journal.tell(.interrupted) }
      if journal.report.error != error { journal.tell(.failed(error.function, error)) }
      journal.tell(.concluded(.failed))
    }
    var report = journal.report
    let addresses = work.addresses
    report.preview = PreviewPlace(name: wish.name, until: end, isScheduled: wish.role != nil)
    for (index, choice) in zip(report.functions.indices, choices) {
      report.functions[index].url = addresses[report.functions[index].function]
      if report.functions[index].outcome != .published, let version = report.functions[index].toVersion,
        let package = choice.package(of: version)
      {
        report.functions[index].digests?.package = package
      }
    }
    return report
  }
}
