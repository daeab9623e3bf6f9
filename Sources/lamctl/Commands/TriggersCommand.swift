/// Options of `lamctl triggers`.
struct TriggersCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Globs over logical names; `!` excludes.
  var only: [String] = []
  var check = false

  static let name = "triggers"
  static let summary = "Show what is bound to each function's alias: wanted, there, and not lamctl's"

  static var parameters: [Parameter<TriggersCommand>] {
    [
      .environment(\.environment), .only(\.only),
      .flag("check", \.check, "End with 2 where something is not as it is wanted"),
    ]
  }

  static let examples = [
    Example("lamctl triggers prod", "What calls the functions, as AWS has it now"),
    Example("lamctl triggers prod --check --json", "For a job that watches for changes by hand"),
  ]
}
