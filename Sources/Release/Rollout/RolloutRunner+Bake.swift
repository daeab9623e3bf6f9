internal import Core

/// What is done beside the bake of a release. It begins when the new versions have all traffic, under the lease of the
/// rollout, keeps no verdict waiting, and the run ends no sooner than it does.
public struct BakeWork: Sendable {
  let body: @Sendable (ReleaseID, Set<String>) async -> Void

  /// Work on functions.
  ///
  /// - Parameter body: is given the release and the functions' logical names, and is cancelled where the run is.
  public init(_ body: @escaping @Sendable (_ release: ReleaseID, _ functions: Set<String>) async -> Void) {
    self.body = body
  }
}

extension RolloutRunner {
  /// Begins what is to be done beside the bake, once.
  mutating func beginBesideBake() {
    guard let besideBake, bakeTask == nil, settings.bake > .zero else { return }
    let functions = Set(targets.filter { $0.foreign == nil }.map(\.function))
    bakeTask = Task { [release] in await besideBake.body(release, functions) }
  }

  /// Waits for it; a run that was told to stop ends it.
  func endBesideBake() async {
    guard let bakeTask else { return }
    if Task.isCancelled { bakeTask.cancel() }
    await bakeTask.value
  }
}
