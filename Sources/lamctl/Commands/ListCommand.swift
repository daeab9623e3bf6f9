/// Options of `lamctl list`.
struct ListCommand: Command {
  var globals = GlobalOptions()
  /// The environment whose settings show; nil for the default one.
  var environment: String?
  /// Whether the rule and the file that led to each function are shown.
  var explain = false
  /// Globs over logical names; `!` excludes.
  var only: [String] = []

  static let name = "list"
  static let summary = "List the functions found in the repository"

  static var parameters: [Parameter<ListCommand>] {
    [
      .environment(\.environment),
      .only(\.only),
      .flag("explain", \.explain, "Name the rule and the file that led to each function"),
    ]
  }

  static let examples = [Example("lamctl list --explain", "Why each function was found")]
}
