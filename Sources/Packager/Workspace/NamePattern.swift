internal import Core

/// How the names in AWS look that the configuration gives to functions: what could be one of its functions once.
package struct NamePattern: Hashable, Sendable {
  /// What comes before the function's own name.
  package let prefix: String
  /// What comes after it.
  package let suffix: String

  /// The least that must be alike: with less, names of anybody would match.
  private static let shortest = 2

  /// The pattern of an environment's names; nil where names have nothing in common, or need more than the configuration
  /// to be told.
  package init?(_ workspace: Workspace, environment: EnvironmentConfig) {
    let mark = "{function}"
    let template = workspace.config.nameTemplate
      .replacing("{project}", with: workspace.config.project)
      .replacing("{environment}", with: environment.name)
    guard !template.contains("${"), let place = template.firstRange(of: mark) else { return nil }
    prefix = String(template[..<place.lowerBound])
    suffix = String(template[place.upperBound...])
    guard !suffix.contains(mark), prefix.utf8.count + suffix.utf8.count >= Self.shortest else { return nil }
  }

  /// Whether `name` could be one of a function.
  package func matches(_ name: String) -> Bool {
    name.hasPrefix(prefix) && name.hasSuffix(suffix)
      && name.utf8.count > prefix.utf8.count + suffix.utf8.count
  }
}
