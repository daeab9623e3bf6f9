internal import AWSClient
internal import Core
internal import Triggers

/// The steps of one run that makes a preview.
struct PreviewWork: Sendable {
  let maker: Previewer
  /// Report to ``journal``.
  let services: ReleaseServices
  /// The alias of the environment that it is made from.
  let environmentAlias: String
  let until: Timestamp
  let journal: ReleaseJournal
  private let found = Lock<[String: String]>([:])

  init(
    maker: Previewer, services: ReleaseServices, environmentAlias: String, until: Timestamp,
    journal: ReleaseJournal
  ) {
    self.maker = maker
    self.services = services
    self.environmentAlias = environmentAlias
    self.until = until
    self.journal = journal
  }

  var wish: PreviewWish { maker.wish }
  var settings: ReleaseSettings { maker.settings }

  var aliases: TemporaryAliases {
    TemporaryAliases(
      previewing: services, main: environmentAlias, person: maker.identity.owner, parallel: settings.parallel)
  }

  /// The addresses that there are by now, by logical name.
  var addresses: [String: String] { found.withLock { $0 } }

  /// Keeps the address of a function.
  func keep(_ address: String, of function: String) { found.withLock { $0[function] = address } }

  /// How it has ended where nothing has failed.
  var outcome: Outcome {
    let outcomes = Set(journal.report.functions.map(\.outcome))
    return outcomes.contains(.published) ? .published : outcomes.contains(.updated) ? .updated : .unchanged
  }

  /// Ends the run before its first write where something speaks against it.
  ///
  /// - Throws: the first of what does; all is told.
  func refuse(_ choices: [PreviewChoice], in plan: ReleasePlan) async throws(ReleaseError) {
    let course = Course(plan, settings: settings, at: services.serverTime())
    // How the environment's alias stands is nothing to a preview.
    var errors = course.obstacles.filter { error in
      switch error {
      case .unreadableRecord, .foreignWeights: false
      default: true
      }
    }
    let present = choices.filter { if case .missing = $0.plan.deployed { false } else { true } }
    try await aliases.check(wish.name, of: present.map(\.plan.input.name))
    let reader = AdoptionReader(services: services, alias: environmentAlias, parallel: settings.parallel)
    let written = present.filter { $0.source == .publish }
    let refusals = try await Concurrent.map(written, limit: settings.parallel) {
      choice throws(ReleaseError) -> ReleaseError? in
      try await refusal(choice, reader)
    }
    errors += refusals.compactMap { $0 }
    guard let first = errors.first else { return }
    for error in errors {
      if let function = error.function { journal.tell(.ended(function, .failed)) }
      journal.tell(.failed(error.function, error))
    }
    throw first
  }

  /// Why nothing may be written to a function: what is written to `$LATEST` serves somebody, or is not known to anybody
  /// else.
  private func refusal(
    _ choice: PreviewChoice, _ reader: AdoptionReader
  ) async throws(ReleaseError) -> ReleaseError? {
    let name = choice.plan.input.name
    let environment = journal.report.environment
    let look = try await reader.look(at: name)
    let isOurs =
      if case .withoutAlias = choice.plan.deployed { reader.isOurs(choice.plan, look) } else { true }
    let servesLatest = choice.servesLatest || look.servingLatest.contains(environmentAlias)
    guard isOurs, !servesLatest else {
      return .preflight(
        function: name.function,
        rule: servesLatest
          ? "the alias \(environmentAlias) names $LATEST, which a preview would write"
          : "it is live without the alias \(environmentAlias), and a preview would write over what is live",
        fix: "deploy it to \(environment) first, which takes it over: lamctl deploy \(environment)")
    }
    guard !settings.updatesLatest else { return nil }
    let callers = await reader.callers(of: name, look).callers
    guard !callers.isEmpty else { return nil }
    return .preflight(
      function: name.function,
      rule: "its bare name has callers, who would run the preview's code: "
        + callers.map(\.description).joined(separator: ", "),
      fix: callers.remedy(
        "point them at the alias \(environmentAlias) (lamctl adopt \(environment) does that)")
        + ", or publish all the same with --update-latest")
  }

  /// The version that the preview shows of each function, by logical name: what differs is built and published.
  func versions(
    _ choices: [PreviewChoice], packages: any PackageSource
  ) async throws(ReleaseError) -> [String: String] {
    var versions: [String: String] = [:]
    for choice in choices {
      if case .there(let version) = choice.source { versions[choice.plan.input.function] = version }
    }
    let fresh = choices.filter { $0.source == .publish }
    guard !fresh.isEmpty else { return versions }
    for finding in fresh.map(\.plan).flatMap(Preflight.inferences) {
      journal.tell(.warning(finding.function, "\(finding.rule); \(finding.fix)"))
    }
    let built = try await PackageStage(services: services, settings: settings, journal: journal)
      .build(fresh.map(\.plan), packages: packages, isBuilt: false)
    for plan in built.identical { versions[plan.input.function] = plan.servingVersion }
    var work: [Work] = []
    for item in built.work {
      let function = item.plan.input.function
      let choice = fresh.first { $0.plan.input.function == function }
      if let version = choice?.isShown(item.packageDigest) {
        journal.tell(.identical(function, version: version))
        versions[function] = version
      } else {
        work.append(item)
      }
    }
    guard !work.isEmpty else { return versions }
    let release = ReleaseID(
      time: services.serverTime(), commit: maker.identity.commit,
      random: (0..<4).map { _ in UInt8.random(in: 0 ... .max) })
    journal.tell(.release(release))
    let stage = PublishStage(
      services: services, settings: settings, identity: maker.identity, alias: wish.name, release: release,
      journal: journal, finishesBegun: true)
    for publication in try await stage.publish(work) {
      let (input, version) = (publication.plan.input, publication.version)
      versions[input.function] = version.version
      guard version.isAsleep else { continue }
      try await WakeUpCall(services, timeout: settings.timeout)
        .wake(input.name, version: version.version, event: input.smokeTests.first?.event)
    }
    return versions
  }
}

extension ReleaseError {
  /// What could not be written for a preview. What AWS refuses is told as such: it may be about credentials.
  init(preview error: EdgeError) {
    self =
      if let cause = error.cause, cause.isPermission || cause.isCredentials {
        .aws(cause, function: error.function)
      } else {
        .edge(error, isBefore: true)
      }
  }
}
