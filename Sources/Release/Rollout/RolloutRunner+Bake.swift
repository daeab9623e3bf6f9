internal import Core

/// What is done beside the bake of a release. It begins when the new versions have all traffic, under the lease of the
/// rollout, and keeps no verdict waiting: it is cut short where the traffic goes back or is another's, and waited for
/// before the release is taken down as passed.
///
/// Work of the same value is done one after the other: releases of single functions share what they write to.
package struct BakeWork: Sendable {
  private let body: @Sendable (ReleaseID, Set<String>) async -> Void
  private let last = Lock<Task<Void, Never>?>(nil)

  /// Work on functions.
  ///
  /// - Parameter body: is given the release and the functions' logical names, and is cancelled where it is cut short.
  package init(_ body: @escaping @Sendable (_ release: ReleaseID, _ functions: Set<String>) async -> Void) {
    self.body = body
  }

  /// Begins it once what was begun before has ended.
  func begin(_ release: ReleaseID, _ functions: Set<String>) -> Task<Void, Never> {
    last.withLock { last in
      let task = Task { [body, previous = last] in
        await previous?.value
        await body(release, functions)
      }
      last = task
      return task
    }
  }
}

extension RolloutRunner {
  /// Begins what is to be done beside the bake, once.
  mutating func beginBesideBake() {
    guard let besideBake, bakeTask == nil, settings.bake > .zero else { return }
    bakeTask = besideBake.begin(release, Set(targets.filter { $0.foreign == nil }.map(\.function)))
  }

  /// Waits for it before the release is taken down as passed, with as much of the lease before it as there is.
  ///
  /// - Returns: nil where all is as this run has left it.
  mutating func settleBesideBake() async -> RolloutMachine.Event? {
    guard let bakeTask else { return nil }
    let now = services.serverTime()
    let exposed = targets.filter { $0.isExposed && $0.foreign == nil }
    if let event = await write(exposed, { [self] in leased($0.record, at: now) }) { return event }
    await withTaskCancellationHandler {
      await bakeTask.value
    } onCancel: {
      bakeTask.cancel()
    }
    return nil
  }

  /// Waits for what was cut short.
  func endBesideBake() async { await bakeTask?.value }
}
