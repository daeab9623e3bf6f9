internal import Core
internal import Packager

/// Options of `lamctl preview`.
struct PreviewCommand: Command {
  /// What is done.
  enum Action: String, ChoiceValue {
    case list
    case delete
  }

  var globals = GlobalOptions()
  var action: Action?
  /// The preview.
  var preview: String?
  /// Globs over logical names; `!` excludes.
  var only: [String] = []
  var dryRun = false

  static let name = "preview"
  static let summary = "List the previews of pull requests, or delete one"

  static func operations(_ needs: PolicyNeeds) -> [Operation] {
    guard needs.preview else { return [] }
    return [.getAlias, .listAliases, .deleteAlias] + Operation.endingPreviews(needs)
      + Operation.parameters(needs)
  }

  static var parameters: [Parameter<PreviewCommand>] {
    [
      .positional("ACTION", \.action, "list or delete (default: list)"),
      .positional("NAME", \.preview, "The preview to delete"),
      .only(\.only),
      .flag("dry-run", \.dryRun, "Show what would be deleted and delete nothing"),
    ]
  }

  static let examples = [
    Example("lamctl preview list", "The previews that there are, with their addresses, and until when"),
    Example("lamctl preview delete pr-123", "Delete one before its time: when its pull request is closed"),
  ]

  func validate() throws(UsageError) {
    guard action == .delete else {
      guard preview == nil, !dryRun else {
        throw UsageError(
          message: "'preview list' takes no name and no '--dry-run'", fix: "write lamctl preview list")
      }
      return
    }
    guard let preview else {
      throw UsageError(message: "no preview is named", fix: "write for example: lamctl preview delete pr-123")
    }
    guard EnvironmentConfig.isAlias(preview) else {
      throw UsageError(
        message: "'\(preview)' cannot be the name of a preview", fix: "lamctl preview list names them")
    }
  }
}
