internal import Core
internal import Packager
internal import Release

/// Options of `lamctl rollback`.
struct RollbackCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Where to go; nil ends a canary, else goes to the recorded previous good version.
  var target: RollbackTarget?
  /// Globs over logical names; `!` excludes. Empty means the whole release.
  var only: [String] = []
  /// Functions that are named by their names in AWS.
  var direct = DirectOptions()
  /// Whether functions go back without a question where only CloudWatch tells what served before.
  var yes = false

  static let name = "rollback"
  static let summary = "Take all traffic back: end a canary, or return to the previous good version"

  static func operations(_ needs: PolicyNeeds) -> [Operation] {
    Operation.goingBack(needs) + [.listVersions, .getMetricData]
  }

  static var parameters: [Parameter<RollbackCommand>] {
    [
      .environment(\.environment),
      .option(
        "to", "VERSION|COMMIT|RELEASE", \.target, "Where to go (default: the recorded previous good version)"),
      .only(\.only),
      .flag("yes", \.yes, "Do not ask before going back to a version that no record names"),
    ] + Parameter.direct.map { $0.lifted(into: \.direct) }
  }

  static let examples = [
    Example("lamctl rollback prod", "The whole release back to what was good before"),
    Example("lamctl rollback prod --only orders --to 41", "One function to a version"),
    Example(
      "lamctl rollback --function shop-orders --alias prod --region eu-west-1",
      "From anywhere, without a checkout"),
  ]

  func validate() throws(UsageError) { try direct.validate() }
}

extension RollbackCommand: RunnableCommand {
  static var leadsBack: Bool { true }

  /// Takes all traffic back at once.
  func run(in context: Context) async throws -> ExitCode {
    let destination = try destination
    let run = RollbackRun(
      globals: globals, environment: environment, direct: direct, schema: Self.schema, kind: .rollback)
    return try await run.run(in: context) { session, runner, guarded in
      let functions = try await session.names(only: [])
      let selected = try Selection(only).select(functions, isWayBack: true, name: \.name)
      guarded.concerns(selected.map(\.inRelease))
      return await runner.rollBack(
        try Session.subjects(functions, only: only, isWayBack: true), to: destination,
        events: Self.events(functions)
      ) { versions in
        guard !yes else { return true }
        guard context.interruption.received == nil else { return false }
        // Nothing is drawn over a question.
        guarded.progress.finish()
        return Self.confirm(versions, in: context)
      }
    }
  }

  /// The first smoke event of each function; one that cannot be read is no reason to leave traffic where it is.
  private static func events(_ functions: [NamedFunction]) -> [String: [UInt8]] {
    let events = functions.compactMap { function in
      function.smokeEvents.first.flatMap { try? Files.read($0, limit: 6 << 20) }.map { (function.name, $0) }
    }
    return Dictionary(events, uniquingKeysWith: { first, _ in first })
  }

  /// Shows where functions would go that no record tells of, and asks; no where nobody can answer.
  private static func confirm(_ versions: [FormerVersion], in context: Context) -> Bool {
    context.tell("No record tells what served before. By the traffic of the last 15 days:\n")
    for former in versions {
      context.errors.write(
        "  \(former.function): from version \(former.serving) to \(former.version), "
          + "which had \(former.invocations) invocations\n")
    }
    return context.asks("Go back to \(versions.count == 1 ? "it" : "them")?")
  }

  private var destination: RollbackDestination {
    get throws {
      switch target {
      case nil: return .recorded
      case .version(let number): return .version(number)
      case .commit(let commit): return .commit(commit)
      case .release(let text):
        guard let release = ReleaseID(parsing: text) else {
          throw Failure(
            .usage, "--to: '\(text)' is no release", fix: "write for example 20261121T054900Z-3f2a1c9")
        }
        return .release(release)
      }
    }
  }
}
