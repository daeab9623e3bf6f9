internal import AWSClient
internal import Core
internal import Triggers

extension PreviewWork {
  /// Leads aliases and addresses to versions, and tests those. A function that fails does not stop the others.
  ///
  /// - Throws: the first failure; all of them are told, each of its function.
  func show(_ choices: [PreviewChoice], _ versions: [String: String]) async throws(ReleaseError) {
    let edges = PreviewEdges(maker.edges, partition: wish.partition, parallel: settings.parallel)
    var first: ReleaseError?
    var shown = choices.compactMap { choice -> Shown? in
      guard let version = versions[choice.plan.input.function] else { return nil }
      return Shown(choice: choice, version: version, scope: scope(choice))
    }
    if let role = wish.role {
      shown = await scheduled(shown, edges, by: role, &first)
    } else {
      try await unschedule(shown.map(\.scope), edges)
    }
    shown = await pointed(shown, &first)
    shown = await bound(shown, edges, &first)
    if Task.isCancelled { throw .interrupted }
    do throws(ReleaseError) {
      try await SmokeStage(services: services, settings: settings, journal: journal)
        .run(shown.map { ($0.choice.plan.input, $0.version) })
    } catch {
      first = first ?? error
    }
    if let first { throw first }
  }

  /// A function, and the version that the preview is to show of it.
  private struct Shown: Sendable {
    let choice: PreviewChoice
    let version: String
    let scope: EdgeScope
    /// Whether its alias names something else than before.
    var hasMoved = false

    var function: String { choice.plan.input.function }
  }

  private func scope(_ choice: PreviewChoice) -> EdgeScope {
    EdgeScope(
      project: wish.project, function: choice.plan.input.function,
      functionName: choice.plan.input.functionName, functionARN: choice.arn, alias: wish.name)
  }

  private func fail(_ shown: Shown, _ error: ReleaseError, _ first: inout ReleaseError?) {
    first = first ?? error
    journal.tell(.ended(shown.function, .failed))
    journal.tell(.failed(shown.function, error))
  }

  /// Writes what takes the preview away again, before there is anything to take away.
  ///
  /// - Returns: those for which that is written.
  private func scheduled(
    _ shown: [Shown], _ edges: PreviewEdges, by role: String, _ first: inout ReleaseError?
  ) async -> [Shown] {
    let end = PreviewEnd(role: role, time: until)
    let errors = await edges.schedule(shown.map(\.scope), end, hasURL: wish.functionURL != nil)
    var written: [Shown] = []
    for (shown, error) in zip(shown, errors) {
      if let error { fail(shown, ReleaseError(preview: error), &first) } else { written.append(shown) }
    }
    return written
  }

  /// Takes away what would end the preview at the time of an earlier push, which had a role for it.
  private func unschedule(_ scopes: [EdgeScope], _ edges: PreviewEdges) async throws(ReleaseError) {
    do throws(EdgeError) {
      try await edges.unschedule(scopes)
    } catch {
      guard error.cause?.isPermission ?? false else { throw ReleaseError(preview: error) }
      journal.tell(
        .warning(
          nil,
          "whether schedules of an earlier push end this preview cannot be seen to: \(error.reason); allow "
            + "scheduler:ListSchedules and scheduler:DeleteSchedule"))
    }
  }

  /// Leads the preview's alias of each function to its version.
  ///
  /// - Returns: those whose alias is there.
  private func pointed(_ shown: [Shown], _ first: inout ReleaseError?) async -> [Shown] {
    let results = await aliases.point(
      wish.name, at: shown.map { ($0.choice.plan.input.name, $0.version) }, until: until)
    var pointed: [Shown] = []
    for (var shown, result) in zip(shown, results) {
      if let error = result.error {
        fail(shown, error, &first)
      } else {
        shown.hasMoved = result.outcome == .set
        pointed.append(shown)
      }
    }
    return pointed
  }

  /// Gives each its address, where the preview has any, and tells what there is now.
  ///
  /// - Returns: those that have theirs.
  private func bound(
    _ shown: [Shown], _ edges: PreviewEdges, _ first: inout ReleaseError?
  ) async -> [Shown] {
    let url = wish.functionURL
    let results = await Concurrent.map(shown, limit: settings.parallel) {
      shown -> Result<Bool, EdgeError> in
      do throws(EdgeError) {
        let address = try await edges.bind(shown.scope, url)
        if let url = address?.url { keep(url, of: shown.function) }
        return .success(shown.hasMoved || address?.hasChanged ?? false)
      } catch {
        return .failure(error)
      }
    }
    var ready: [Shown] = []
    for (shown, result) in zip(shown, results) {
      switch result {
      case .failure(let error): fail(shown, ReleaseError(preview: error), &first)
      case .success(let hasChanged):
        ready.append(shown)
        tell(shown, hasChanged: hasChanged)
      }
    }
    return ready
  }

  private func tell(_ shown: Shown, hasChanged: Bool) {
    journal.tell(.candidate(shown.function, from: nil, to: shown.version, codeSHA256: nil))
    journal.tell(.serves(shown.function, [shown.version: 1]))
    let isPublished = journal.report.functions.contains {
      $0.function == shown.function && $0.outcome == .published
    }
    if hasChanged, !isPublished { journal.tell(.ended(shown.function, .updated)) }
  }
}
