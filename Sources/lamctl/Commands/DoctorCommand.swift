/// Options of `lamctl doctor`.
struct DoctorCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Whether to print what IAM has to allow instead.
  var policy = false

  static let name = "doctor"
  static let summary =
    "Check credentials, account, region, endpoints, permissions, triggers and clock; writes nothing"

  static func operations(_ needs: PolicyNeeds) -> [Operation] {
    Operation.planning(needs) + Operation.hanging + [.filterLogEvents] + Operation.alarms(needs)
      + (needs.smokes ? [.invoke] : []) + (needs.images ? [.getRegistryToken] : [])
  }

  static var parameters: [Parameter<DoctorCommand>] {
    [
      .environment(\.environment),
      .flag(
        "policy", \.policy,
        "Print as JSON what IAM has to allow for each command, who shares roles, and whom a role for CI trusts"
      ),
    ]
  }

  static let examples = [
    Example("lamctl doctor prod", "Each line is OK, WARN or FAIL; those that are not OK say what to do"),
    Example(
      "lamctl doctor prod --policy", "The least IAM policy of each command, and the trust policy for CI"),
  ]
}
