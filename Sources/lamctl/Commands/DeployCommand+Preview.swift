internal import Core
internal import Packager
internal import Release

extension DeployCommand {
  /// Makes a preview instead of a release.
  func show(
    _ wish: PreviewWish, _ inputs: DeployInputs, _ settings: ReleaseSettings, _ run: TrafficRun
  ) async throws -> ReleaseReport {
    let (session, narrator, progress) = (run.session, run.narrator, run.progress)
    let base = try await inputs.plan()
    narrator.begin(
      base, title: "\(session.environment.name): the preview \(wish.name)", facts: run.facts)
    let previewer = Previewer(
      services: session.services(declared: inputs.declaredVariables, timeout: globals.timeout) {
        narrator.tell($0)
      },
      edges: session.edgeServices, settings: settings, identity: run.facts.identity, wish: wish)
    return await previewer.deploy(
      base, standing: try await inputs.plan(at: wish.name, beside: base),
      packages: inputs.packages { line, function in progress.event(line, function: function) })
  }
}
