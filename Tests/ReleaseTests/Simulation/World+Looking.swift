import AWSClient
import Core
import Release
import TestSupport
import Testing

// What is asked of a world without changing its traffic.
extension World {
  /// What `judge` says of the rollouts under way, and the calls that it took.
  func review() async throws -> (reviews: [Review], connection: Connection) {
    let connection = Connection(account)
    connection.begin {}
    let takeover = RolloutResumer(
      services: services(connection), settings: present, environment: "prod", alias: "prod", owner: "person")
    return (try await takeover.review(subjects([])), connection)
  }

  /// What `judge --since` says: of the last trials, or of two versions of one function.
  func review(
    since span: TimeSpan, until: TimeSpan = .zero, comparing versions: (stable: String, canary: String)? = nil
  ) async throws -> Review? {
    let connection = Connection(account)
    connection.begin {}
    let past = PastReview(services: services(connection), settings: present, alias: "prod")
    let names = subjects([]).map(\.name)
    let subjects =
      if let versions {
        names.map { PastSubject(name: $0, stable: versions.stable, canary: versions.canary) }
      } else {
        try await past.lastTrials(of: names)
      }
    let now = clock.now()
    let review = try await past.judge(subjects, from: now - span, to: now - until)
    #expect(connection.writes.isEmpty)
    return review
  }

  /// What `prune` does, and the calls that it took.
  func prune(
    keep: Int, dryRun: Bool = false, events: [Connection.Event] = []
  ) async throws -> (results: [PruneResult], connection: Connection) {
    let connection = Connection(account, events: events)
    connection.begin {}
    let pruner = Pruner(services: services(connection), keep: keep, parallel: 1)
    return (try await pruner.prune(subjects([]).map(\.name), dryRun: dryRun), connection)
  }
}
