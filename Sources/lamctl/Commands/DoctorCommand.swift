/// Options of `lamctl doctor`.
struct DoctorCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?

  static let name = "doctor"
  static let summary =
    "Check credentials, account, region, endpoints, permissions, triggers and clock; writes nothing"

  static var parameters: [Parameter<DoctorCommand>] { [.environment(\.environment)] }

  static let examples = [
    Example("lamctl doctor prod", "Each line is OK, WARN or FAIL; those that are not OK say what to do")
  ]
}
