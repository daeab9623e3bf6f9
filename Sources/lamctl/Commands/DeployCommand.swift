internal import Core
internal import Packager

/// Options of `lamctl deploy`.
struct DeployCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// What is released and how.
  var release = ReleaseOptions()
  var dryRun = false
  var detach = false
  var perFunction = false
  var supersede = false
  /// How long to wait for another run; nil ends at once.
  var waitLock: TimeSpan?
  var forceBranch = false
  /// The preview to make instead of a release; nil for a release.
  var preview: String?

  static let name = "deploy"
  static let summary =
    "Build, upload and publish what changed, shift traffic to it, watch, promote or roll back"

  static func operations(_ needs: PolicyNeeds) -> [Operation] {
    var operations = Operation.planning(needs) + Operation.rollingOut(needs) + Operation.building(needs)
    operations += [.updateCode, .updateConfiguration, .publishVersion, .createAlias]
    if needs.creates { operations.append(.createFunction) }
    if needs.creates || needs.statesRole { operations.append(.passRole) }
    if needs.smokes { operations.append(.invoke) }
    for member in needs.stated.sorted() { operations += Operation.ownCalls[member]?.writes ?? [] }
    operations += Operation.calls(of: needs.triggers, writing: true)
    if needs.preview { operations += Operation.makingPreviews(needs) }
    if needs.layers { operations += [.publishLayer, .getLayer] }
    if needs.images { operations += [.getRegistryToken] + Operation.releaseImage }
    if needs.bucket { operations += [.putObject, .getObject, .abortUpload] }
    return operations
  }

  static var parameters: [Parameter<DeployCommand>] {
    [.environment(\.environment)] + shared(RolloutOptions.strategies + [.bake]) + [
      .only(\.release.only),
      .flag("dry-run", \.dryRun, "Show the plan and write nothing, like 'lamctl plan'"),
      .option(
        "artifacts", "DIR|s3://…", \.release.artifacts,
        "Build nothing: release what 'lamctl build' has put there, the same bytes everywhere"),
      .flag("code-only", \.release.codeOnly, "Release code and leave all configuration as it is"),
      .flag("create", \.release.create, "Create functions that AWS does not have yet"),
      .ignore(\.release.deferral),
      .flag("retry", \.release.retry, "Release code again that was rolled back before"),
      .flag("allow-older", \.release.allowOlder, "Release a commit that is older than the one that serves"),
      .flag(
        "cut-description", \.release.cutDescription,
        "Cut your text in an alias's Description where the record needs the room"),
      .flag(
        "update-latest", \.release.updateLatest,
        "Write code and settings although callers of the bare function name get them at once"),
      .flag("detach", \.detach, "End after the first weight; 'lamctl tick' or 'lamctl resume' goes on"),
      .flag(
        "per-function", \.perFunction,
        "Let each function stand alone: none takes another back (default: the release goes together)"),
      .option(
        "wait-lock", "T", \.waitLock,
        "Wait up to T for another run: end as it does if it makes the same release, else plan anew after it "
          + "(default: end with 12)"),
      .flag(
        "supersede", \.supersede, "End the canary of another run, though it lives, and release this instead"),
      .option(
        "preview", "NAME", \.preview,
        "Release nothing: publish what differs and show it under an alias, and a URL, of its own"),
    ] + TriggerOptions.parameters.map { $0.lifted(into: \.release.triggers) } + shared(RolloutOptions.drifts)
      + shared([.noPromote, .takeOver, .onInterrupt, .onLowTraffic]) + [
        .flag("force-branch", \.forceBranch, "Release from a branch that the environment does not allow")
      ]
  }

  private static func shared(_ options: [Parameter<RolloutOptions>]) -> [Parameter<DeployCommand>] {
    options.map { $0.lifted(into: \.release.rollout) }
  }

  static let examples = [
    Example("lamctl deploy --canary 10%", "10 % to the new versions, then all, in the default environment"),
    Example(
      "lamctl deploy prod --steps 1%:5m,10%:10m,pause,50%:10m", "Step by step, with a halt for approval"),
    Example("lamctl deploy prod --artifacts dist", "The packages that 'lamctl build --to dist' has made"),
    Example("lamctl deploy prod --only 'orders*' --dry-run", "What would happen to some functions"),
    Example("lamctl deploy --preview pr-123", "What a pull request would be, under addresses of its own"),
  ]

  func validate() throws(UsageError) {
    guard let preview else { return }
    guard EnvironmentConfig.isAlias(preview) else {
      throw UsageError(
        message: "'\(preview)' cannot be the name of a preview",
        fix: "write 1 to 128 letters, digits, - and _, and not digits alone")
    }
    let others: [(String, Bool)] = [
      ("dry-run", dryRun), ("detach", detach), ("per-function", perFunction), ("supersede", supersede),
      ("wait-lock", waitLock != nil), ("bake", release.rollout.bake != nil),
      ("take-over", release.rollout.takeOver),
      ("no-promote", release.rollout.noPromote), ("check-triggers", release.triggers.checkTriggers),
    ]
    let named =
      others.first { $0.1 }.map { "'--\($0.0)'" } ?? (release.rollout.strategy == nil ? nil : "a rollout")
    guard let named else { return }
    throw UsageError(
      message: "a preview moves no traffic, so that \(named) does not go with '--preview'",
      fix: "leave it out; lamctl plan shows what differs from an environment")
  }
}
