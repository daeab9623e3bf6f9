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
